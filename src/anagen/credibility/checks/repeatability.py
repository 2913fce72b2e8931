"""The same seed gives the same bytes, on one thread and on two."""

from __future__ import annotations

import numpy as np

from anagen.core.provenance import sha256_of_bytes
from anagen.credibility.checks.finding import Case, Finding
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of

PATIENTS = 16


def check_repeatability(case: Case) -> Finding:
    """Hash of every expected and measured value of reference patients in two runs, the second on two threads."""
    hashes = [_hash(case, threads) for threads in (1, 2)]
    return Finding(
        title="The same seed gives the same bytes on one thread and on two",
        expected=f"SHA-256 {hashes[0][:16]}…",
        actual=f"SHA-256 {hashes[1][:16]}…",
        error=float(hashes[0] != hashes[1]),
        tolerance=0.0,
        unit="runs",
        source="identity",
    )


def _hash(case: Case, threads: int) -> str:
    scene = scene_of(case.study, case.values, seed=case.seed, threads=threads)
    readings = expected_readings(scene, n_patients=PATIENTS)
    return sha256_of_bytes(
        b"".join(np.ascontiguousarray(values).tobytes() for arm in readings for values in (arm.expected, arm.measured))
    )
