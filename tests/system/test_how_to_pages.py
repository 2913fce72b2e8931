"""The pages that say how to add something: their packages are put together, and every command of theirs is typed."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from page_blocks import blocks_of
from pages import DOCS, commands

HOW_TO = sorted((DOCS / "how-to").glob("add-*.md"))
SMALL = {"run": ["--draws", "0", "--patients", "4", "--no-report"], "validate": ["--draws", "2"]}
"""What is typed as well, so that a test is quick."""
LONGER = ("run", "validate", "results")
"""Commands that simulate, or ask what one simulated."""
SECONDS = 300
TYPE = """
import contextlib, io, json, os, sys
from pathlib import Path
from anagen.cli.app import app
printed = []
for folder, words in json.loads(sys.argv[1]):
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        app(words, prog_name="anagen", standalone_mode=False)
    printed.append(out.getvalue())
Path(sys.argv[2]).write_text(json.dumps(printed))
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands print that simulate nothing."""
    return typed(tmp_path_factory.mktemp("checked"), long=False)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command prints."""
    return typed(tmp_path_factory.mktemp("simulated"), long=True)


def typed(root: Path, *, long: bool) -> dict[str, str]:
    """What commands of the pages print, each page with its files in a folder and its package installed."""
    lines: list[tuple[str, list[str]]] = []
    for page in HOW_TO:
        folder = root / page.stem
        for block in blocks_of(page.read_text(encoding="utf-8")):
            if block.file is not None:
                (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
                (folder / block.file).write_text(block.text, encoding="utf-8")
        if (folder / "pyproject.toml").exists():
            install(folder)
        lines += [(str(folder), words) for _, words in commands(page) if long or words[0] not in LONGER]
    calls = [(folder, [*words, *SMALL.get(words[0], [])]) for folder, words in lines]
    path = ":".join(str(root / page.stem) for page in HOW_TO)
    source = str(Path(__file__).resolve().parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", TYPE, json.dumps(calls), str(root / "printed.json")],
        env={"PYTHONPATH": f"{path}:{source}", "PATH": "/usr/bin:/bin", "HOME": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads((root / "printed.json").read_text(encoding="utf-8"))
    return {" ".join(words): text for (_, words), text in zip(lines, printed, strict=True)}


def install(folder: Path) -> None:
    """What an installation writes beside a package: its name, version and entry points."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    facts = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    facts.mkdir()
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (facts / "METADATA").write_text(head, encoding="utf-8")
    groups = project["entry-points"].items()
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items()) for group, entries in groups
    )
    (facts / "entry_points.txt").write_text(points, encoding="utf-8")


def test_there_is_a_page_for_all_that_can_be_added() -> None:
    assert [page.stem for page in HOW_TO] == [
        "add-a-method",
        "add-a-product",
        "add-a-route",
        "add-a-therapy",
        "add-a-trial",
        "add-an-endpoint",
    ]


def test_what_is_added_is_known_and_described(checked: dict[str, str]) -> None:
    assert "Published results: 2 in the file" in checked["check my-trial.yaml"]
    assert "Vesicles of umbilical cord cells, lot 1" in checked["product check my-product.toml"]
    assert "my-product" in checked["check my-product-trial.yaml"]
    assert "from anagen-latanoprost 1.0" in checked["therapies latanoprost"]
    assert "a brand of latanoprost" in checked["check latanoprost.yaml"]
    assert "its control is empty patch" in checked["therapies cetirizine-patch"]
    assert "worn as a patch" in checked["check patch.yaml"]
    assert "share of thin hairs" in checked["check thin.yaml"]
    assert "Welch's t test of changes" in checked["check welch.yaml"]


@pytest.mark.long
def test_what_is_added_is_simulated_measured_and_analysed(simulated: dict[str, str]) -> None:
    for line, words in {
        "run my-trial.yaml --out my-trial": "Published results beside the prediction",
        "validate my-trial.yaml --out my-scores": "my-trial",
        "run my-product-trial.yaml --out my-product-trial": "vesicles",
        "run latanoprost.yaml --out latanoprost": "latanoprost",
        "run patch.yaml --out patch": "patch",
        "results thin": "finasteride",
        "results welch": "Welch's t test of changes",
    }.items():
        assert words in next(text for typed_line, text in simulated.items() if typed_line.startswith(line)), line


def test_the_method_gives_what_scipy_gives() -> None:
    import numpy as np
    from scipy.stats import ttest_ind

    page = (DOCS / "how-to" / "add-a-method.md").read_text(encoding="utf-8")
    (text,) = [block.text for block in blocks_of(page) if block.file == "anagen_welch/analysis.py"]
    names: dict[str, object] = {}
    exec(compile(text, "analysis.py", "exec"), names)
    draw = np.random.default_rng(1)
    change, arm = draw.normal(size=(3, 30)) * np.linspace(0.5, 2.0, 30), np.tile(np.arange(30) < 12, (3, 1))
    change[1, 4] = np.nan
    found = names["difference"](change, arm, ~arm, 0.05)  # type: ignore[operator]
    for trial in range(3):
        told = ttest_ind(change[trial][arm[trial]], change[trial][~arm[trial]], equal_var=False, nan_policy="omit")
        low, high = told.confidence_interval(0.95)
        assert np.allclose([found.p_value[trial], found.ci_low[trial], found.ci_high[trial]], [told.pvalue, low, high])
