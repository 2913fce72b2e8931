"""A search says what varies, prices what it finds, chooses by the goal, and names what no trial can reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from anagen.core.errors import InputError
from anagen.parameters import load_parameters, parameter_source
from anagen.planning.result import power
from anagen.planning.search.axes import space_of
from anagen.planning.search.candidates import Limits, Pool
from anagen.planning.search.chance import Chance, none_succeeds, smallest
from anagen.planning.search.optimise import simulate_into
from anagen.planning.search.price import budget_of, last_in, prices_of
from anagen.planning.search.result import DesignSearch, design
from anagen.planning.search.variant import simulated_study, varied, written_study
from anagen.planning.simulating import Setting
from anagen.study import Study
from anagen.study.conduct import Enrolment
from anagen.trials.budget import price_of
from anagen.trials.enrolment import enrolled_weeks
from anagen.trials.simulation import scene_of, simulate_trials
from planned import QUICK

SHIPPED = Study.load("exosome-vs-saline")
DRAWS, REPLICATES, TRIALS = 20, 2, 40


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return "\n".join(problem.text() for problem in error.value.problems)


@pytest.fixture(scope="module")
def searched() -> DesignSearch:
    return design(QUICK, goal=0.6, draws=DRAWS, replicates=REPLICATES, trials=TRIALS)


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        (["dosis=1"], "did you mean 'dose'?"),
        (["dose=1e9,1000000000"], "make the same study"),
        (["dose=1e9", "arms.exosome.dose=1e10"], "is varied by --vary dose as well"),
        (["dose=1e9", "dose=1e10"], "--vary dose: is varied twice"),
        (["sessions=0,3"], "--vary sessions=0: 0 is impossible"),
        (["week=13"], "allowed: 4, 8, 12, 16, 24"),
        (
            ["arms=exosom"],
            "there is no arm 'exosom'; arms that are kept are joined by +; allowed: exosome; did you mean",
        ),
        (["arms=saline"], "keeps no tested arm"),
        (["allocation=2"], "is no ratio; expected tested to control, e.g. 2:1"),
        (["allocation=2:1:1"], "is no ratio"),
        (["layout=crossover"], "there is no layout 'crossover'; allowed: parallel, split_scalp"),
        (["patients={min: 40, max: 20}"], "min (40) is not below max (20)"),
        (["patients=1,20"], "must be a whole number from 2"),
        (["arms.exosome.patients=20"], "did you mean 'patients'?"),
        (["nothing"], "is neither NAME=A,B nor a file"),
        (["arms.exosome.dos=1"], "an arm has no field 'dos'"),
    ],
)
def test_what_cannot_vary_is_told_with_what_can(vary: list[str], words: str) -> None:
    with pytest.raises(InputError) as error:
        space_of(SHIPPED, vary)
    assert words in problem_of(error)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("vary.yaml", "week: 24\ndose: [1e9, 1e10]\nsesions: 3\n", "vary.yaml:3: sesions: is neither a path nor"),
        ("vary.yaml", "dose: [1e9, 1000000000]\n", "vary.yaml:1: dose: the values '1e+09' and '1000000000' make the"),
        ("vary.toml", "week = 24\nsessions = [0, 3]\n", "vary.toml:2: sessions=0: 0 is impossible"),
        ("vary.yaml", "dose: []\n", "vary.yaml:1: dose: has no value"),
        ("vary.yaml", "- dose\n", "vary.yaml: holds no names with values"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(name: str, text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as error:
        space_of(SHIPPED, [str(tmp_path / name)])
    assert words in problem_of(error)


def test_an_option_that_cannot_be_read_is_named_as_it_was_written() -> None:
    with pytest.raises(InputError, match="--vary dose=: expected PATH=VALUE"):
        space_of(SHIPPED, ["dose="])


def test_what_nobody_names_follows_from_the_study() -> None:
    space = space_of(SHIPPED, ())
    assert [(axis.name, axis.labels) for axis in space.axes] == [("week", ("12", "16", "24"))]
    assert space.allocation.labels == ("1:1", "2:1", "1:2")
    assert space.patients.values == (7, 240)


def test_a_file_and_a_mapping_say_the_same_as_options(tmp_path: Path) -> None:
    file = tmp_path / "vary.yaml"
    file.write_text("dose: [1e9, 1e10]\nallocation: [1:1, 2:1]\npatients: {min: 20, max: 80}\n")
    options = ["dose=1e9,1e10", "allocation=1:1,2:1", "patients={min: 20, max: 80}"]
    mapping = {"dose": [1e9, 1e10], "allocation": ["1:1", "2:1"], "patients": {"min": 20, "max": 80}}
    made = [space_of(SHIPPED, [str(file)]), space_of(SHIPPED, options), space_of(SHIPPED, mapping)]
    studies = [[Study.from_dict(varied(space, (i, 2)) or {}).sha256 for i in range(2)] for space in made]
    assert studies[0] == studies[1] == studies[2]
    assert {space.allocation.values for space in made} == {((1, 1), (2, 1))}
    assert all(space.ranged and space.patients.values == (20, 80) for space in made)


def test_a_trial_that_ends_earlier_keeps_its_rate_of_loss_and_drops_what_comes_later() -> None:
    space = space_of(SHIPPED, ["sessions=6,8"])
    early = simulated_study(varied(space, (1, 0)) or {})
    assert early is not None
    assert early.measurement.visits == (0.0, 4.0, 8.0, 12.0)
    assert early.design.dropout == 0.05
    # sessions in weeks 0, 2, ... 10 are before the last visit in week 12, those in weeks 12 and 14 are not
    assert [arm.therapies[0].schedule.sessions for arm in early.arms] == [6, 6]
    written = written_study(space, varied(space, (1, 0)) or {}, (0, 1), (40, 20))
    assert [choice.week for choice in written.endpoints.secondary] == [12.0, 12.0, 12.0]
    assert written.design.randomisation.block % 3 == 0
    assert written.observed == ()


def test_a_week_that_is_the_studys_own_leaves_the_study_as_it_is() -> None:
    data = varied(space_of(SHIPPED, ["week=24"]), (0,))
    assert data is not None
    assert Study.from_dict(data) == SHIPPED


def test_several_arms_succeed_as_often_as_correlated_estimates_do() -> None:
    effects, arm, control = np.array([[0.5, 1.0]]), np.array([0.6, 0.8]), np.array([0.5, 0.5])
    error = np.sqrt(arm**2 + control**2)
    found = 1.0 - float(none_succeeds(effects, arm, control, error, np.full(2, 1e9), 0.05)[0])
    limits = (1.959963985 * error - effects[0]) / error
    together = control[0] ** 2 / (error[0] * error[1])
    below = multivariate_normal([0.0, 0.0], [[1.0, together], [together, 1.0]]).cdf(limits)
    assert found == pytest.approx(1.0 - below, abs=1e-4)


def test_a_design_has_the_effects_that_power_simulates_and_its_closed_form(searched: DesignSearch) -> None:
    chance = chance_of(searched)
    planned = power(QUICK, [20, 40], draws=DRAWS, replicates=REPLICATES)
    drawn = planned.effects[planned.effects["draw"] > 0]["effect"].to_numpy()
    assert chance.simulated.effects[:, 0] == pytest.approx(drawn, rel=1e-9)
    row = planned.table[planned.table["patients"] == 40].iloc[0]
    assert chance.ceiling == row["ceiling"]
    # the same effects; standard deviations of two small simulations differ by their own error
    spread = 1.0 / np.sqrt(2.0 * 2 * 2 * 40) + 1.0 / np.sqrt(2.0 * 2 * 2 * 40)
    assert chance.simulated.sd[0] == pytest.approx(row["adjusted_sd"], rel=4.0 * spread)
    assert chance.assurance(40)[0] == pytest.approx(row["assurance_closed_form"], abs=0.1)


def chance_of(result: DesignSearch) -> Chance:
    """The design of the study's own week, one to one."""
    places = (result.pool.space.axes[0].labels.index("16"),)
    found = result.pool.chance(places, 0, 0)
    assert found is not None
    return found


