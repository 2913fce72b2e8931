"""The benchmark of pictures runs and says what was not measured. No test asks how fast it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "pictures.py"


def test_the_benchmark_of_pictures_measures_every_kind_and_paints_nothing_in_a_short_run() -> None:
    answer = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", "--json"], capture_output=True, text=True, check=False, timeout=240
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["browser"] is None and 100 < found["hairs"] < 500
    assert {row["kind"] for row in found["pictures"]} == {"image/svg+xml", "image/png"}
    for row in found["pictures"]:
        assert row["make_ms"] > 0.0 and row["paint_ms"] is None
        assert 0 < row["gzip"] < row["bytes"] < 1_000_000
    sizes = {row["name"]: row["bytes"] for row in found["pictures"]}
    assert sizes["shaved, SVG by phase"] < 23_000 and sizes["shaved, SVG by hair"] < 20_000
