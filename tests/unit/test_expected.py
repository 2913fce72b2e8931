"""What the model expects: the mean over draws, its Monte-Carlo error, and a spread that is that of the parameters."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.analysis.balance import Balance, balance_of
from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.expected import LEAST_SPREAD, centre_of, centred, draws_to_simulate
from anagen.core.arrays import FloatArray, IntArray
from anagen.parameters import load_parameters
from anagen.parameters.balance import balanced_order
from anagen.reports.answer import answer_of
from anagen.reports.summaries import rows_of
from anagen.reports.wording import endpoint_names
from anagen.runs.result import TrialResult, run
from anagen.runs.summary import headline_of
from anagen.trials.reference import GROUPS, groups_of

SPREAD, NOISE = 4.0, 5.0


@pytest.fixture(scope="module")
def simulated() -> tuple[FloatArray, FloatArray]:
    """Means over few patients of 2,000 draws, and over their groups: parameters spread by 4, a group's mean by 5."""
    random = np.random.default_rng(5)
    groups = random.normal(7.0, SPREAD, (2000, 1)) + random.normal(0.0, NOISE, (2000, GROUPS))
    return np.asarray(groups.mean(axis=1), dtype=np.float64), np.asarray(groups, dtype=np.float64)


def test_the_spread_of_draws_is_that_of_the_parameters(simulated: tuple[FloatArray, FloatArray]) -> None:
    expected, groups = simulated
    noisy = np.hypot(SPREAD, NOISE / np.sqrt(GROUPS))
    assert expected.std() == pytest.approx(noisy, rel=0.05)
    draws, values, error = centred(np.arange(1, 2001), expected, groups)
    assert draws[0] == 0 and values[0] == pytest.approx(expected.mean())
    assert values[1:].std() == pytest.approx(SPREAD, rel=0.05)
    assert error[0] == pytest.approx(noisy / np.sqrt(2000), rel=0.3)
    assert np.sqrt(np.mean(error[1:] ** 2)) == pytest.approx(NOISE / np.sqrt(GROUPS), rel=0.05)


def test_means_of_repeated_runs_scatter_by_the_error_that_is_told(simulated: tuple[FloatArray, FloatArray]) -> None:
    expected, _ = simulated
    told = [centre_of(part)[1] for part in expected.reshape(20, 100)]
    found = expected.reshape(20, 100).mean(axis=1).std(ddof=1)
    assert np.mean(told) == pytest.approx(found, rel=0.4)


@pytest.fixture(scope="module")
def balances() -> list[Balance]:
    found = [balance_of(load_parameters(), seed=seed, draws=200) for seed in range(30)]
    return [balance for balance in found if balance is not None]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_means_over_rows_in_balanced_order_scatter_by_the_error_that_is_told(
    share: float, balances: list[Balance]
) -> None:
    """Twelve outcomes, by `share` those of 40 calibrated parameters, in runs of 200 draws of 30 seeds."""
    parameters = load_parameters()
    assert parameters.posterior is not None
    logs = np.log(np.abs(parameters.posterior.matrix) + 1e-9)
    logs = ((logs - logs.mean(axis=0)) / np.maximum(logs.std(axis=0), 1e-12))[:, :40]
    taken = [[parameters.posterior.row_of(seed, draw) for draw in range(1, 201)] for seed in range(len(balances))]
    missed: list[float] = []
    told: list[float] = []
    for number in range(12):
        random = np.random.default_rng(100 + number)
        followed = logs @ random.normal(size=40)
        outcome = np.sqrt(share) * followed / followed.std() + np.sqrt(1.0 - share) * random.normal(size=len(logs))
        missed += [float(outcome[rows].mean() - outcome.mean()) for rows in taken]
        here = [centre_of(outcome[rows], None, balance)[1] for rows, balance in zip(taken, balances, strict=True)]
        assert np.mean(here) < outcome.std() / np.sqrt(200)
        assert np.std(here) < 0.15 * np.mean(here)
        told += here
    assert len(told) == 12 * 30
    assert 0.8 < np.sqrt(np.mean(np.square(told)) / np.mean(np.square(missed))) < 1.25


