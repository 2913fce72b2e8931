"""`anagen design` from the outside: a folder, one document, the same bytes, exit codes, nothing left behind."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cli_calls import anagen
from planned import QUICK

SMALL = ("--draws", "20", "--replicates", "2", "--trials", "20", "--vary", "week=16")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "quick.yaml"
    with path.open("w", encoding="utf-8") as out:
        YAML().dump(QUICK, out)
    return path


def test_a_search_writes_a_folder_with_a_study_that_can_be_run(file: Path, tmp_path: Path) -> None:
    done = anagen("design", str(file), *SMALL, "--goal", "assurance=0.5", "--out", "mine", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["best"]["reaches_goal"] and document["best"]["assurance"] >= 0.5
    assert document["front"] and all(row["on_front"] for row in document["front"])
    assert set(document["costs"]["items"]) == {"patient", "screening", "visit", "month"}
    best = tmp_path / "mine" / "best.yaml"
    assert best.read_text(encoding="utf-8").startswith("# Found by `anagen design`")
    checked = anagen("check", str(best), "--json", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["study"] == document["best_study"]
    page = (tmp_path / "mine" / "report.html").read_text(encoding="utf-8")
    assert "The best trial as a study file" in page and "data:image/svg+xml" in page
    again = anagen("design", str(file), *SMALL, "--goal", "assurance=0.5", "--out", "other", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "Best:" in again.stdout
    assert_same_files(tmp_path / "mine", tmp_path / "other")


@pytest.mark.long
def test_more_processes_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    """Its fast slice runs the same command twice in one process."""
    asked = ("design", str(file), *SMALL[:-2], "--goal", "assurance=0.5")
    for name, workers in (("one", "1"), ("two", "2")):
        done = anagen(*asked, "--workers", workers, "--out", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert_same_files(tmp_path / "one", tmp_path / "two")


def assert_same_files(one: Path, other: Path) -> None:
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_goal_that_no_trial_reaches_is_an_answer(file: Path, tmp_path: Path) -> None:
    asked = ("--goal", "assurance=0.6", "--budget", "50000 EUR", "--months", "12")
    done = anagen("design", str(file), *SMALL, *asked, "--out", "mine", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["best"] is None and document["best_study"] is None
    assert document["headline"].startswith("No trial reaches 60")
    assert document["closest"]["cost"] <= 50_000 and document["closest"]["months"] <= 12
    assert not (tmp_path / "mine" / "best.yaml").exists()
    assert anagen("check", str(tmp_path / "mine" / "closest.yaml"), cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--goal", "assurnce=0.8"), "--goal: there is no goal 'assurnce'; expected assurance=0.8 or power=0.8"),
        (("--goal", "power=1.2"), "--goal: must lie between 0 and 1"),
        (("--goal", "assurance=much"), "--goal: 'much' is not a number"),
        (("--budget", "500000"), "--budget: '500000' is not an amount of money"),
        (("--budget", "500000 USD"), "--budget: is in USD and the prices of the study in EUR"),
        (("--draws", "10"), "--draws: assurance and its ceiling need 20 parameter draws or more, got 10"),
        (("--arm", "minoxidl"), "--arm: there is no arm 'minoxidl'"),
        (("--vary", "doze=1"), "--vary doze: is neither a path nor one of the short names"),
        (
            ("--vary", "layout=split_scalp", "--set", "design.placebo_response.vehicle=4 hairs/cm^2"),
            "layout split_scalp: design.placebo_response: is not simulated on a split scalp",
        ),
        (("--vary", "none.yaml"), "none.yaml: there is no such file"),
    ],
)
def test_a_wrong_option_is_told_with_what_is_right(
    options: tuple[str, ...], words: str, file: Path, tmp_path: Path
) -> None:
    done = anagen("design", str(file), *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "missing"), [("design", "optuna"), ("protocol", "docx")])
def test_without_the_extra_the_command_names_it(
    command: str, missing: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr("anagen.core.extras.find_spec", lambda name: None if name == missing else real(name))
    done = anagen(command, str(file), cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'anagen[planning]'" in done.stderr
    assert list(tmp_path.iterdir()) == []
