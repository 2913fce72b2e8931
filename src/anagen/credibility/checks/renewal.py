"""The compiled kernel against renewal theory: shares of the phases and hairs shed per day of untreated follicles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.credibility.checks.finding import Case, Finding
from anagen.follicles import (
    N_CLASSES,
    SHED_WINDOW,
    FollicleParameters,
    Visits,
    alike,
    lever_rows,
    run_kernel,
    stationary_shares,
)
from anagen.signalling import Levers

PATIENTS, FOLLICLES, CALIBRE, YEARS, MONTH = 300, 250, 0.7, 5.0, 28.0
LARGEST_Z = 4.0
"""Tolerance in standard errors: four quantities exceed it together in one of 4,000 sound programs."""
HAIRS, ANAGEN, SHED = 0, 3, 7
"""Places of the sums of hairs, anagen hairs and hairs shed in the kernel's output."""


def check_renewal(case: Case) -> Finding:
    """Simulated shares after 5 untreated years against mean duration / mean cycle, in Monte-Carlo standard errors.

    Hairs count from the first day of anagen and calibre rests at its target, so that hairs are A + C + T.
    """
    process = replace(
        FollicleParameters.from_values(case.values),
        calibre_step_noise=0.0,
        recovery_loss=0.0,
        emergence_lag=0.0,
        emergence_length=0.0,
    )
    sums = _untreated(process, case.seed)
    hairs, anagen, shed = sums[:, HAIRS], sums[:, ANAGEN], sums[:, SHED]
    shares = np.stack([anagen, hairs - anagen, FOLLICLES - hairs, shed / SHED_WINDOW], axis=1) / FOLLICLES
    theory = stationary_shares(process, CALIBRE)
    expected = np.array([theory.anagen, theory.catagen + theory.telogen, theory.kenogen, theory.cycles_per_day])
    mean, error = shares.mean(axis=0), shares.std(axis=0, ddof=1) / np.sqrt(PATIENTS)
    z = np.abs((mean - expected) / error)
    return Finding(
        title="Follicles at rest follow renewal theory",
        expected=_words(expected),
        actual=_words(mean),
        error=float(z.max()),
        tolerance=LARGEST_Z,
        unit="standard errors",
        source="Cox 1962, Renewal Theory, ch. 7",
    )


def _words(shares: FloatArray) -> str:
    anagen, resting, empty, shed = (float(share) for share in shares)
    return f"anagen {anagen:.4f}, catagen and telogen {resting:.4f}, empty {empty:.4f}, shed {shed:.6f} per day"


def _untreated(process: FollicleParameters, seed: int) -> FloatArray:
    """Sums of the kernel for untreated patients of one calibre, shape [patient, sum]."""
    days = int(YEARS * DAYS_PER_YEAR)
    sensitivity = np.full((PATIENTS, N_CLASSES), (1.0 / CALIBRE - 1.0) ** (1.0 / process.calibre_hill))
    untreated = lever_rows(Levers.untreated(PATIENTS, days + 3), sensitivity)
    follicles = alike(
        np.arange(PATIENTS, dtype=np.int64),
        follicles=FOLLICLES,
        start=-MONTH,
        diameter=(80.0, 12.0),
        growth_rate=0.367,
        start_at_target=True,
    )
    visits = Visits(np.array([float(days)]), thresholds=np.array([30.0, 40.0]), detection=np.ones(251))
    sums, _events = run_kernel(follicles, untreated, process, visits, seed=seed)
    return sums[:, 0]