def test_assurance_rises_with_patients_up_to_its_ceiling(searched: DesignSearch) -> None:
    chance = chance_of(searched)
    reached = [chance.assurance(n)[0] for n in (5, 20, 80, 320, 50_000)]
    assert reached == sorted(reached)
    assert reached[-1] <= chance.ceiling + 1e-9


def test_the_smallest_size_is_the_first_that_reaches_the_goal(searched: DesignSearch) -> None:
    chance = chance_of(searched)
    n = smallest(chance, 0.6, kind="assurance", sizes=range(2, 5000))
    assert n is not None
    assert chance.assurance(n)[0] >= 0.6 > chance.assurance(n - 1)[0]
    assert smallest(chance, 0.999, kind="assurance", sizes=range(2, 50)) is None


def test_the_best_trial_is_the_cheapest_that_reaches_the_goal(searched: DesignSearch) -> None:
    table, best = searched.table, searched.best
    assert best is not None and searched.study is not None
    fit = table[table["reaches_goal"]]
    assert best.cost["total"] == fit["cost"].min()
    assert [arm.patients for arm in searched.study.arms] == list(best.sizes)
    assert searched.study.endpoints.primary.week == float(best.labels["week"])
    assert Study.parse(searched.study.to_yaml()) == searched.study


def test_no_candidate_on_the_front_is_beaten(searched: DesignSearch) -> None:
    front = searched.summary()
    points = np.column_stack([front["cost"], front["months"], -front["assurance"].round(3)])
    for one in points:
        assert not ((points <= one).all(axis=1) & (points < one).any(axis=1)).any()
    assert len(front) < len(searched.table)


