"""How trials are carried out: who leaves and what that does to complete cases, centres, enrolment, minimisation."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.patients import Population
from anagen.study.conduct import WEEKS, Centres, Dropout, Enrolment
from anagen.trials.centres import LEVEL, centre_effects, centre_of
from anagen.trials.enrolment import Calendar, enrolled_weeks
from anagen.trials.estimands import carried
from anagen.trials.leaving import probabilities, scores_of_change, standardised, weeks_of_leaving
from anagen.trials.minimisation import minimised

WEEK = np.array([0.0, 12.0, 24.0])
N, TRIALS = 400, 60


class People:
    """What a draw needs to know of patients: their number and their trial."""

    def __init__(self, n: int, trials: int) -> None:
        self.patient = np.tile(np.arange(n), trials)
        self.replicate = np.repeat(np.arange(trials), n)

    def __len__(self) -> int:
        return len(self.patient)


def people(n: int = N, trials: int = TRIALS) -> Population:
    return People(n, trials)  # type: ignore[return-value]


def changes(rho: float = 0.6) -> FloatArray:
    """Changes of one arm at both visits after baseline, standard normal with a correlation [patient, visit]."""
    z = np.random.default_rng(7).standard_normal((N * TRIALS, 2))
    z -= z.mean(axis=0)
    late = rho * z[:, 0] + np.sqrt(1.0 - rho**2) * z[:, 1]
    return np.column_stack([np.zeros(len(z)), z[:, 0], late])


def left(rule: Dropout, change: FloatArray, *, known: bool) -> FloatArray:
    population = people()
    seen = np.ones(change.shape, dtype=np.bool_)
    scores = scores_of_change(change, seen, known=known, rising=True)
    arm = np.zeros(len(change), dtype=np.int64)
    return weeks_of_leaving(population, arm, rule, ("drug",), WEEK, scores, seed=3)


def known_bias(share: float, odds_ratio: float) -> float:
    """Mean of z among those who stay in the second half, by integration over a standard normal z."""
    z = np.linspace(-8.0, 8.0, 4001)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    target, low, high = (share / 2.0) / (1.0 - share / 2.0), -40.0, 40.0
    for _ in range(80):
        a = 0.5 * (low + high)
        p = 1.0 / (1.0 + np.exp(-(a - np.log(odds_ratio) * z)))
        low, high = (a, high) if np.trapezoid(p * density, z) < target else (low, a)
    stays = (1.0 - p) * density
    return float(np.trapezoid(z * stays, z) / np.trapezoid(stays, z))


def test_leaving_by_known_change_biases_complete_cases_by_the_known_amount_and_not_an_adjusted_mean() -> None:
    rho, share, odds_ratio = 0.6, 0.3, 4.0
    change = changes(rho)
    week = left(Dropout(share=share, depends_on="change", strength=odds_ratio), change, known=True)
    stayed = np.isnan(week)
    assert abs((~stayed).mean() - share) < 3.0 * np.sqrt(share * (1.0 - share) / len(week))
    complete = change[stayed, 2]
    bias, error = complete.mean(), complete.std() / np.sqrt(len(complete))
    wanted = rho * known_bias(share, odds_ratio)
    assert wanted > 0.05
    assert abs(bias - wanted) < 3.0 * error + 0.005, (bias, wanted, error)
    # what a model of all visits does: regress the last visit on the one before it, and predict those who left
    late_leavers = ~stayed & (week >= 12.0)
    slope, start = np.polyfit(change[stayed, 1], complete, 1)
    measured_once = stayed | late_leavers
    adjusted = start + slope * change[measured_once, 1].mean()
    assert abs(adjusted) < 3.0 * error < wanted


def test_leaving_by_a_change_that_is_not_seen_biases_the_adjusted_mean_as_well() -> None:
    change = changes()
    rule = Dropout(share=0.3, depends_on="change", mechanism="mnar", strength=4.0)
    week = left(rule, change, known=False)
    stayed, seen_once = np.isnan(week), np.isnan(week) | (week >= 12.0)
    complete = change[stayed, 2]
    slope, start = np.polyfit(change[stayed, 1], complete, 1)
    error = complete.std() / np.sqrt(len(complete))
    assert start + slope * change[seen_once, 1].mean() > 5.0 * error


def test_leaving_that_depends_on_nothing_much_leaves_complete_cases_alone() -> None:
    change = changes()
    week = left(Dropout(share=0.3, depends_on="change", strength=1.0), change, known=True)
    complete = change[np.isnan(week), 2]
    assert abs(complete.mean()) < 3.0 * complete.std() / np.sqrt(len(complete))


def test_probabilities_meet_the_share_in_every_group_and_have_the_odds_ratio() -> None:
    rng = np.random.default_rng(2)
    group = np.repeat([0, 1], 300)
    z = rng.standard_normal(600)
    target = np.array([0.1, 0.4])
    p = probabilities(z, group, np.ones(600, dtype=np.bool_), target, 3.0)
    np.testing.assert_allclose(np.bincount(group, p) / 300, target, atol=1e-9)
    logit = np.log(p / (1.0 - p))
    for number in (0, 1):
        slope = np.polyfit(z[group == number], logit[group == number], 1)[0]
        assert slope == pytest.approx(np.log(3.0), abs=1e-6)


def test_a_trial_does_not_depend_on_those_simulated_with_it() -> None:
    rng = np.random.default_rng(5)
    score = rng.standard_normal(200)
    group, everybody = np.repeat([0, 1], 100), np.ones(200, dtype=np.bool_)
    together = standardised(score, group, everybody)
    alone = standardised(score[:100], np.zeros(100, dtype=np.int64), everybody[:100])
    np.testing.assert_array_equal(together[:100], alone)


def test_centres_differ_by_the_standard_deviation_and_recruit_by_their_sizes() -> None:
    population = people(50, 2000)
    rule = Centres.model_validate({"number": 4, "sd": "4 hairs/cm^2", "sizes": [3.0, 1.0, 1.0, 1.0]})
    centre = centre_of(population, rule, seed=1)
    shares = np.bincount(centre) / len(centre)
    assert np.abs(shares - np.array([3, 1, 1, 1]) / 6.0).max() < 4.0 * np.sqrt(0.25 / len(centre))
    effects = centre_effects(population, centre, rule.sd.value, LEVEL, seed=1)
    of_trial = np.array([effects[(population.replicate == 0) & (centre == c)] for c in range(1)]).ravel()
    assert np.ptp(of_trial) == 0.0
    rows = zip(population.replicate.tolist(), centre.tolist(), effects.tolist(), strict=True)
    first = {(trial, number): effect for trial, number, effect in rows}
    drawn = np.array(list(first.values()))
    assert abs(drawn.mean()) < 3.0 * 4.0 / np.sqrt(len(drawn))
    assert abs(drawn.std() - 4.0) < 3.0 * 4.0 / np.sqrt(2.0 * len(drawn))


def test_enrolment_is_a_poisson_process_with_the_stated_rate() -> None:
    rule, time = Enrolment.model_validate({"per_month": 8, "ramp": "3 months"}), 30.0
    weeks = enrolled_weeks(rule, 120, np.arange(3000), seed=1)
    number = (weeks <= time).sum(axis=1)
    mean = 8.0 / WEEKS["month"] * (time - 0.5 * 3.0 * WEEKS["month"])
    assert abs(number.mean() - mean) < 3.0 * np.sqrt(mean / 3000)
    assert abs(number.var() / mean - 1.0) < 3.0 * np.sqrt(2.0 / 3000) + 1.0 / np.sqrt(3000 * mean)
    early = (weeks <= 6.0).sum(axis=1)
    wanted = 8.0 / WEEKS["month"] * 6.0**2 / (2.0 * 3.0 * WEEKS["month"])
    assert abs(early.mean() - wanted) < 3.0 * np.sqrt(wanted / 3000)
    assert (np.diff(weeks, axis=1) > 0.0).all()


def test_what_is_known_at_an_information_fraction_is_that_share_of_the_outcomes() -> None:
    enrolled = np.arange(10.0)[None, :]
    visits = enrolled[:, :, None] + np.array([0.0, 24.0])
    calendar = Calendar(enrolled, visits, np.array([0.0, 24.0]))
    has = np.ones((1, 10), dtype=np.bool_)
    has[0, [0, 9]] = False
    half = calendar.at_fraction(0.5, 24.0, has)
    assert half.tolist() == [28.0]
    assert calendar.known_at(half, 24.0, has).sum() == 4
    assert calendar.known_at(half, 24.0).sum() == 5
    assert (calendar.last_in[0], calendar.last_out[0]) == (9.0, 33.0)


def test_minimisation_balances_better_than_chance_and_keeps_sizes() -> None:
    levels = np.random.default_rng(3).integers(0, 3, (300, 60, 2))
    arms = minimised([40, 20], levels, probability=0.8, seed=1, replicates=np.arange(300))
    assert {tuple(np.bincount(row).tolist()) for row in arms} == {(40, 20)}

    def imbalance(allocated: np.ndarray) -> float:
        both = [
            [np.bincount(level[arm == number], minlength=3) for number in (0, 1)]
            for level, arm in zip(levels[:, :, 0], allocated, strict=True)
        ]
        counts = np.array(both)
        return float(np.abs(counts[:, 0] / 2.0 - counts[:, 1]).mean())

    chance = np.stack([np.random.default_rng(i).permutation(np.repeat([0, 1], [40, 20])) for i in range(300)])
    assert imbalance(arms) < 0.6 * imbalance(chance)


def test_the_last_value_before_an_event_is_carried_on_and_a_missing_one_before_it_is_not() -> None:
    values = np.array([[1.0, 2.0, np.nan, 9.0], [1.0, np.nan, 3.0, 4.0]])[:, :, None]
    after = np.array([[False, False, True, True], [False, False, False, False]])
    found = carried(values, after)[:, :, 0]
    np.testing.assert_array_equal(found, [[1.0, 2.0, 2.0, 2.0], [1.0, np.nan, 3.0, 4.0]])
