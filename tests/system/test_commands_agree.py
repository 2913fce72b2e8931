"""One question put to several commands has one answer, to the last bit.

That an explanation divides the effect of a run is proved in verification/test_posterior_runs.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli_calls import anagen

STUDY = "exosome-vs-saline"
DRAWS = ("--seed", "3", "--draws", "3")
EXPECTED = "SELECT estimate FROM effects WHERE kind = 'expected' AND role = 'primary' AND draw = 0"


def document(*arguments: str, cwd: Path) -> Any:
    finished = anagen(*arguments, "--json", cwd=cwd)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("commands")


@pytest.fixture(scope="module")
def effect(folder: Path) -> float:
    """Expected effect of the study at its central parameters, as a run prints it."""
    printed = document("run", STUDY, *DRAWS, "--patients", "4", "--no-report", "--out", "run", cwd=folder)
    return printed["effects"][0]["expected"]


def test_tables_hold_what_a_run_prints(folder: Path, effect: float) -> None:
    assert document("results", "run", EXPECTED, cwd=folder) == [{"estimate": effect}]


def test_a_curve_has_the_effect_of_a_run_at_the_usual_dose(folder: Path, effect: float) -> None:
    doses = ("--set", "arms.exosome.dose=1e9,1e10")
    printed = document("run", STUDY, *DRAWS, *doses, "--no-report", "--out", "curve", cwd=folder)
    assert printed["curve"][1]["effect"] == effect != printed["curve"][0]["effect"]
