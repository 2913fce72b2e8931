"""The compiled kernel against a plain NumPy follicle with daily steps: durations, and every sum and endpoint at visits.

Seeds are fixed. Every mean must lie within 3 standard errors of the difference, the spread between patients giving the
standard error on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from kernel_runs import KernelRun, Patients, run_kernel
from lever_courses import (
    AGA_CLASSES,
    BASELINE,
    DETECTION,
    HEALTHY_CLASSES,
    PROCESS,
    VISITS,
    Course,
    Floats,
    androgen_lever,
    attack_step,
    growth_levers,
    risen,
    swinging_clocks,
    untreated,
)
from reference_follicle import ReferenceFollicles
from scipy.stats import ks_2samp

from anagen.follicles.kernel import SUMS
from anagen.scalp import ENDPOINTS, Hairs

PATIENTS, FOLLICLES = 400, 100
DAYS = int(VISITS[-1]) + 3
COURSES = {
    "untreated": untreated(DAYS),
    "androgen lever": androgen_lever(DAYS),
    "growth levers, withdrawn": growth_levers(DAYS),
    "attack": attack_step(DAYS),
}
SCALPS = {"aga": (AGA_CLASSES, -1200, False), "healthy": (HEALTHY_CLASSES, -400, True)}
DIAMETER, GROWTH, THRESHOLDS = (80.0, 12.0), 0.367, (30.0, 40.0)


@dataclass(frozen=True)
class Pair:
    """Sums [patient, course, visit, 22] of the kernel and of the reference."""

    kernel: Floats
    reference: Floats


def reference(
    scalp: str, seed: int, patients: int = PATIENTS, classes: Floats | None = None, start: int | None = None
) -> ReferenceFollicles:
    """Follicles that have lived up to the start of the tables."""
    of_scalp, onset, at_target = SCALPS[scalp]
    follicles = ReferenceFollicles(
        PROCESS,
        of_scalp if classes is None else classes,
        patients=patients,
        per_patient=FOLLICLES,
        start=onset if start is None else start,
        start_at_target=at_target,
        diameter=DIAMETER,
        terminal_growth=GROWTH,
        thresholds=THRESHOLDS,
        detection=DETECTION,
        rng=np.random.default_rng(seed),
    )
    follicles.run_untreated(0)
    return follicles


def kernel(
    scalp: str,
    courses: Sequence[Course],
    visits: Floats,
    seed: int,
    *,
    patients: int = PATIENTS,
    events: int = 0,
    classes: Floats | None = None,
    start: int | None = None,
) -> KernelRun:
    of_scalp, onset, at_target = SCALPS[scalp]
    people = Patients(patients, FOLLICLES, float(onset if start is None else start), at_target, DIAMETER, GROWTH)
    return run_kernel(
        PROCESS,
        of_scalp if classes is None else classes,
        courses,
        people,
        visits=visits,
        seed=seed,
        thresholds=THRESHOLDS,
        detection=DETECTION,
        events=events,
    )


@pytest.fixture(scope="module", params=list(SCALPS))
def pair(request: pytest.FixtureRequest) -> Pair:
    past = reference(request.param, 20260101)
    futures = [past.copy(np.random.default_rng(7 + i)).run(c, VISITS) for i, c in enumerate(COURSES.values())]
    return Pair(kernel(request.param, list(COURSES.values()), VISITS, 11).sums, np.stack(futures, axis=1))


def deviations(a: Floats, b: Floats) -> Floats:
    """Differences of means over patients in standard errors."""
    error = np.sqrt(a.var(axis=0, ddof=1) / len(a) + b.var(axis=0, ddof=1) / len(b))
    difference = a.mean(axis=0) - b.mean(axis=0)
    assert np.all((error > 0.0) | (difference == 0.0))
    return np.divide(difference, error, out=np.zeros_like(error), where=error > 0.0)


def assert_within_errors(z: Floats, what: str, most: float = 3.0) -> None:
    worst = np.unravel_index(np.abs(z).argmax(), z.shape)
    print(f"{what}: {z.size} means, largest deviation {z[worst]:.2f} standard errors at {worst}")
    assert np.abs(z).max() < most, f"{what}: {z[worst]:.2f} standard errors at {worst}"


@pytest.mark.parametrize("course", range(len(COURSES)), ids=list(COURSES))
def test_sums_at_visits_agree(pair: Pair, course: int) -> None:
    z = deviations(pair.kernel[:, course], pair.reference[:, course])
    assert z.shape == (len(VISITS), 2 * len(SUMS))
    assert_within_errors(z, "sums [visit, sum]")


@pytest.mark.parametrize("course", range(len(COURSES)), ids=list(COURSES))
@pytest.mark.parametrize("detected", [False, True], ids=["all", "detected"])
def test_endpoints_at_visits_agree(pair: Pair, course: int, detected: bool) -> None:
    def values(sums: Floats) -> Floats:
        hairs = Hairs.from_sums(sums, area=1.0, scalp_area=516.0, detected=detected)
        area = [endpoint for endpoint in ENDPOINTS.values() if not endpoint.whole_scalp]
        return np.stack([endpoint.value(hairs) for endpoint in area], axis=-1)

    z = deviations(values(pair.kernel[:, course]), values(pair.reference[:, course]))
    assert_within_errors(z, f"endpoints [visit, {', '.join(ENDPOINTS)}]")


def test_changes_from_baseline_agree(pair: Pair) -> None:
    """Changes are what trials report; pairing within the patient makes this sharper than the means.

    All 320 at once, so the bound is 4 standard errors: 3 would be passed by chance in every second run.
    """
    change = [sums[:, :, 1:] - sums[:, :, :1] for sums in (pair.kernel, pair.reference)]
    assert_within_errors(deviations(*change), "change [course, visit, sum]", most=4.0)


def test_the_courses_compared_differ(pair: Pair) -> None:
    """A comparison of things that all stand still would prove nothing: every course moves its twins."""
    effect = pair.kernel[:, 1:] - pair.kernel[:, :1]
    error = effect.std(axis=0, ddof=1) / np.sqrt(PATIENTS)
    z = np.divide(effect.mean(axis=0), error, out=np.zeros_like(error), where=error > 0.0)
    assert np.all(np.abs(z).max(axis=(1, 2)) > 10.0)
    assert np.all(effect[:, :, 0] == 0.0), "nothing differs before anything is given"


def test_follicles_that_can_no_longer_recover_agree() -> None:
    """Small follicles under a late, strong and lasting lever: the course in which what can still be reached decides."""
    days = 1100
    classes = np.full(16, 2.5)
    course = replace(untreated(days + 3), androgen_drive=1.0 - 0.85 * risen(days + 3, start=BASELINE))
    visits = np.array([28.0, 500.0, float(days)])
    follicles = reference("aga", 3, patients=150, classes=classes, start=-2500)
    theirs = follicles.run(course, visits)
    ours = kernel("aga", [course], visits, 3, patients=150, classes=classes, start=-2500).sums[:, 0]
    assert_within_errors(deviations(ours, theirs), "sums [visit, sum]")


WINDOW, HORIZON = (float(BASELINE), 500.0), 2300
LONGEST = HORIZON - WINDOW[1]
"""Durations are cut here on both sides, so that what was still running at the horizon is treated alike."""


@pytest.fixture(scope="module", params=["untreated", "swinging clocks", "attack"])
def phases(request: pytest.FixtureRequest) -> tuple[KernelRun, ReferenceFollicles]:
    course = {"untreated": untreated, "swinging clocks": swinging_clocks, "attack": attack_step}[request.param](
        HORIZON + 1
    )
    visits = np.array([HORIZON - 1.0])
    follicles = reference("aga", 5, patients=220)
    follicles.window = WINDOW
    follicles.run(course, visits)
    return kernel("aga", [course], visits, 13, patients=220, events=60), follicles


@pytest.mark.parametrize("phase", ["anagen", "resting", "club", "kenogen"])
def test_durations_have_the_same_distribution(
    phases: tuple[KernelRun, ReferenceFollicles], phase: str, request: pytest.FixtureRequest
) -> None:
    run, follicles = phases
    ours = np.minimum(run.durations(phase, WINDOW), LONGEST)
    record = follicles.records[phase]
    theirs = np.minimum(record[~np.isnan(record[:, 0]), 1], LONGEST)
    assert min(len(ours), len(theirs)) > 8000
    # a phase that had not ended at the horizon is missing from the reference and endless in the kernel
    p = ks_2samp(ours[ours < LONGEST], theirs[theirs < LONGEST]).pvalue
    counts, means = (len(ours), len(theirs)), (ours.mean().round(1), theirs.mean().round(1))
    print(f"{request.node.name}: {counts} phases, mean {means} days, p = {p:.3f}")
    assert p > 0.001
    share = [float((sample >= LONGEST).mean()) for sample in (ours, theirs)]
    assert max(share) < 0.001


def test_a_changing_clock_changes_durations() -> None:
    """The durations compared above do depend on the clock; otherwise the comparison could not fail."""
    visits = np.array([HORIZON - 1.0])
    run = kernel("aga", [untreated(HORIZON + 1), swinging_clocks(HORIZON + 1)], visits, 13, patients=150, events=60)
    rows = run.events[:, 0].astype(np.int64) % 2
    still, swinging = (KernelRun(run.sums, run.events[rows == i]) for i in (0, 1))
    for phase in ("anagen", "resting", "club", "kenogen"):
        assert ks_2samp(still.durations(phase, WINDOW), swinging.durations(phase, WINDOW)).pvalue < 1e-6
