"""Adverse events: shares match their parameters, causes and leaving compete, twins share draws, intervals are exact."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, kstest

from anagen.analysis.expected_safety import ANY, DISCONTINUATION, expected_safety
from anagen.analysis.safety import independent_interval, paired_interval, rate_interval, share_interval
from anagen.core.arrays import BoolArray, FloatArray
from anagen.delivery import ROUTES, daily, sessions
from anagen.parameters import load_parameters
from anagen.therapies import THERAPIES
from anagen.therapies.background import BACKGROUND_EVENTS
from anagen.therapies.safety import AdverseEvent
from anagen.trials.dropout import dropout_week
from anagen.trials.event_rows import TrialEvents, event_table, trial_events
from anagen.trials.observation import Scene
from anagen.trials.safety import Hazard, Occurrences, event_names, occurrences, severity_shares, stretches
from anagen.trials.screening import candidates
from faults import every_fault
from small_studies import EXOSOME, FINASTERIDE, MINOXIDIL, PLACEBO, SALINE, VEHICLE, small_scene, small_study

N = 40_000
VALUES = load_parameters().draw(0, 0)
EVENTS = {
    f"{owner}-{event.name}-{event.rate.rpartition('.')[2]}": event
    for owner, events in (
        *((entry.name, entry.harms) for entry in (*THERAPIES.values(), *ROUTES.values())),
        ("background", tuple(BACKGROUND_EVENTS.values())),
    )
    for event in events
}


def hazard_of(event: AdverseEvent, exposure: float) -> Hazard:
    """The event under `exposure` weeks of daily use or sessions, one a week."""
    regimen = (
        sessions(start=0, every=1, number=int(exposure), amount=1.0)
        if event.unit == "sessions"
        else daily(start=0, until=exposure, amount_per_day=1.0)
    )
    return Hazard(event, "therapy", "x", *stretches(regimen.days, event, 1e6))


def test_the_share_within_the_reference_exposure_is_the_parameter() -> None:
    levels = -np.log1p(-(np.arange(20_000) + 0.5) / 20_000)
    with every_fault() as row:
        for name, event in EVENTS.items():
            with row(name):
                hazard, rate = hazard_of(event, event.reference), VALUES[event.rate]
                assert 1.0 - math.exp(-hazard.cumulative(np.array([1e5]), VALUES)[0]) == pytest.approx(rate, rel=1e-9)
                assert np.isfinite(hazard.onset(levels, VALUES)).mean() == pytest.approx(rate, abs=1.0 / 20_000)


@pytest.mark.parametrize("event", list(EVENTS.values())[::7], ids=list(EVENTS)[::7])
def test_the_onset_inverts_the_cumulative_hazard(event: AdverseEvent) -> None:
    hazard = hazard_of(event, 3 * event.reference)
    e = hazard.total(VALUES) * np.linspace(0.01, 2.0, 50)
    days = hazard.onset(e, VALUES)
    reached = hazard.cumulative(days + 1e-9, VALUES)
    assert np.all(reached >= e * (1.0 - 1e-6))
    if event.unit == "weeks":
        assert reached == pytest.approx(e, rel=1e-5)
    else:
        assert np.all(hazard.cumulative(days - 1e-6, VALUES) < e)


def test_an_event_of_shape_1_is_exponential() -> None:
    event = replace(BACKGROUND_EVENTS["headache"], reference=52.0)
    values = {**VALUES, event.rate: 0.5, event.course.shape: 1.0, event.course.lag: 0.0}
    u = np.random.default_rng(1).random(5000)
    days = hazard_of(event, 10_000.0).onset(-np.log1p(-u), values)
    assert kstest(days / 7.0, "expon", args=(0.0, 52.0 / math.log(2.0))).pvalue > 0.01


def people(scene: Scene, given: BoolArray, *, dropout: float) -> TrialEvents:
    population = candidates(scene, np.arange(given.shape[1]), 0)
    last = float(scene.protocol.weeks[-1])
    other = dropout_week(population, share=dropout, last_week=last, seed=scene.seed)
    return trial_events(scene, population, given, other)


def given_by_arm(n_arms: int, n: int = N) -> BoolArray:
    return (np.arange(n) % n_arms)[None, :] == np.arange(n_arms)[:, None]


def shares(scene: Scene, found: TrialEvents, given: BoolArray, arm: int, name: str, week: float) -> tuple[float, int]:
    table = found.table[(found.table["arm"] == scene.protocol.arms[arm]) & (found.table["onset_week"] <= week)]
    if name == DISCONTINUATION:
        table = table[table["discontinued"]]
    elif name != ANY:
        table = table[table["event"] == name]
    n = int(given[arm].sum())
    return table["patient"].nunique() / n, n


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_simulated_shares_match_the_closed_form_with_leaving(dropout: float) -> None:
    """Common events that often make patients leave, competing with each other and with other dropout."""
    study = small_study(
        {"both": [FINASTERIDE, MINOXIDIL, EXOSOME], "saline": [SALINE], "placebo": [PLACEBO, VEHICLE]},
        visits=(0.0, 12.0, 24.0),
        dropout=dropout,
        patients=9,
        block=3,
    )
    central = small_scene(study)
    often = {
        name: 0.5 if name.endswith("_discontinuation") else 0.2 + 0.6 * VALUES[name]
        for name in VALUES
        if "_events." in name or name.endswith("_discontinuation")
    }
    scene = replace(central, values={**central.values, **often})
    given = given_by_arm(3)
    found = people(scene, given, dropout=dropout)
    expected = expected_safety(scene.protocol, scene.values, draw=0).set_index(["arm", "event", "week"])["share"]
    names = (*event_names(scene.protocol.hazards), ANY, DISCONTINUATION)
    deviations: list[float] = []
    for arm, name, week in itertools.product(range(3), names, (12.0, 24.0)):
        p = float(expected[scene.protocol.arms[arm], name, week])
        seen, n = shares(scene, found, given, arm, name, week)
        # leaving at the start of a day or in its middle: half a day of the grid
        assert abs(seen - p) < 4.5 * math.sqrt(p * (1.0 - p) / n) + 0.0015, (scene.protocol.arms[arm], name, week)
        if p > 0.0:
            deviations.append((seen - p) / math.sqrt(p * (1.0 - p) / n))
    assert abs(float(np.mean(deviations))) < 1.5


def test_nothing_is_seen_after_leaving_and_nobody_leaves_twice() -> None:
    study = small_study({"exosome": [EXOSOME], "saline": [SALINE]}, dropout=0.4)
    central = small_scene(study)
    scene = replace(central, values={**central.values, "event_courses.procedure_pain_discontinuation": 0.5})
    given = given_by_arm(2, 4000)
    found = people(scene, given, dropout=0.4)
    population = candidates(scene, np.arange(4000), 0)
    other = dropout_week(population, share=0.4, last_week=24.0, seed=scene.seed)
    left = np.where(np.isnan(found.left), np.inf, found.left)
    assert np.all(found.table["onset_week"].to_numpy() <= left[found.table["patient"].to_numpy()])
    assert np.array_equal(np.isnan(found.left), np.isnan(other) & ~found.because)
    assert np.all(found.left[found.because] <= np.where(np.isnan(other), np.inf, other)[found.because])
    assert np.array_equal(found.left[~found.because & ~np.isnan(found.left)], other[~found.because & ~np.isnan(other)])
    stopped = found.table[found.table["discontinued"]]
    # two events of one session may be the reason together
    assert (stopped.groupby("patient")["onset_week"].nunique() == 1).all()
    assert set(stopped["patient"]) == set(np.flatnonzero(found.because).tolist())


def test_severity_and_duration_are_those_of_their_parameters() -> None:
    """Shares of moderate and severe events, and the mean and spread of log durations, within 4.5 standard errors."""
    scene = small_scene(small_study({"exosome": [EXOSOME], "saline": [SALINE]}))
    values, hazards = scene.values, scene.protocol.hazards[0]
    found = occurrences(hazards, event_names([hazards]), candidates(scene, np.arange(N), 0), values, seed=scene.seed)
    looked_at = 0
    for number, hazard in enumerate(hazards):
        rows = (found.cause == number) & np.isfinite(found.onset)
        n, spread = int(rows.sum()), values["event_courses.duration_spread"]
        if n < 1000:
            continue
        looked_at += 1
        for grade, share in zip((1, 2), severity_shares(hazard.event, values), strict=True):
            seen = float((found.severity[rows] == grade).mean())
            assert abs(seen - share) <= 4.5 * math.sqrt(share * (1.0 - share) / n), (hazard.event.name, grade)
        logs = np.log(found.duration[rows] / values[hazard.event.course.duration])
        assert abs(float(logs.mean())) < 4.5 * spread / math.sqrt(n)
        assert float(logs.std()) == pytest.approx(spread, rel=4.5 / math.sqrt(2.0 * n))
    assert looked_at >= 3


@pytest.mark.parametrize(("left", "after_stopping"), [(np.inf, 28.0 + 3.0), (2.0, 14.0 + 3.0)])
def test_an_event_is_over_by_itself_after_stopping_or_never(left: float, after_stopping: float) -> None:
    """Onset on day 7 of four weeks of use, three days long: counted from its onset, or from the last exposure."""
    ends = ("by itself", "after stopping", "never")
    hazards = [
        hazard_of(replace(BACKGROUND_EVENTS["headache"], name=how, title=how, resolution=how), 4.0) for how in ends
    ]
    shape = (1, len(ends))
    happened = Occurrences(
        ends,
        np.full(shape, 7.0),
        np.full(shape, 3.0),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.bool_),
        np.arange(len(ends))[None, :],
    )
    someone = candidates(small_scene(small_study({"exosome": [EXOSOME], "saline": [SALINE]})), np.arange(1), 0)
    titles = {how: how for how in ends}
    table = event_table("a", hazards, happened, someone, np.array([left]), np.array([False]), titles, 168.0)
    assert 7.0 * table["resolution_week"].to_numpy() == pytest.approx([10.0, after_stopping, np.nan], nan_ok=True)
    assert table["resolved"].tolist() == [True, True, False]


def test_twins_have_the_same_events_of_a_shared_route() -> None:
    scene = small_scene(small_study({"exosome": [EXOSOME], "saline": [SALINE]}))
    population = candidates(scene, np.arange(3000), 0)
    hazards = scene.protocol.hazards
    names = event_names(hazards)
    exosome, saline = (occurrences(arm, names, population, scene.values, seed=1) for arm in hazards)
    for name in {event.name for event in ROUTES["intradermal"].harms}:
        column = names.index(name)
        assert np.array_equal(exosome.onset[:, column], saline.onset[:, column])
        assert np.array_equal(exosome.severity[:, column], saline.severity[:, column])
        assert np.array_equal(exosome.duration[:, column], saline.duration[:, column])
    assert np.isfinite(exosome.onset).any()


def test_sides_of_a_scalp_share_events_of_the_patient_and_not_of_the_skin() -> None:
    scene = small_scene(small_study({"exosome": [EXOSOME], "saline": [SALINE]}, layout="split_scalp"))
    population = candidates(scene, np.arange(20_000), 0)
    hazards = scene.protocol.hazards
    names = event_names(hazards)
    left, right = (
        occurrences(arm, names, population, scene.values, seed=1, side=1 + side) for side, arm in enumerate(hazards)
    )
    head, pain = names.index("headache"), names.index("injection_pain")
    assert np.array_equal(left.onset[:, head], right.onset[:, head])
    both = (np.isfinite(left.onset[:, pain]) & np.isfinite(right.onset[:, pain])).mean()
    share = np.isfinite(left.onset[:, pain]).mean()
    assert both == pytest.approx(share**2, abs=4.0 * math.sqrt(share**2 / 20_000))


def test_events_do_not_depend_on_the_batch_or_on_other_arms() -> None:
    scene = small_scene(small_study({"both": [FINASTERIDE, MINOXIDIL], "saline": [SALINE], "none": []}, block=3))
    population = candidates(scene, np.arange(500), 0)
    hazards = scene.protocol.hazards
    names = event_names(hazards)
    whole = occurrences(hazards[0], names, population, scene.values, seed=1)
    rows = np.array([3, 77, 400])
    part = occurrences(hazards[0], names, population.take(rows), scene.values, seed=1)
    for field in ("onset", "duration", "severity", "stops", "cause"):
        assert getattr(part, field).tobytes() == np.ascontiguousarray(getattr(whole, field)[rows]).tobytes()


# intervals against published examples and their exact coverage


def test_newcombe_interval_against_the_published_example() -> None:
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10."""
    assert independent_interval(56, 70, 48, 80, 0.05) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert independent_interval(9, 10, 3, 10, 0.05) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_clopper_pearson_interval_has_exact_tails() -> None:
    for k, n in ((0, 30), (3, 30), (17, 59), (30, 30)):
        low, high = share_interval(k, n, 0.05)
        if k > 0:
            assert binom.sf(k - 1, n, low) == pytest.approx(0.025, rel=1e-6)
        if k < n:
            assert binom.cdf(k, n, high) == pytest.approx(0.025, rel=1e-6)
    assert share_interval(0, 30, 0.05)[0] == 0.0