def test_cost_and_months_are_those_that_a_run_counts(searched: DesignSearch) -> None:
    pool, trials = searched.pool, 30
    n = 24
    from anagen.planning.search.candidates import Key

    candidate = pool.candidate(Key((searched.pool.space.axes[0].labels.index("16"),), 0, 0, n))
    assert candidate is not None
    study = Study.from_dict(QUICK).with_patients(n)
    run = simulate_trials(scene_of(study, load_parameters().draw(1, 0), seed=1), range(trials))
    found: list[dict[str, Any]] = [price_of(run, number) or {} for number in range(trials)]
    totals = np.array([each["total"] for each in found])
    error = totals.std(ddof=1) / np.sqrt(trials)
    visits = np.mean([each["items"]["visit"]["number"] for each in found])
    print(candidate.cost["total"], totals.mean(), error, candidate.cost["items"]["visit"]["number"], visits)
    assert candidate.cost["items"]["visit"]["number"] == pytest.approx(visits, rel=0.03)
    assert candidate.cost["total"] == pytest.approx(totals.mean(), abs=4.0 * error + 0.01 * totals.mean())


@pytest.mark.parametrize("ramp", ["0 weeks", "3 months"])
def test_the_last_patient_is_in_when_the_simulated_calendar_says(ramp: str) -> None:
    rule = Enrolment(per_month=8, ramp=ramp)  # type: ignore[arg-type]
    weeks = enrolled_weeks(rule, 60, np.arange(400), seed=1)[:, -1]
    error = weeks.std(ddof=1) / 20.0
    rate = rule.per_month / (365.25 / 84.0)
    assert last_in(60, rate, rule.ramp.value) == pytest.approx(weeks.mean(), abs=4.0 * error)


