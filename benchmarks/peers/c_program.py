"""The same events in C: compiled when it is run, for the processor it runs on, and called through ctypes."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from peers.compiled_kernel import BLOCK, arguments
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
    """A call that simulates `patients` (whole blocks) and gives the sums, shape [patient, visit, 16]."""
    folder = tempfile.TemporaryDirectory()
    library = Path(folder.name) / "follicles.so"
    subprocess.run(["gcc", *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    simulate = ctypes.CDLL(str(library)).simulate
    of_block = arguments(case)

    def pointer(array: Floats) -> ctypes.c_void_p:
        assert array.flags.c_contiguous
        return ctypes.c_void_p(array.ctypes.data)

    def block(first: int) -> Floats:
        out = np.zeros((BLOCK, len(case.visits), 16))
        a = of_block(first, out)
        seed, ids, counts, starts, shaft, shaft_sd, growth, constants = a[0], a[1], a[4], a[5], a[7], a[8], a[9], a[12]
        clock, rest, target, smooth, untreated, visits = a[13], a[14], a[15], a[16], a[18], a[22]
        thresholds, detection = a[24], a[25]
        p = np.array(constants)
        simulate(
            ctypes.c_uint32(seed),
            ctypes.c_long(BLOCK),
            *(
                pointer(x)
                for x in (ids, counts, starts, shaft, shaft_sd, growth, p, clock, rest, target, smooth, untreated)
            ),
            ctypes.c_long(clock.shape[1]),
            ctypes.c_long(clock.shape[2]),
            pointer(visits),
            ctypes.c_long(len(visits)),
            ctypes.c_double(a[23]),
            pointer(thresholds),
            pointer(detection),
            ctypes.c_long(len(detection)),
            pointer(out),
        )
        return out

    def run() -> Floats:
        result = np.concatenate([block(first) for first in range(0, patients, BLOCK)])
        assert folder is not None  # the library's folder lives as long as this function
        return result

    return run
