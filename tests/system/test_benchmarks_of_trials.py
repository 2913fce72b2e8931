"""The benchmarks of whole trials and of commands run, and compare only what agrees. No test asks how fast it was."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anagen.study import Study

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))

from measuring import cost  # noqa: E402


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(FOLDER / script), *arguments], capture_output=True, text=True, check=False, timeout=240
    )


@cache
def report(script: str, *arguments: str) -> dict[str, Any]:
    answer = run(script, "--quick", "--json", *arguments)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def power() -> dict[str, Any]:
    return report("power.py", "--only", "numpy-events")


@pytest.mark.long
def test_a_peer_of_whole_trials_changes_as_ours_does() -> None:
    (peer,) = power()["peers"]
    assert peer["status"] == "measured"
    assert peer["agreement"]["largest_z"] < 4.5
    assert set(peer["agreement"]["change_at_last_visit"]) == {"exosome", "saline"}
    assert peer["cpu"] > 0.0


@pytest.mark.long
def test_ours_gives_an_effect_for_every_endpoint_and_trial() -> None:
    ours = power()["ours"]["central"]
    assert set(ours["effects"]) == set(power()["endpoints"])
    assert {of["trials"] for of in ours["effects"].values()} == {power()["trials_run"]}
    assert ours["peak_mb"] >= ours["largest_mb"] > 0.0


@pytest.mark.long
def test_what_was_not_measured_is_not_called_met() -> None:
    assert power()["targets"]
    assert {target["verdict"] for target in power()["targets"]} == {"not measured"}


def test_the_planners_study_asks_what_the_page_says() -> None:
    study = Study.load(FOLDER / "planner.yaml")
    assert [arm.patients for arm in study.arms] == [100, 100]
    assert study.measurement.visits == (0, 4, 8, 12, 26, 38, 52)
    assert study.endpoints.primary.week == 52


def test_commands_are_measured_as_processes() -> None:
    found = report("commands.py", "--only", "help,check")
    assert [row["command"] for row in found["commands"]] == ["anagen --help", "anagen check exosome-vs-saline"]
    for row in found["commands"]:
        assert row["cpu"] > 0.0
        assert row["peak_mb"] > 0.0


@pytest.mark.long
def test_memory_is_told_for_every_number_of_trials() -> None:
    found = report("memory.py")
    assert [row["effects"]["total_density"]["trials"] for row in found["rows"]] == [
        row["trials"] for row in found["rows"]
    ]
    assert all(row["peak_mb"] >= row["largest_mb"] > 0.0 for row in found["rows"])


@pytest.mark.parametrize(("script", "wrong"), [("power.py", "ours,fortran"), ("commands.py", "help,fortran")])
def test_an_unknown_name_is_refused(script: str, wrong: str) -> None:
    answer = run(script, "--quick", "--only", wrong)
    assert answer.returncode == 2
    assert "fortran" in answer.stderr


def test_a_command_that_waits_takes_no_cpu_seconds_and_one_that_counts_does() -> None:
    waits = cost.command([sys.executable, "-c", "import time; time.sleep(0.5)"])
    counts = cost.command([sys.executable, "-c", "sum(range(10_000_000))"])
    assert waits.cpu < waits.wall
    assert counts.cpu > waits.cpu


def test_cpu_seconds_and_memory_of_a_command_hold_those_of_its_children() -> None:
    child = "import time; held = bytearray(200_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(1.0)"
    found = cost.command(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"]
    )
    assert found.processes == 2
    assert found.peak_mb > 190.0


def test_a_thread_that_sleeps_counts_by_the_wall_alone() -> None:
    import time

    slept = cost.on_one_thread(lambda: time.sleep(0.2))
    assert slept.cpu < slept.wall


def test_a_peer_that_changes_otherwise_is_told() -> None:
    import power

    draws = np.random.default_rng(1).normal(0.0, 5.0, (400, 3))
    same = power.compared({"arm": draws[:200]}, {"arm": draws[200:]})
    other = power.compared({"arm": draws[:200] + np.array([0.0, 0.0, 5.0])}, {"arm": draws[200:]})
    assert same["largest_z"] < power.GREATEST_Z < other["largest_z"]


def test_a_target_is_met_missed_or_not_measured() -> None:
    import power

    runs = {"central": {"wall_of_all_asked": 30.0, "peak_mb": 2000.0}, "draws": {}}
    peers = [{"title": "slow", "ours_is_times_central": 40.0}, {"title": "fast", "ours_is_times_central": 4.0}]
    judged = [target["verdict"] for target in power.targets(runs, peers, quick=False)]
    assert judged == ["met", "missed", "not measured", "not measured", "met", "missed"]