def test_a_budget_needs_prices_and_their_currency() -> None:
    with pytest.raises(InputError, match="needs the prices of the trial"):
        budget_of("500000 EUR", prices_of(SHIPPED))
    prices = prices_of(Study.from_dict(QUICK))
    assert budget_of("500000 EUR", prices) == 500_000.0
    for text, words in (("500000 USD", "nothing is converted"), ("a lot", "is not an amount of money")):
        with pytest.raises(InputError, match=words):
            budget_of(text, prices)


def test_a_study_without_prices_is_given_those_of_its_therapies_with_their_sources() -> None:
    prices = prices_of(SHIPPED)
    assert (prices.kind, prices.currency) == ("treatments", "EUR")
    assert set(prices.sources) == {"exosome", "saline-injection"}
    assert all(prices.sources.values())


def test_limits_choose_the_likeliest_trial_within_them(searched: DesignSearch) -> None:
    pool = searched.pool
    limits = Limits(budget=100_000.0)
    largest = pool.largest(limits, range(2, 2000))
    assert largest
    for each in largest:
        assert each.price <= 100_000.0
        more = pool.candidate(type(each.key)(each.key.places, each.key.arms, each.key.allocation, _next(each, pool)))
        assert more is not None and more.price > 100_000.0


def _next(each: Any, pool: Pool) -> int:
    chance = pool.chance(each.key.places, each.key.arms, each.key.allocation)
    assert chance is not None
    return int(each.key.patients + min(chance.ratio))


def test_a_goal_beyond_the_ceiling_is_told_with_the_ceiling(searched: DesignSearch) -> None:
    from dataclasses import replace

    ceiling = float(searched.designs["ceiling"].max())
    manifest = searched.manifest | {"goal": {"assurance": min(ceiling + 0.005, 0.999)}}
    rows = searched.rows.assign(reaches_goal=False)
    words = replace(searched, best=None, study=None, manifest=manifest, rows=rows).headline()
    assert words.startswith("No trial reaches")
    if ceiling < 1.0:
        assert "assurance cannot exceed" in words and "above zero at all" in words


def test_designs_that_are_simulated_together_are_those_simulated_alone() -> None:
    study = Study.from_dict(QUICK)
    setting = Setting(parameter_source("default"), 1)
    both, alone = (Pool(space_of(study, ()), prices_of(study), None, {}) for _ in range(2))
    simulate_into(both, [(0,), (1,)], setting, replicates=2, draws=20)
    simulate_into(alone, [(1,)], setting, replicates=2, draws=20)
    one, other = both.known[(1,)], alone.known[(1,)]
    assert one is not None and other is not None
    assert np.array_equal(one.effects, other.effects) and np.array_equal(one.sd, other.sd)


def test_a_margin_takes_the_place_of_no_effect(searched: DesignSearch) -> None:
    found = {
        kind: design(
            QUICK | {"analysis": {"hypothesis": {"type": kind, "margin": "4 hairs/cm^2"}}},
            ["week=16", "allocation=1:1", "patients=40"],
            goal=0.5,
            draws=DRAWS,
            replicates=REPLICATES,
            trials=1,
        )
        for kind in ("superiority", "non_inferiority")
    }
    plain = chance_of(searched)
    sure = {kind: result.table["assurance"].iloc[0] for kind, result in found.items()}
    assert sure["superiority"] < plain.assurance(40)[0] < sure["non_inferiority"]
    beyond = float((plain.simulated.effects[:, 0] > 4.0).mean())
    assert found["superiority"].designs["ceiling"].iloc[0] == beyond


@pytest.mark.parametrize(
    ("analysis", "field"),
    [
        ({"hypothesis": {"type": "equivalence", "margin": "4 hairs/cm^2"}}, "analysis.hypothesis"),
        ({"interim": {"at": [0.5]}}, "analysis.interim"),
    ],
)
def test_claims_that_a_search_is_not_of_are_refused(analysis: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as error:
        design(QUICK | {"analysis": analysis})
    assert f"{field}: is not searched" in problem_of(error)
