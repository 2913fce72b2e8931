"""The same events in C: compiled when it is run, for the processor it runs on, and called through ctypes."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from anagen.follicles.arguments import N_SUMS
from peers.compiled_kernel import BLOCK, SEED, arguments, tables_of_block
from peers.scenario import Floats, Scenario

SOURCE = Path(__file__).parents[1] / "follicles.c"
FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC")


def compiler() -> str | None:
    """First line of `gcc --version`, or None."""
    try:
        answer = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.splitlines()[0]


def prepare(case: Scenario, patients: int) -> Callable[[], Floats]:
    """A call that simulates `patients` (whole blocks) and gives the sums, shape [patient, visit, 22]."""
    folder = tempfile.TemporaryDirectory()
    library = Path(folder.name) / "follicles.so"
    subprocess.run(["gcc", *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    simulate = ctypes.CDLL(str(library)).simulate
    follicles, visits = arguments(case)
    tables = tables_of_block(case)
    constants = np.array(case.process.constants())

    def pointer(array: Floats) -> ctypes.c_void_p:
        assert array.flags.c_contiguous
        return ctypes.c_void_p(array.ctypes.data)

    def block(first: int) -> Floats:
        out = np.zeros((BLOCK, len(case.visits), 2 * N_SUMS))
        f = follicles(first)
        arrays = (
            *(f.patients, f.counts, f.start, f.diameter_mean, f.diameter_sd, f.growth_rate, constants),
            *(tables.anagen_clock, tables.reentry_clock, tables.target, tables.smoothed, tables.untreated_target),
            tables.thickening,
        )
        simulate(
            ctypes.c_uint32(SEED),
            ctypes.c_long(BLOCK),
            *(pointer(array) for array in arrays),
            ctypes.c_long(tables.target.shape[1]),
            ctypes.c_long(tables.target.shape[2]),
            pointer(visits.days),
            ctypes.c_long(len(visits.days)),
            ctypes.c_double(visits.shed_window),
            pointer(visits.thresholds),
            pointer(visits.detection),
            ctypes.c_long(len(visits.detection)),
            pointer(out),
        )
        return out

    def run() -> Floats:
        result = np.concatenate([block(first) for first in range(0, patients, BLOCK)])
        assert folder is not None  # the library's folder lives as long as this function
        return result

    return run
