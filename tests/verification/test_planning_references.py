"""Plans and decisions against R 4.2.2 (rpact 3.3.4, pwr 1.3-0, emmeans 1.8.4-1, DoseFinding 1.0-3) and published
examples.

`reference/reference.R` was run once; `reference/reference.txt` is what it printed.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from anagen.statistics import multiplicity
from anagen.statistics.assurance import closed_form, with_draws, with_normal_prior
from anagen.statistics.dose_finding.contrast_test import contrast_test
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.fit import fit
from anagen.statistics.dose_finding.models import Candidate
from anagen.statistics.dose_finding.target_dose import dose_for, target_dose
from anagen.statistics.dunnett import critical_value, dunnett, loadings
from anagen.statistics.gatekeeping import Graph, adjusted_p, rejected
from anagen.statistics.multivariate import chance_within
from anagen.statistics.sample_size import means, normal
from anagen.statistics.sample_size.answer import answer
from anagen.statistics.sample_size.means import MeansPlan
from anagen.statistics.sample_size.ordinal import ordinal_plan
from anagen.statistics.sample_size.shares import shares_plan
from anagen.statistics.sequential.boundaries import obrien_fleming, pocock, spending_design, wang_tsiatis
from anagen.statistics.sequential.conditional import conditional_power, predictive_power
from anagen.statistics.sequential.futility import beta_spending

TEXT = (Path(__file__).parent / "reference" / "reference.txt").read_text(encoding="utf-8")
BIOM = DoseResponse.summaries(
    [0.0, 0.05, 0.2, 0.6, 1.0],
    [0.344905396465, 0.456754284895, 0.81031577158, 0.934436926255, 0.948711416565],
    [20] * 5,
    0.7123633233834064,
)
"""Group means and pooled SD of the data set biom of DoseFinding, which are all that the method takes from it."""
CANDIDATES = [
    Candidate("linear"),
    Candidate("emax", (0.05,)),
    Candidate("exponential", (0.2,)),
    Candidate("sigmoid_emax", (0.5, 4.0)),
]


def section(number: str) -> str:
    found = re.search(rf"^===== {number} .*?\n(.*?)(?=^=====|\Z)", TEXT, re.M | re.S)
    assert found is not None
    return found.group(1)


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]


def line(number: str, start: str) -> str:
    (found,) = [each for each in section(number).splitlines() if each.startswith(start)]
    return found[len(start) :]


@pytest.mark.parametrize("method", ["bonferroni", "holm", "hochberg", "hommel", "BH"])
def test_adjusted_p_values_are_those_of_r(method: str) -> None:
    found = multiplicity.adjusted([0.011, 0.02, 0.022, 0.043, 0.3], method)
    assert found == pytest.approx(numbers(line("2", method)), rel=1e-7)


def test_critical_values_of_dunnett_are_those_of_r() -> None:
    rows = [row.split() for row in section("2b").strip().splitlines()]
    assert len(rows) == 12
    for treatments, df, wanted in rows:
        assert critical_value(loadings([1] * int(treatments), 1), float(df)) == pytest.approx(float(wanted), abs=2e-7)


def test_dunnett_is_the_multivariate_t_chance_with_unequal_groups_and_near_the_approximation_of_emmeans() -> None:
    estimates, se = [4.982555763, 6.984860929], [3.636959811, 3.579869449]
    loading = loadings([38, 41], 36)
    result = dunnett(estimates, se, loading, 111)
    correlation = np.outer(loading, loading)
    np.fill_diagonal(correlation, 1.0)
    for estimate, error, p in zip(estimates, se, result.p, strict=True):
        bound = np.full(2, estimate / error)
        inside, mc = chance_within(-bound, bound, correlation, 111)
        assert p == pytest.approx(1.0 - inside, abs=4 * mc + 1e-6)
    # emmeans says of dunnettx that it is approximate; it takes one value of correlation and no integral
    assert result.p == pytest.approx([0.2986, 0.0994], abs=0.01)
    assert result.low == pytest.approx([-3.20, -1.07], abs=0.06)


def test_sizes_and_powers_of_the_t_test_are_those_of_pwr_and_rpact() -> None:
    rows = [numbers(row) for row in section("6").splitlines() if row.startswith("delta")]
    assert len(rows) == 12
    for difference, sd, _, eighty, _, ninety, _, power in rows:
        plan = MeansPlan(difference, sd)
        assert means.patients_for(plan, 0.8).first == pytest.approx(eighty, abs=1e-4)
        assert means.patients_for(plan, 0.9).first == pytest.approx(ninety, abs=1e-4)
        assert means.power_of(plan, plan.size(80)) == pytest.approx(power, abs=1e-6)
    unequal = means.patients_for(MeansPlan(10, 20, 0.025, 1, allocation=2.0), 0.8)
    wanted = numbers(line("6", "2:1 delta 10 sd 20 80%:"))
    assert [unequal.first, unequal.second, unequal.total] == pytest.approx(wanted, abs=1e-4)
    inferior = MeansPlan(0.0, 20.0, 0.025, 1, test="non_inferiority", margin=8.0)
    (wanted_ni,) = numbers(line("6", "non-inferiority margin 8, true 0, sd 20:"))
    assert means.patients_for(inferior, 0.8).total == pytest.approx(wanted_ni, abs=1e-4)
    (pairs,) = numbers(line("6", "paired, delta 5, sd of difference 18, 80%:"))
    assert means.patients_for(MeansPlan(5.0, 18.0, layout="paired"), 0.8).total == pytest.approx(pairs, abs=1e-4)
    (shares,) = numbers(line("6", "rates .6 v .4:"))
    assert normal.patients_for(shares_plan(0.6, 0.4), 0.8).total == pytest.approx(shares, abs=1e-4)


@pytest.mark.parametrize(("cv", "patients", "wanted"), [(0.25, 28, 0.807439), (0.30, 40, 0.815845)])
def test_power_of_equivalence_in_a_crossover_is_that_of_the_examples_of_powertost(
    cv: float, patients: int, wanted: float
) -> None:
    within = math.sqrt(math.log(cv * cv + 1.0))
    plan = MeansPlan(
        math.log(0.95), within * math.sqrt(2), 0.05, 1, layout="crossover", test="equivalence", margin=math.log(1.25)
    )
    assert means.power_of(plan, plan.size(patients)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(("dropout", "patients"), [(0.0, 168), (0.1, 186)])
def test_both_orders_of_a_crossover_hold_equally_many(dropout: float, patients: int) -> None:
    asked = MeansPlan(difference=5.0, sd=22.9, layout="crossover")
    told = answer(asked, dropout=dropout)
    assert told.needed.total == pytest.approx(166.5835, abs=1e-4)
    assert told.randomised == (patients,)
    assert all(total % 2 == 0 for row in told.nearby for total in row["patients"].values())


def test_size_for_an_ordered_score_is_that_of_the_example_of_whitehead() -> None:
    """Whitehead 1993: control 0.2, 0.5, 0.2, 0.1, log odds ratio 0.887, 90 % power: 187 patients."""
    assert normal.patients_for(ordinal_plan([0.2, 0.5, 0.2, 0.1], math.exp(0.887)), 0.9).total == pytest.approx(
        187, abs=0.5
    )


def test_assurance_is_that_of_r() -> None:
    rows = [numbers(row) for row in section("7").splitlines() if row.startswith("n ")]
    assert len(rows) == 5
    plan = MeansPlan(8.0, 20.0)
    for n, closed, integral, _ in rows:
        assert closed_form(8.0, 9.0, 20.0 * math.sqrt(2.0 / n)) == pytest.approx(closed, abs=1e-7)
        assert with_normal_prior(plan, plan.size(2 * n), 8.0, 9.0).chance == pytest.approx(integral, abs=1e-6)


def test_assurance_of_draws_is_that_of_their_distribution_within_its_monte_carlo_error() -> None:
    from anagen.core.streams import Purpose, normals

    plan = MeansPlan(8.0, 20.0)
    draws = 8.0 + 9.0 * normals(1, Purpose.PARAMETER, patient=np.arange(20_000))
    exact, found = with_normal_prior(plan, plan.size(80), 8.0, 9.0), with_draws(plan, plan.size(80), draws)
    assert 0.0 < found.mc_error < 0.01
    assert found.chance == pytest.approx(exact.chance, abs=3 * found.mc_error)
    assert found.ceiling == pytest.approx(exact.ceiling, abs=3 * found.ceiling_mc_error)
    assert found.effect_given_success == pytest.approx(exact.effect_given_success, abs=0.3)


@pytest.mark.parametrize("looks", [2, 3, 4, 5])
@pytest.mark.parametrize(("name", "family"), [("OF", obrien_fleming), ("P", pocock)])
def test_boundaries_inflation_and_expected_size_are_those_of_rpact(name: str, family: type, looks: int) -> None:
    z, spent, inflation, ratio = (
        numbers(part) for part in line("8", f"{name} {looks} z").replace("80%", "").split("|")
    )
    design = family(looks)
    assert design.efficacy == pytest.approx(z, abs=1e-5)
    assert design.alpha_spent() == pytest.approx(spent, abs=1e-7)
    assert design.inflation(0.8) == pytest.approx(inflation[0], abs=1e-5)
    assert design.expected_ratio(0.8) == pytest.approx(ratio[-1], abs=1e-5)


def test_boundaries_of_spending_functions_are_those_of_rpact() -> None:
    for name, kind in (("asOF", "obrien_fleming"), ("asP", "pocock")):
        for times in ([0.5, 1.0], [0.3, 0.6, 1.0]):
            shown = ",".join(f"{time:g}" for time in times)
            z, spent = (numbers(part) for part in line("8", f"{name} {shown} z").split("cum alpha"))
            design = spending_design(times, kind)
            assert design.efficacy == pytest.approx(z, abs=1e-5)
            assert design.alpha_spent() == pytest.approx(spent, abs=1e-7)
    assert spending_design(4, "hwang_shih_decani", gamma=-4.0).efficacy == pytest.approx(
        numbers(line("8", "HSD -4, K=4 z")), abs=1e-5
    )
    assert wang_tsiatis(3, 0.25).efficacy == pytest.approx(numbers(line("8", "Wang-Tsiatis .25 K=3 z")), abs=1e-5)
    z, futility = (numbers(part) for part in line("8", "asOF + bsOF non-binding: z").split("futility z"))
    stopped = beta_spending(spending_design([0.5, 1.0]))
    assert stopped.efficacy == pytest.approx(z, abs=1e-5)
    assert stopped.futility[0] == pytest.approx(futility[0], abs=1e-5)


def test_patients_with_looks_are_those_of_rpact() -> None:
    most, under, fixed = numbers(line("8", "asOF .5/1 delta 10 sd 20: max n").replace("expected n H1", ""))
    plan, design = MeansPlan(10.0, 20.0, 0.025, 1), spending_design([0.5, 1.0])
    alone = means.patients_for(plan, 0.8).total
    assert alone == pytest.approx(fixed, abs=1e-4)
    assert alone * design.inflation(0.8) == pytest.approx(most, abs=1e-4)
    assert alone * design.expected_ratio(0.8) == pytest.approx(under, abs=1e-3)


def test_conditional_and_predictive_power_are_those_of_the_formula() -> None:
    trend, null, flat = numbers(line("9", "CP current trend"))
    assert conditional_power(1.2, 0.5, 1.959964) == pytest.approx(trend, abs=1e-7)
    assert conditional_power(1.2, 0.5, 1.959964, 0.0) == pytest.approx(null, abs=1e-7)
    assert predictive_power(1.2, 0.5, 1.959964) == pytest.approx(flat, abs=1e-7)


def test_dose_finding_is_that_of_dosefinding() -> None:
    result = contrast_test(BIOM, CANDIDATES)
    table = section("11")
    wanted = np.array([numbers(row)[1:] for row in table.rstrip().splitlines()[-5:]])
    assert pytest.approx(wanted, abs=1e-7) == result.contrasts.T
    for at, name in enumerate(("linear", "emax", "exponential", "sigEmax")):
        t, p = numbers(re.findall(rf"^{name} +(\d\.\d{{3}} 0\.\d+)$", table, re.M)[0])
        assert result.t[at] == pytest.approx(t, abs=6e-4)
        # R integrates by quasi-random points with an allowed error of 1e-3
        assert result.p[at] == pytest.approx(p, abs=1e-3)
    assert result.p_error.max() < 1e-4
    assert result.shown
    curve = fit(BIOM, "emax")
    assert [curve.e0, curve.e1, *curve.parameters] == pytest.approx([0.32161066, 0.74629845, 0.14218710], abs=1e-6)
    assert dose_for(curve, 0.4) == pytest.approx(0.16423649, abs=1e-6)
    target = target_dose(BIOM, curve, 0.4)
    assert target.low < target.dose < target.high


def test_a_graph_of_equal_shares_is_holm_and_a_chain_is_the_fixed_sequence() -> None:
    names = ["a", "b", "c", "d"]
    for p in ([0.011, 0.02, 0.022, 0.043], [0.3, 0.001, 0.04, 0.01], [0.5, 0.5, 0.5, 0.001], [0.0, 0.02, 1.0, 0.02]):
        assert adjusted_p(Graph.holm(names), p) == pytest.approx(multiplicity.holm(p))
        assert adjusted_p(Graph.chain(names), p) == pytest.approx(multiplicity.fixed_sequence(p))


def test_a_graph_of_two_doses_with_two_endpoints_is_worked_through_by_hand() -> None:
    """Two primary hypotheses with half of alpha each, which hand half on to each other and half to their secondary."""
    graph = Graph.of(
        ["high primary", "low primary", "high secondary", "low secondary"],
        [0.5, 0.5, 0.0, 0.0],
        [[0, 0.5, 0.5, 0], [0.5, 0, 0, 0.5], [0, 1, 0, 0], [1, 0, 0, 0]],
    )
    p = [0.01, 0.02, 0.013, 0.6]
    # high primary at 0.01 / 0.5; low primary then has 0.75 of alpha
    assert adjusted_p(graph, p)[:2] == pytest.approx([0.02, 0.02 / 0.75])
    assert rejected(graph, p, 0.05) == dict(zip(graph.names, [True, True, True, False], strict=True))
