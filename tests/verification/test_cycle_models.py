"""V1 to V3: the automaton of Halloy and others, and the follicle kernel set up as that automaton."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from halloy import MEANS, START, automaton, deterministic, exponential_stay, shares
from kernel_runs import Patients, run_kernel
from lever_courses import PROCESS, Floats, untreated

from anagen.core.calendar import DAYS_PER_MONTH
from anagen.follicles import FollicleParameters

PUBLISHED = {1.0: (0.3953, 0.3020, 0.3027), 2.0: (0.4263, 0.2931, 0.2807), 5.0: (0.4511, 0.2960, 0.2529)}
"""V1: shares of anagen, telogen and latency after so many months."""
LIMIT = MEANS / MEANS.sum()
NO_SENSITIVITY = np.zeros(16)


def as_automaton(cv: float) -> FollicleParameters:
    """The follicle with its rest in place of telogen and latency, and calibre 1."""
    anagen, telogen, latency = (float(mean) for mean in MEANS * DAYS_PER_MONTH)
    return replace(
        PROCESS,
        anagen_maximum=anagen,
        anagen_floor=0.0,
        catagen_duration=1e-9,
        anagen_cv=cv,
        exogen_mean=telogen,
        exogen_cv=cv,
        reentry_mean=telogen + latency,
        reentry_slope=0.0,
        reentry_cv=cv,
        calibre_step_noise=0.0,
        emergence_lag=0.0,
        emergence_length=0.0,
    )


def test_deterministic_automaton() -> None:
    """V1 to the four decimals printed."""
    times = np.array([0.0, *PUBLISHED, 400.0])
    course = deterministic(times)
    assert np.abs(course[1:-1] - np.array(list(PUBLISHED.values()))).max() < 0.5e-4 + 1e-6
    assert np.abs(course[-1] - LIMIT).max() < 1e-6
    assert pytest.approx((0.45, 0.30, 0.25)) == tuple(LIMIT)


def test_independent_follicles_follow_the_deterministic_automaton() -> None:
    """V1: many follicles with exponential stays, within 4 binomial standard errors."""
    n = 60_000
    phase = np.repeat(np.arange(3), np.rint(np.array(START) * n).astype(np.int64))
    times = np.array(list(PUBLISHED))
    found = shares(automaton(phase, times, exponential_stay, seed=1))
    expected = deterministic(np.array([0.0, *times]))[1:]
    assert np.all(np.abs(found - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / n))


def fluctuation(hairs_in_anagen: Floats, follicles: int) -> tuple[float, float]:
    """SD between samples of the share in anagen, over the binomial SD, and the standard error of that ratio."""
    share = hairs_in_anagen / follicles
    binomial = np.sqrt(LIMIT[0] * (1.0 - LIMIT[0]) / follicles)
    return float(share.std(ddof=1) / binomial), float(1.0 / np.sqrt(2.0 * (len(share) - 1)))


@pytest.mark.parametrize("follicles", [100, 1000])
def test_anagen_share_fluctuates_binomially(follicles: int) -> None:
    """V2: the SD over N independent follicles is sqrt(p (1 - p) / N), in the automaton."""
    samples = 400
    phase = np.repeat(np.arange(3), np.rint(np.array(START) * 100).astype(np.int64))
    phase = np.tile(phase, samples * follicles // 100)
    phases = automaton(phase, np.array([60.0]), exponential_stay, seed=2)[0]
    ratio, error = fluctuation((phases.reshape(samples, follicles) == 0).sum(axis=1).astype(np.float64), follicles)
    assert abs(ratio - 1.0) < 4.0 * error


@pytest.mark.parametrize("follicles", [100, 1000])
def test_anagen_share_of_the_kernel_fluctuates_binomially(follicles: int) -> None:
    """V2 with the kernel: log-normal stays, stationary start, log-normal CV 0.3."""
    patients = Patients(1500, follicles, start=-400.0)
    sums = run_kernel(
        as_automaton(0.3), NO_SENSITIVITY, [untreated(60)], patients, visits=np.array([50.0]), seed=3
    ).sums
    anagen = sums[:, 0, 0, 3]
    ratio, error = fluctuation(anagen, follicles)
    assert abs(ratio - 1.0) < 4.0 * error
    assert abs(anagen.mean() / follicles - LIMIT[0]) < 4.0 * np.sqrt(
        LIMIT[0] * (1.0 - LIMIT[0]) / follicles / len(anagen)
    )


GATHER = 600
"""Days in which anagen stands still and every follicle gathers in it, before all are sent into telogen at once."""
MONTHS_40_TO_80 = (40.0, 80.0)


def anagen_share_after_a_synchronised_start(cv: float, n: int = 3000) -> Floats:
    """Anagen share by half-month in months 40 to 80 after all follicles entered telogen at the same time.

    The levers do it: the anagen clock stands still until all follicles are in anagen, then a shock ends every anagen.
    """
    times = GATHER + 1 + np.arange(MONTHS_40_TO_80[0], MONTHS_40_TO_80[1], 0.5) * DAYS_PER_MONTH
    days = int(times[-1]) + 3
    course = untreated(days)
    course.anagen_extension[:GATHER] = 40.0
    course.immune_attack[GATHER] = 1.0e6
    visits = np.concatenate([[GATHER - 1.0, GATHER + 0.5], times])
    run = run_kernel(as_automaton(cv), NO_SENSITIVITY, [course], Patients(1, n), visits=visits, seed=4)
    anagen = run.sums[0, 0, :, 3] / n
    assert anagen[1] == 0.0, "the start is synchronised"
    return anagen[2:] if anagen[0] > 0.99 else np.full(len(times), np.nan)


@pytest.mark.parametrize(
    ("cv", "least", "most"), [(0.05, 0.9, 1.0), (0.3, 0.0, 0.12), (0.6, 0.0, 0.08)], ids=["cv-0.05", "cv-0.3", "cv-0.6"]
)
def test_synchronised_follicles_moult_only_when_regular(cv: float, least: float, most: float) -> None:
    """V3, with the kernel: moulting waves at CV 0.05 (peak to trough 1.00), only noise at 0.6 (0.05 for 3000)."""
    anagen = anagen_share_after_a_synchronised_start(cv)
    assert np.all(np.isfinite(anagen)), "all follicles gathered in anagen"
    swing = float(anagen.max() - anagen.min())
    print(f"CV {cv}: peak to trough {swing:.3f}")
    assert least <= swing <= most
