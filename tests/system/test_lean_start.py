"""Commands that answer at once import nothing that takes long to load. No test looks at a clock: benchmarks/ do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMPILED_OR_LARGE = frozenset(
    {"matplotlib", "numba", "pandas", "scipy.special", "scipy.stats", "statsmodels", "duckdb", "pyarrow"}
)
"""Packages, each of which takes a tenth of a second of CPU or more to import."""
ALL_HEAVY = COMPILED_OR_LARGE | {"numpy", "pint"}
LOADED = """
import sys
from anagen.cli.app import main
sys.argv = ["anagen", *sys.argv[1:]]
code = main()
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""
POSTERIOR = frozenset({"pyarrow"})
"""What reads the posterior, of which a description says how many parameters it informs."""


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (("--help",), ALL_HEAVY),
        (("--version",), ALL_HEAVY),
        (("run", "--help"), ALL_HEAVY),
        (("compare", "--help"), ALL_HEAVY),
        (("calibrate", "--help"), ALL_HEAVY),
        (("product", "sweep", "--help"), ALL_HEAVY),
        (("evidence", "--help"), ALL_HEAVY),
        (("studies",), COMPILED_OR_LARGE),
        (("check", "olsen-2002-minoxidil"), COMPILED_OR_LARGE - POSTERIOR),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_imports_nothing_heavy(arguments: tuple[str, ...], heavy: frozenset[str], tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert sorted(heavy & set(finished.stderr.split())) == []
