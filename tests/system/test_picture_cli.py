"""Patients of a run are drawn again as the run holds them, or the command says why not."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import anagen
from anagen.core.errors import InputError
from anagen.scalp.picture.page import WARNING
from cli_calls import anagen as call
from small_studies import EXOSOME, FUE, SALINE, small_study


@pytest.fixture(scope="module")
def result() -> anagen.TrialResult:
    """Two patients to an arm; one arm has a transplantation."""
    arms = {"vesicles": [EXOSOME], "grafts": [FUE], "saline": [SALINE]}
    return anagen.run(
        small_study(arms, patients=2, block=3, secondary=("terminal_density", "mean_diameter")), draws=0, seed=3
    )


@pytest.fixture(scope="module")
def folder(result: anagen.TrialResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.save(tmp_path_factory.mktemp("runs") / "small", report=False)


def test_what_is_drawn_is_what_the_run_counted(result: anagen.TrialResult) -> None:
    visits = result.visits
    for patient in sorted({int(number) for number in result.patients["patient"]})[:3]:
        drawn = result.picture(patient, [0, 24], days=(0,), twins=True)
        assert list(drawn.counts["arm"].unique()) == ["vesicles", "grafts", "saline"]
        met = 0
        for count in drawn.counts.to_dict("records"):
            here = drawn.truth[(drawn.truth["arm"] == count["arm"]) & (drawn.truth["week"] == count["week"])]
            assert (here["drawn"] > 0.0).sum() == count["hairs"]
            mine = (visits["patient"] == patient) & (visits["arm"] == count["arm"]) & (visits["week"] == count["week"])
            stored = visits[mine].set_index("endpoint")["true"].to_dict()
            if stored:
                met += 1
                assert stored["total_density"] == count["hairs"]
                assert stored["terminal_density"] == count["terminal"]
                assert stored["mean_diameter"] == pytest.approx(count["diameter"], rel=1e-6)
        assert met >= 2
        first = drawn.truth[drawn.truth["week"] == 0.0].set_index("arm")
        native = [first.loc[arm].query("graft_session == 0").reset_index(drop=True) for arm in ("vesicles", "saline")]
        assert native[0].equals(native[1])
        grafts = drawn.truth.query("arm == 'grafts' and graft_session > 0 and week == 24")
        assert (grafts["drawn"] > 0.0).sum() > 10


def test_from_above_the_zone_that_is_counted_holds_the_runs_hairs(
    result: anagen.TrialResult, folder: Path, tmp_path: Path
) -> None:
    row = result.patients.iloc[0]
    patient = int(row["patient"])
    drawn = result.picture(patient, [0, 24], view="vertex", twins=True)
    visits = result.visits
    mine = visits[(visits["patient"] == patient) & (visits["endpoint"] == "total_density")]
    true = mine.set_index(["arm", "week"])["true"].to_dict()
    found = drawn.counts[drawn.counts["zone"] == "vertex"].set_index(["arm", "week"])["hairs"].to_dict()
    held = set(found) & set(true)
    assert len(held) >= 2 and all(found[key] == true[key] for key in held)
    shown = drawn.truth[drawn.truth["class"] != "none"].groupby(["arm", "week", "zone"], observed=True).size()
    assert shown.to_dict() == drawn.counts.set_index(["arm", "week", "zone"])["hairs"].to_dict()
    panels = [of_skin for _, _, of_skin in drawn.page.panels]
    starts = [{tuple(at) for at in of_skin.hairs.points[:, 0].round(6).tolist()} for of_skin in panels]
    # before treatment twins are one scalp
    assert starts[0] == starts[2] == starts[4] and starts[0] != starts[1]
    assert "the vertex is the one that the run counted" in drawn.page.about
    call_of = ("picture", str(folder), "--patient", str(patient), "--view", "vertex", "--week", "0", "--truth")
    done = call(*call_of, "--scale", "1500", "--out", "above.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "above.csv").read_text().startswith("arm,week,zone,follicle")
    close = call(*call_of, "--scale", "20", "--out", "other.png", cwd=tmp_path)
    assert close.returncode == 2 and "100 to 2000 um" in close.stderr


def test_a_patient_who_misses_sessions_is_drawn_as_treated() -> None:
    study = anagen.Study.load("exosome-vs-saline").set("arms.exosome.adherence.mean", 0.4)
    result = anagen.run(study, patients=6, draws=0, seed=3)
    mine = result.patients[result.patients["sessions_missed"] > 0]
    assert len(mine) > 2
    true = result.visits.query("assigned and week == 24 and endpoint == 'total_density'").set_index("patient")["true"]
    for patient in mine["patient"].astype(int).tolist()[:3]:
        drawn = result.picture(patient, [24], days=(0,))
        assert (drawn.truth["drawn"] > 0.0).sum() == true.to_dict()[patient]


def test_the_command_writes_picture_and_follicles(folder: Path, result: anagen.TrialResult, tmp_path: Path) -> None:
    patient = str(int(result.patients["patient"].iloc[0]))
    done = call("picture", str(folder), "--patient", patient, "--week", "0,12", "--day", "0,3", "--truth", "--out",
                "scalp.svg", "--json", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert WARNING in (tmp_path / "scalp.svg").read_text()
    with (tmp_path / "scalp.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["week"], row["day"]) for row in rows} == {("0.0", "0"), ("0.0", "3"), ("12.0", "0"), ("12.0", "3")}
    assert told["counts"][0]["hairs"] == sum(
        row["class"] != "none" for row in rows if (row["week"], row["day"]) == ("0.0", "0")
    )
    again = call("picture", str(folder), "--patient", patient, "--out", "scalp.svg", cwd=tmp_path)
    assert again.returncode == 2 and "--overwrite" in again.stderr
    small = call("picture", str(folder), "--patient", patient, "--scale", "60", "--view", "trichoscopy", cwd=tmp_path)
    assert small.returncode == 0
    unnamed = tmp_path / f"small-study-patient-{patient}.png"
    assert unnamed.read_bytes()[:4] == b"\x89PNG"
    command = ("picture", str(folder), "--patient", patient, "--scale", "60", "--overwrite")
    assert call(*command, cwd=tmp_path).returncode == 0
    unnamed.write_bytes(b"a picture of mine")
    refused = call(*command, cwd=tmp_path)
    assert refused.returncode == 2 and "was not written by anagen" in refused.stderr
    assert unnamed.read_bytes() == b"a picture of mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--patient", "9999"), ("--patient", "no patient 9999", "allowed")),
        (("--patient", "PATIENT", "--week", "13"), ("--week", "week 13 is no visit", "allowed: 0, 12, 24", "'12'")),
        (("--patient", "PATIENT", "--week", "0;12"), ("--week", "0;12")),
        (("--patient", "PATIENT", "--day", "5"), ("--day", "allowed: 0, 3")),
        (("--patient", "PATIENT", "--view", "trichoscopi"), ("--view", "did you mean 'trichoscopy'")),
        (("--patient", "PATIENT", "--replicate", "1"), ("--replicate", "allowed: 0")),
        (("--patient", "PATIENT", "--scale", "1"), ("--scale", "4 to 100 um")),
        (("--patient", "PATIENT", "--parameters", "prior"), ("--parameters", "run the study again")),
        (("--patient", "PATIENT", "--out", "scalp.gif"), ("--out", ".png, .svg")),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_its_option(
    folder: Path, result: anagen.TrialResult, tmp_path: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    patient = str(int(result.patients["patient"].iloc[0]))
    done = call("picture", str(folder), *(patient if part == "PATIENT" else part for part in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert all(word in done.stderr for word in words), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_folder_is_refused(folder: Path, result: anagen.TrialResult, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "visits.parquet").write_bytes(b"x" + (copy / "visits.parquet").read_bytes()[1:])
    done = call("picture", str(copy), "--patient", str(int(result.patients["patient"].iloc[0])), cwd=tmp_path)
    assert done.returncode == 2
    assert "visits.parquet" in done.stderr


def test_readings_that_are_not_met_are_refused(result: anagen.TrialResult) -> None:
    rows = result.contents.rows
    changed = rows["visits"].first.copy()
    changed["true"] = changed["true"] + np.float32(1.0)
    false = type(result)(
        type(result.contents)(
            **{
                **{name: getattr(result.contents, name) for name in result.contents.__dataclass_fields__},
                "rows": {**rows, "visits": type(rows["visits"])("visits", (changed,))},
            }
        )
    )
    with pytest.raises(InputError, match="is not what the run holds"):
        false.picture(int(result.patients["patient"].iloc[0]))
