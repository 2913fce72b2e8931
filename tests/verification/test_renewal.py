"""V4: the kernel against renewal theory, and follicles that are neither made nor lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from kernel_runs import Patients, run_kernel
from lever_courses import (
    AGA_CLASSES,
    PROCESS,
    VISITS,
    Course,
    Floats,
    androgen_lever,
    attack_step,
    growth_levers,
    swinging_clocks,
    untreated,
)

from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles import SHED_WINDOW, stationary_shares
from anagen.follicles.board import STEEPEST
from anagen.follicles.kernel import ANAGEN, RESTING

VISIBLE_AT_ONCE = replace(PROCESS, calibre_step_noise=0.0, recovery_loss=0.0, emergence_lag=0.0, emergence_length=0.0)
"""Hairs count from the first day of anagen and calibre rests at its target, so that hairs are A + C + T."""
PATIENTS, FOLLICLES = 300, 250
CALIBRES = {"terminal": 1.0, "intermediate": 0.7, "miniaturised": 0.35}


def sensitivity_for(calibre: float) -> Floats:
    """Sensitivity at which the untreated calibre target is `calibre`."""
    return np.full(16, (1.0 / calibre - 1.0) ** (1.0 / PROCESS.calibre_hill))


def share_errors(sums: Floats) -> tuple[Floats, Floats]:
    """Mean and standard error over patients of (anagen, resting, kenogen, shed per day) per follicle, [..., 4]."""
    hairs, anagen, shed = sums[..., 0], sums[..., 3], sums[..., 7]
    per_follicle = np.stack([anagen, hairs - anagen, FOLLICLES - hairs, shed / SHED_WINDOW], axis=-1) / FOLLICLES
    return per_follicle.mean(axis=0), per_follicle.std(axis=0, ddof=1) / np.sqrt(len(sums))


@pytest.mark.parametrize("calibre", CALIBRES.values(), ids=CALIBRES)
def test_stationary_shares_and_shedding(calibre: float) -> None:
    """V4: shares and hairs shed per day within 3 standard errors of the closed form, at the start and 5 years later."""
    days = int(5.0 * DAYS_PER_YEAR)
    visits = np.array([28.0, float(days)])
    patients = Patients(PATIENTS, FOLLICLES, start=-28.0, start_at_target=True)
    sums = run_kernel(
        VISIBLE_AT_ONCE, sensitivity_for(calibre), [untreated(days + 3)], patients, visits=visits, seed=21
    ).sums[:, 0]
    mean, error = share_errors(sums)
    theory = stationary_shares(VISIBLE_AT_ONCE, calibre)
    expected = np.array([theory.anagen, theory.catagen + theory.telogen, theory.kenogen, theory.cycles_per_day])
    z = (mean - expected) / error
    print(f"calibre {calibre}: {mean.round(4).tolist()}, theory {expected.round(4).tolist()}, z {z.round(2).tolist()}")
    assert np.abs(z).max() < 3.0


def test_start_is_stationary() -> None:
    """The shares at the start and after 5 years agree within each patient."""
    days = int(5.0 * DAYS_PER_YEAR)
    patients = Patients(PATIENTS, FOLLICLES, start=-1.0, start_at_target=True)
    course, visits = untreated(days + 3), np.array([0.5, 200.0, float(days)])
    sums = run_kernel(VISIBLE_AT_ONCE, sensitivity_for(0.8), [course], patients, visits=visits, seed=22).sums[:, 0]
    for column in (0, 3):  # hairs, anagen
        change = sums[:, 1:, column] - sums[:, :1, column]
        assert np.all(np.abs(change.mean(axis=0)) < 3.0 * change.std(axis=0, ddof=1) / np.sqrt(PATIENTS))


def test_constant_levers_reach_the_shares_of_slower_and_faster_clocks() -> None:
    """Under lasting levers anagen grows by exp(g_A) and re-entry comes sooner by exp(g_T); the rest keeps its time."""
    brake, resting, days = 0.4, 0.7, int(14.0 * DAYS_PER_YEAR)
    course = replace(
        untreated(days + 3), anagen_extension=np.full(days + 3, brake), telogen_exit=np.full(days + 3, resting)
    )
    patients = Patients(PATIENTS, FOLLICLES, start=-28.0, start_at_target=True)
    sums = run_kernel(
        VISIBLE_AT_ONCE, sensitivity_for(0.7), [course], patients, visits=np.array([float(days)]), seed=23
    ).sums[:, 0]
    mean, error = share_errors(sums)
    quicker = replace(
        VISIBLE_AT_ONCE,
        anagen_maximum=PROCESS.anagen_maximum * np.exp(brake),
        anagen_floor=PROCESS.anagen_floor * np.exp(brake),
        reentry_mean=PROCESS.reentry_mean * np.exp(-resting),
    )
    theory = stationary_shares(quicker, 0.7)
    expected = np.array([theory.anagen, theory.catagen + theory.telogen, theory.kenogen, theory.cycles_per_day])
    assert np.abs((mean - expected) / error).max() < 3.0


COURSES = {
    "untreated": untreated,
    "androgen lever": androgen_lever,
    "growth levers": growth_levers,
    "attack": attack_step,
    "swinging clocks": swinging_clocks,
    "everything at once": lambda days: Course(
        np.linspace(1.0, 0.02, days), np.full(days, 1.5), np.full(days, 2.5), np.full(days, 0.9), np.full(days, 0.05)
    ),
}
DAYS = int(VISITS[-1]) + 3


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_follicles_are_conserved(course: Callable[[int], Course]) -> None:
    """At every visit each follicle is in exactly one phase; phases follow one another without a gap."""
    n, per_patient = 6, 150
    run = run_kernel(
        VISIBLE_AT_ONCE,
        AGA_CLASSES,
        [course(DAYS)],
        Patients(n, per_patient),
        visits=VISITS,
        seed=31,
        events=60,
    )
    row, follicle, cycle, phase, start, end, calibre, fall = run.events.T
    key = row * per_patient + follicle
    for i, visit in enumerate(VISITS):
        covering = (start <= visit) & (visit < end)
        counts = np.bincount(key[covering].astype(np.int64), minlength=n * per_patient)
        assert np.all(counts == 1), "every follicle is in exactly one phase"
        growing, held = phase == ANAGEN, (phase == RESTING) & (visit < fall)
        of_patient = [np.bincount(row[covering & kind].astype(np.int64), minlength=n) for kind in (growing, held)]
        assert np.array_equal(run.sums[:, 0, i, 0], sum(of_patient)), "hairs are A + C + T"
        assert np.array_equal(run.sums[:, 0, i, 3], of_patient[0])
    same = key[1:] == key[:-1]
    assert np.array_equal(start[1:][same], end[:-1][same]), "a phase begins when the one before ends"
    assert np.all(end >= start)
    before, after = phase[:-1][same], phase[1:][same]
    assert np.all(after[before == ANAGEN] == RESTING)
    assert np.all(after[before == RESTING] == ANAGEN)
    assert np.all(np.diff(cycle)[same] == (before == ANAGEN))
    assert np.all((calibre > 0.0) & (calibre <= 1.0))


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_no_lever_makes_more_hairs_than_follicles(course: Callable[[int], Course]) -> None:
    run = run_kernel(
        PROCESS, AGA_CLASSES, [course(DAYS)], Patients(20, 100), visits=VISITS, seed=32, detection=np.full(251, 0.5)
    )
    every, seen = run.sums[..., :11], run.sums[..., 11:]
    assert every[..., 0].max() <= 100.0
    assert np.all(every[..., 2] <= every[..., 1]) and np.all(every[..., 1] <= every[..., 0])
    assert np.all(every[..., 3] <= every[..., 0])
    assert np.allclose(seen, 0.5 * every, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_calibre_too_quick_to_tabulate_is_read_as_one_that_is_not(course: Callable[[int], Course]) -> None:
    """exp(-rate * day) is tabulated for visits up to an exponent; on both sides of it the hairs are the same."""

    def diameters(exponent: float) -> Floats:
        process = replace(PROCESS, calibre_rate=exponent / float(VISITS[-1]))
        patients = Patients(4, 100, start=-300.0)
        return run_kernel(process, AGA_CLASSES, [course(DAYS)], patients, visits=VISITS, seed=33).sums[..., 4]

    assert np.allclose(diameters(STEEPEST - 1e-6), diameters(STEEPEST + 1e-6), rtol=1e-8, atol=0.0)
