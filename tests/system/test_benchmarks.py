"""The benchmark of the follicle kernel runs, and compares only what agrees. No test looks at how fast anything was."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from faults import every_fault

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
SCRIPT = FOLDER / "follicles.py"
sys.path.insert(0, str(FOLDER))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@cache
def report() -> dict[str, Any]:
    answer = run("--quick", "--json", "--only", "ours,c,numpy,python")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def contender(name: str) -> dict[str, Any]:
    (entry,) = [entry for entry in report()["contenders"] if entry["name"] == name]
    return entry


def measured() -> list[dict[str, Any]]:
    return [entry for entry in report()["contenders"] if entry["status"] == "measured"]


def test_prints_one_json_document_of_what_was_chosen() -> None:
    assert report()["benchmark"] == "follicles"
    assert report()["quick"] is True
    assert [entry["name"] for entry in report()["contenders"]] == ["ours", "ours_two_threads", "c", "numpy", "python"]
    assert report()["start"] is None


def test_rates_are_positive_and_ordered() -> None:
    for entry in measured():
        rate = entry["rate"]
        assert 0.0 < rate["min"] <= rate["median"] <= rate["max"]


@pytest.mark.parametrize("name", ["numpy", "python"])
def test_daily_automata_agree_with_the_kernel(name: str) -> None:
    assert contender(name)["status"] == "measured"
    assert contender(name)["agrees"] is True
    assert contender(name)["largest_z"] < 4.5


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs the compiler gcc")
def test_the_c_program_gives_every_sum_of_the_kernel() -> None:
    assert contender("c")["status"] == "measured"
    assert contender("c")["largest_difference"] < 1e-9


def test_two_threads_give_the_bytes_of_one() -> None:
    assert contender("ours_two_threads")["agrees"] is True


def test_says_of_every_target_whether_it_is_met() -> None:
    expected = [entry["name"] for entry in measured() if entry["name"] in ("c", "numpy")]
    assert [target["against"] for target in report()["targets"]] == expected
    for target in report()["targets"]:
        assert target["met"] == (target["ratio"] >= target["expected"])


def test_visible_share_is_given_for_every_visit() -> None:
    share = report()["visible_share"]
    assert len(share) == len(report()["scenario"]["visit_weeks"])
    assert all(0.4 < value < 1.0 for value in share)


def test_a_rate_is_told_per_cpu_second_whatever_the_wall_clock_says() -> None:
    import follicles
    from measuring.cost import Seconds

    busy = follicles.measured("a", "a", "a", [Seconds(cpu=2.0, wall=10.0)], 100, log=False)
    assert busy["rate"]["median"] == 50.0
    assert busy["rate_by_wall_clock"] == 10.0


def test_no_benchmark_reads_a_clock_of_its_own() -> None:
    with every_fault() as row:
        for file in FOLDER.rglob("*.py"):
            if file != FOLDER / "measuring" / "cost.py":
                with row(file.name):
                    assert not re.findall(r"perf_counter|time\.time|timeit|monotonic", file.read_text(encoding="utf-8"))


def test_unknown_contender_is_refused() -> None:
    answer = run("--quick", "--only", "ours,fortran")
    assert answer.returncode == 2
    assert "fortran" in answer.stderr