def test_draws_without_a_value_are_left_out_of_the_error() -> None:
    balance = balance_of(load_parameters(), seed=1, draws=60)
    assert balance is not None
    values = np.random.default_rng(2).normal(size=60)
    values[[3, 40]] = np.nan
    whole = np.flatnonzero(np.isfinite(values)) + 1
    assert centre_of(values, None, balance)[1] == balance.of(whole).error(values[whole - 1], 0.0) > 0.0


def test_noise_greater_than_the_spread_leaves_an_upper_bound() -> None:
    groups = np.tile([-1.0, 1.0, -1.0, 1.0], (40, 1)) * 100.0
    _, values, _ = centred(np.arange(1, 41), np.linspace(0.0, 1.0, 40), groups)
    assert np.ptp(values) == pytest.approx(LEAST_SPREAD)


def test_few_draws_leave_the_central_values_in_the_centre() -> None:
    numbers = np.arange(LEAST_DRAWS)
    expected = np.linspace(3.0, 22.0, LEAST_DRAWS)
    draws, values, _ = centred(numbers, expected, np.tile(expected[:, None], (1, GROUPS)))
    assert draws.tolist() == numbers.tolist() and values.tolist() == expected.tolist()
    assert draws_to_simulate(LEAST_DRAWS - 1).start == 0 and draws_to_simulate(LEAST_DRAWS).start == 1


def test_no_two_draws_share_a_patient() -> None:
    numbers = np.concatenate([groups_of(draw) for draw in range(300)])
    assert len(np.unique(numbers)) == 300 * GROUPS


def test_rows_in_balanced_order_stand_for_all_of_them() -> None:
    """Any 50 of 400 rows in turn miss the means of ten columns by less than half of what 50 at random miss."""
    random = np.random.default_rng(3)
    sample = np.exp(random.normal(size=(400, 10)))
    sample[:, 9] = 1.0
    order = balanced_order(sample)
    assert sorted(order.tolist()) == list(range(400))

    def missed(rows: list[IntArray]) -> float:
        logs = np.log(sample[:, :9])
        return float(np.sqrt(np.mean([(logs[some].mean(axis=0) - logs.mean(axis=0)) ** 2 for some in rows])))

    in_turn = [np.roll(order, -first)[:50] for first in range(0, 400, 25)]
    at_random = [random.permutation(400)[:50] for _ in range(16)]
    assert missed(in_turn) < 0.5 * missed(at_random)
    spreads = [np.log(sample[rows, :9]).std() for rows in in_turn]
    assert np.mean(spreads) == pytest.approx(np.log(sample[:, :9]).std(), rel=0.05)


@pytest.fixture(scope="module")
def with_draws() -> TrialResult:
    return run("exosome-vs-saline", patients=3, draws=LEAST_DRAWS)


def test_the_monte_carlo_error_stands_beside_every_expected_value(with_draws: TrialResult) -> None:
    assert with_draws.arms["expected_error"].notna().all()
    expected = with_draws.effects[with_draws.effects["kind"] == "expected"]
    assert expected["standard_error"].notna().all()
    assert " ± " in headline_of(with_draws.contents)


def test_the_centre_is_the_mean_over_draws(with_draws: TrialResult) -> None:
    primary = with_draws.contents.primary()
    assert primary.expected(draw=0).values[0] == pytest.approx(primary.drawn().values.mean())


def test_trials_at_draws_have_parameters_of_their_own() -> None:
    each = run("exosome-vs-saline", trials_at="draws", patients=4, replicates=3, draws=0)
    central = run("exosome-vs-saline", patients=4, replicates=3, draws=0)
    of_trials = each.contents.primary().trials().rows
    assert of_trials["replicate"].tolist() == [0, 1, 2] and of_trials["draw"].tolist() == [1, 2, 3]
    assert "parameter draw" in each.manifest["trials_at"] and "trials_at" not in central.manifest
    assert not np.array_equal(of_trials["estimate"], central.contents.primary().trials().values)
    assert len(rows_of(each.visits, "total_density")), "what the first trial measured is shown, whatever its draw"
    assert "assurance" in " ".join(answer_of(each.contents, endpoint_names(["total_density"])).paragraphs)
    alone = run("exosome-vs-saline", trials_at="draws", patients=4, replicates=1, draws=0)
    assert alone.contents.primary().trials().values[0] == of_trials["estimate"].iloc[0]
