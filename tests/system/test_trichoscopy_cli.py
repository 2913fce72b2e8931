"""The command `anagen trichoscopy` from the outside: files, one JSON document, refusals with exit code 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("PIL")
pytest.importorskip("skimage")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from measuring.photograph import photograph
from measuring.scalps import mixed
from PIL import Image


def anagen(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anagen", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scalp on the day of shaving and three days later."""
    made = tmp_path_factory.mktemp("scalp")
    scalp = next(each for each in mixed(40, side=4.0) if each.camera.scale == 10.0 and each.camera.hair == "black")
    for name, shafts in (("first.png", scalp.first), ("second.png", scalp.second)):
        Image.fromarray(photograph(shafts, scalp.side, scalp.camera)).save(made / name)
    return made


def test_a_reading_is_hairs_figures_overlay_and_one_json_document(folder: Path) -> None:
    done = anagen(
        "trichoscopy", "first.png", "--scale", "10", "--second", "second.png", "--days", "3", "--json", folder=folder
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    place = folder / "trichoscopy-first"
    assert {path.name for path in place.iterdir()} == {"hairs.csv", "figures.csv", "overlay.png", "reading.json"}
    hairs = pd.read_csv(place / "hairs.csv")
    assert hairs["in_frame"].sum() == told["hairs"] > 5
    figures = {row["figure"]: row for row in told["figures"]}
    assert figures["density"]["value"] == pytest.approx(told["hairs"] / told["frame"], rel=1e-3)
    assert figures["growing_share"]["value"] > 30.0
    assert all(row["median_error"] is not None and row["pictures"] > 0 for row in told["figures"])
    with Image.open(place / "overlay.png") as overlay:
        assert np.asarray(overlay).shape[1] >= 900
    again = anagen("trichoscopy", "first.png", "--scale", "10", folder=folder)
    assert again.returncode == 2 and "--overwrite" in again.stderr


def test_a_notebook_shows_figures_with_their_errors_and_the_overlay(folder: Path) -> None:
    from anagen.trichoscopy.result import read_hairs

    Image.open(folder / "first.png").crop((0, 0, 280, 280)).save(folder / "part.png")
    reading = read_hairs(folder / "part.png", 10.0)
    card = reading._repr_html_()
    assert "mean diameter" in card and "nine in ten such pictures" in card
    assert reading.plot()._repr_png_().startswith(b"\x89PNG")  # pyright: ignore[reportAttributeAccessIssue]


def test_what_cannot_be_read_ends_with_exit_code_2_and_writes_nothing(folder: Path) -> None:
    (folder / "words.png").write_text("no picture")
    for arguments, words in (
        (("words.png", "--scale", "10"), "is no picture"),
        (("first.png", "--scale", "2"), "Is the scale that of this picture?"),
        (("first.png", "--scale", "10", "--second", "second.png"), "--days: is missing"),
        (("first.png",), "--scale"),
    ):
        done = anagen("trichoscopy", *arguments, "--out", "nothing", folder=folder)
        assert done.returncode == 2, arguments
        assert words in done.stderr
    assert not (folder / "nothing").exists()
