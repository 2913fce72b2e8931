"""Values of the command line and response curves from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_calls import anagen, files_of

STUDY = "exosome-vs-saline"


def test_several_values_make_a_curve_and_print_how_to_read_it(tmp_path: Path) -> None:
    finished = anagen("run", STUDY, "--set", "arms.exosome.dose=1e9,1e10", "--draws", "2", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    for words in (
        "dose of exosome",
        "1×10¹⁰",
        "no band: 2 draws",
        "Monte-Carlo",
        "±",
        "not the result of one trial",
        "by hand",
    ):
        assert words in finished.stdout
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name == f"{STUDY}-curve"
    names = {"curve.parquet", "curve.csv", "draws.parquet", "studies.json", "manifest.json", "report.html"}
    assert set(files_of(folder)) == names | {"response-curve.png", "response-curve.svg"}
    asked = anagen("results", str(folder), "SELECT count(*) AS n FROM curve", "--json", cwd=tmp_path)
    assert json.loads(asked.stdout) == [{"n": 2}]


def test_a_curve_is_one_json_document_and_the_same_bytes_on_two_workers(tmp_path: Path) -> None:
    for workers in ("1", "2"):
        finished = anagen(
            "product", "sweep", "uc-msc", "--storage", "fresh,4 C 48 h", "--draws", "3", "--workers", workers,
            "--out", workers, "--json", cwd=tmp_path,
        )  # fmt: skip
        assert finished.returncode == 0, finished.stderr
        curve = json.loads(finished.stdout)["curve"]
        assert [row["storage"] for row in curve] == ["fresh", "4 C 48 h"]
        assert all(row["effect_error"] > 0.0 and row["own_error"] > 0.0 for row in curve)
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")


def test_one_value_is_a_run_whose_folder_says_what_was_changed(tmp_path: Path) -> None:
    arguments = ("--patients", "4", "--draws", "1", "--out", "out")
    changes = ("--set", "arms.exosome.dose=1e9", "--without", "AR->DKK1")
    finished = anagen("run", STUDY, *arguments, *changes, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["options"] == "--set arms.exosome.dose=1e9 --without AR->DKK1"
    assert manifest["without"] == "AR->DKK1"
    assert len(manifest["network_sha256"]) == 64
    study = json.loads((tmp_path / "out" / "study.json").read_text())
    assert study["arms"][0]["therapies"][0]["dose"]["value"] == 1e9
    assert study["mechanism"]["without"] == ["AR->DKK1"]
    report = (tmp_path / "out" / "report.html").read_text()
    assert "silenced in every arm: AR-&gt;DKK1" in report
    assert "--set arms.exosome.dose=1e9" in report


def test_check_takes_the_same_options(tmp_path: Path) -> None:
    finished = anagen("check", STUDY, "--set", "arms.exosome.treated_area=50", "--without", "FIBROSIS", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "1e10 particles per session on 50 cm2 = 2e+08 per cm2" in finished.stdout
    assert "Silenced in the signalling network, in every arm: FIBROSIS." in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", STUDY, "--set", "arms.exosom.dose=1e9"), "did you mean 'exosome'"),
        (("run", STUDY, "--set", "arms.exosome.dose"), "expected PATH=VALUE"),
        (("run", STUDY, "--without", "AR->DKK"), "like it are AR->DKK1"),
        (("run", STUDY, "--set", "design.dropout=0,0.1", "--patients", "4"), "belongs to single trials"),
        (("run", STUDY, "--set", "design.dropout=0,0.1", "--replicates", "4"), "belongs to single trials"),
        (("run", STUDY, "--set", f"arms.0.dose={','.join(f'{n}e9' for n in range(1, 80))}"), "at most 64"),
        (("check", STUDY, "--set", "design.dropout=0,0.1"), "has several values"),
        (("product", "sweep", "uc-msd"), "did you mean 'uc-msc'"),
        (("product", "sweep", "uc-msc", "--storage", "warm"), "has no temperature"),
        (("product", "sweep", "uc-msc", "--dose", "lots"), "--dose lots"),
    ],
)
def test_wrong_arguments_return_2_and_write_nothing(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    finished = anagen(*arguments, cwd=tmp_path)
    assert finished.returncode == 2
    assert says in finished.stderr
    assert "Traceback" not in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_options_of_single_trials_are_refused(tmp_path: Path) -> None:
    several = ("--set", "arms.exosome.dose=1e9,1e10", "--patients", "3", "--replicates", "2")
    finished = anagen("run", STUDY, *several, cwd=tmp_path)
    assert finished.returncode == 2
    assert [line.partition(":")[0] for line in finished.stderr.splitlines()] == ["--patients", "--replicates"]
    assert list(tmp_path.iterdir()) == []
