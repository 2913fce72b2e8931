"""The benchmark of the studio measures all that it tells of, and its page says what is met."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TIMES = {"n": 3, "p50": 100.0, "p95": 390.0, "most": 500.0}


def test_the_page_says_what_is_met_and_what_was_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    module = importlib.import_module("studio")
    found = {
        "machine": module.machine(),
        "load": {"clients": 20, "wall": 60.0, "cpu": 30.0, "wrong": [], "pictures_a_second": 80.0}
        | dict.fromkeys(("picture", "page"), TIMES)
        | {"people": None},
        "memory": {"held": [(1000, 300.0), (5000, 340.0)], "growth": 10.0},
        "slider": None,
        "jobs": {"jobs": 50, "wall": 100.0, "states": {"done": 50}}
        | dict.fromkeys(("asked", "history", "picture"), TIMES),
    }
    page = module.text(found)
    assert "| picture of a week | 3 | 100 | 390 | 500 |" in page and "at most 400 ms: met" in page
    assert "+10.0 MB for 1,000 pictures; at most 5 are asked: missed" in page
    assert "Not measured: there is no Chromium" in page and "50 done" in page
    loaded = found["load"] | {"wrong": ["500 /clinic/week"]}
    assert "Wrong answers: 500 /clinic/week" in module.text(found | {"load": loaded})


@pytest.mark.long
def test_a_short_run_measures_clients_memory_slider_and_jobs() -> None:
    answer = subprocess.run(
        [sys.executable, str(BENCHMARKS / "studio.py"), "--quick", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["load"]["wrong"] == [] and found["load"]["picture"]["n"] > 0
    assert [count for count, _ in found["memory"]["held"]][-1] == found["sizes"]["pictures"]
    assert found["jobs"]["states"]["done"] == found["sizes"]["jobs"]
    assert found["slider"] is None or found["slider"]["week"]["n"] == found["sizes"]["keys"]
