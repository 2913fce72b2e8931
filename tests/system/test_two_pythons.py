"""What is promised of numbers: the same bytes for the same versions, and equal to 1e-12 across versions of Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import anagen
from anagen.results import TABLES, ResultContents, read_results

RELATIVE = 1e-12
SECONDS = 900
NAMED = "ANAGEN_OTHER_PYTHON"
COMMAND = ("run", "gentile-2015-prp", "--patients", "4", "--replicates", "11", "--draws", "2", "--no-report", "--out")


def other_python() -> str | None:
    """A Python of another version that has what the package needs: one that is named, or one of the usual names."""
    here = sys.version_info[:2]
    names = [os.environ.get(NAMED), *(f"python3.{minor}" for minor in (11, 12, 13, 14) if (3, minor) != here)]
    asks = "import sys, numba, arro3.io, nanoarrow, scipy, pint, typer; print(*sys.version_info[:2])"
    for name in names:
        found = name and shutil.which(name)
        if found:
            told = subprocess.run([found, "-c", asks], capture_output=True, text=True, check=False, timeout=SECONDS)
            if told.returncode == 0 and tuple(map(int, told.stdout.split())) != here:
                return found
    return None


def ran(python: str, folder: Path) -> ResultContents:
    environment = {**os.environ, "PYTHONPATH": str(Path(anagen.__file__).parents[1])}
    command = [python, "-m", "anagen", *COMMAND, str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS, env=environment)
    assert finished.returncode == 0, finished.stderr
    return read_results(folder)


def largest_difference(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Largest relative difference of the numbers of two tables that are the same in all else."""
    assert list(one.columns) == list(other.columns) and len(one) == len(other)
    largest = 0.0
    for name in one.columns:
        if pd.api.types.is_float_dtype(one[name].dtype):
            a, b = (table[name].to_numpy(dtype=np.float64) for table in (one, other))
            assert (np.isnan(a) == np.isnan(b)).all(), name
            scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), np.finfo(np.float64).tiny)
            largest = max(largest, float(np.nanmax(np.abs(a - b) / scale, initial=0.0)))
        else:
            pd.testing.assert_series_equal(one[name], other[name])
    return largest


def test_two_versions_of_python_give_the_same_numbers(tmp_path: Path) -> None:
    other = other_python()
    if other is None:
        pytest.skip(f"no other Python here has what the package needs; {NAMED}=/path/to/python names one")
    here, there = ran(sys.executable, tmp_path / "here"), ran(other, tmp_path / "there")
    versions = [json.dumps(contents.manifest["environment"]) for contents in (here, there)]
    assert versions[0] != versions[1]
    print(f"here {versions[0]}\nthere {versions[1]}")
    for name in TABLES:
        difference = largest_difference(here.tables()[name], there.tables()[name])
        same = here.manifest["files"][TABLES[name].file] == there.manifest["files"][TABLES[name].file]
        print(f"{name}: {difference:.1e}{', the same bytes' if same else ''}")
        assert difference <= RELATIVE, name
    # and the version, which is known only where the package is installed
    moved = {"environment", "git_commit", "files", "sizes", "version"}
    assert {k: v for k, v in here.manifest.items() if k not in moved} == {
        k: v for k, v in there.manifest.items() if k not in moved
    }
