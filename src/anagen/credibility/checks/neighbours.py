"""A patient does not depend on who else is simulated."""

from __future__ import annotations

import numpy as np

from anagen.credibility.checks.finding import Case, Finding
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of

FEW, MANY = 8, 24


def check_neighbours(case: Case) -> Finding:
    """Readings of the first reference patients, alone and among more, in every arm."""
    scene = scene_of(case.study, case.values, seed=case.seed)
    few, many = (expected_readings(scene, n_patients=number) for number in (FEW, MANY))
    differing = compared = 0
    for alone, among in zip(few, many, strict=True):
        for one, other in ((alone.expected, among.expected[:FEW]), (alone.measured, among.measured[:FEW])):
            same = (one == other) | (np.isnan(one) & np.isnan(other))
            differing += int((~same).sum())
            compared += same.size
    return Finding(
        title="A patient does not depend on who else is simulated",
        expected="no value differs",
        actual=f"{differing} of {compared:,} values differ between {FEW} and {MANY} patients",
        error=float(differing),
        tolerance=0.0,
        unit="values",
        source="addressed random numbers, Salmon 2011, doi:10.1145/2063384.2063405",
    )
