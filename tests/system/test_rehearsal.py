"""What `anagen check` accepts, `anagen run` can do: criteria that leave nobody are found before a run."""

from __future__ import annotations

import json
from pathlib import Path

from anagen.runs.rehearsal import PATIENTS, rehearse
from anagen.study import Study
from cli_calls import anagen

CRITERIA = "population.inclusion={total_density: {min: 600}}"


def test_criteria_that_leave_nobody_are_refused_by_check_as_by_run(tmp_path: Path) -> None:
    for command in (("check",), ("run", "--draws", "0", "--no-report", "--patients", "2")):
        finished = anagen(command[0], "olsen-2002-minoxidil", *command[1:], "--set", CRITERIA, cwd=tmp_path)
        assert finished.returncode == 2
        assert "candidates fulfil the inclusion criteria" in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_says_how_many_candidates_a_trial_screens(tmp_path: Path) -> None:
    finished = anagen("check", "exosome-vs-saline", "--json", cwd=tmp_path)
    screening = json.loads(finished.stdout)["screening"]
    assert screening["admitted"] == PATIENTS < screening["screened"]
    assert sum(screening["excluded"].values()) == screening["screened"] - PATIENTS
    assert rehearse(Study.load("olsen-2002-minoxidil")) is None


def test_a_run_that_has_no_room_is_refused_before_it_starts(tmp_path: Path) -> None:
    many = [option for arm in ("exosome", "saline") for option in ("--set", f"arms.{arm}.patients=1000000")]
    trials = ("run", "--patients", "900000", "--replicates", "9")
    for command in (("check", *many), trials):
        finished = anagen(command[0], "exosome-vs-saline", *command[1:], cwd=tmp_path)
        assert finished.returncode == 2 and finished.stdout == ""
        assert "GB of memory" in finished.stderr and "this machine has" in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_estimates_time_and_memory_of_a_run(tmp_path: Path) -> None:
    one, more = (
        json.loads(anagen("check", "exosome-vs-saline", "--json", *options, cwd=tmp_path).stdout)["run"]
        for options in ((), ("--set", "arms.exosome.patients=3000", "--set", "arms.saline.patients=3000"))
    )
    assert 1.0 < one["seconds"] < more["seconds"] and 1e8 < one["bytes"] < more["bytes"] < 1e10