def test_poisson_interval_against_the_published_table() -> None:
    """Garwood 1936: 95 % limits of a count of 0, 1 and 10."""
    for count, low, high in ((0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)):
        assert rate_interval(count, 1.0, 0.05) == pytest.approx((low, high), abs=2e-3)


def coverage(p10: float, p01: float, n: int) -> float:
    """Exact probability that the paired interval covers the true difference, by enumeration."""
    total = 0.0
    for one in range(n + 1):
        for other in range(n + 1 - one):
            weight = binom.pmf(one, n, p10) * binom.pmf(other, n - one, p01 / (1.0 - p10))
            arm, control = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
            arm[:one] = True
            control[one : one + other] = True
            low, high = paired_interval(arm, control, 0.05)
            total += float(weight) if low <= p10 - p01 <= high else 0.0
    return total


@pytest.mark.parametrize(("p10", "p01"), [(0.1, 0.1), (0.3, 0.1), (0.05, 0.02), (0.5, 0.2)])
def test_paired_interval_covers_what_it_says(p10: float, p01: float) -> None:
    assert coverage(p10, p01, 30) > 0.94


def test_an_exact_interval_covers_at_least_95_per_cent() -> None:
    for p in (0.01, 0.1, 0.4):
        limits: list[FloatArray] = [np.array(share_interval(k, 40, 0.05)) for k in range(41)]
        covered = sum(binom.pmf(k, 40, p) for k in range(41) if limits[k][0] <= p <= limits[k][1])
        assert covered >= 0.95
