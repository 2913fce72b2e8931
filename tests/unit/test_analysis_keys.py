"""What a study file says of its analysis is checked at its line, told in words, and left out changes nothing."""

from __future__ import annotations

import pytest

from anagen.core.errors import InputError
from anagen.planning.question import question_of
from anagen.study import Study, describe

TEXT = """
study: keys
population: {condition: aga, sex: {male: 1}, age: {mean: 38, sd: 9, min: 20, max: 60}, ethnicity: {asian: 1}}
arms:
  - {name: low, patients: 20, therapies: [{therapy: finasteride, dose: 0.2 mg, schedule: {per_day: 1}}]}
  - {name: high, patients: 20, therapies: [{therapy: finasteride, dose: 1 mg, schedule: {per_day: 1}}]}
  - {name: placebo, patients: 20, control: true, therapies: [{therapy: placebo, schedule: {per_day: 1}}]}
measurement: {zone: vertex, target_area: 1 cm^2, method: phototrichogram, visits: [0, 12, 24]}
endpoints:
  primary: {endpoint: total_density, week: 24, measure: change}
  secondary: [{endpoint: total_density, week: 24, measure: responder, threshold: 10}]
design: {randomisation: {method: block, block: 6}}
analysis: {ANALYSIS}
"""


def study(analysis: str = "alpha: 0.05") -> Study:
    return Study.parse(TEXT.replace("ANALYSIS", analysis))


def faults(analysis: str) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        study(analysis)
    assert all(problem.line == 13 for problem in caught.value.problems), caught.value.problems
    return {str(problem.field): problem.text() for problem in caught.value.problems}


def test_defaults_written_out_are_no_difference() -> None:
    plain = study("method: ancova, sided: 2, variance: classical, missing: complete_cases, covariates: []")
    assert plain.sha256 == study().sha256
    assert "sided" not in study().model_dump(mode="json")["analysis"]
    assert study("sided: 1, alpha: 0.025").sha256 != study().sha256


@pytest.mark.parametrize(
    ("analysis", "field", "says"),
    [
        ("method: mmmrm", "analysis.method", "did you mean 'mmrm'"),
        ("method: mixed_model", "analysis.method", "allowed: ancova, ancova_all_arms, mmrm"),
        ("covariates: [severity]", "analysis.covariates", "write method: ancova_all_arms or mmrm"),
        ("method: mmrm, covariates: [severty]", "analysis.covariates[0]", "did you mean 'severity'"),
        ("method: mmrm, covariates: [centre]", "analysis.covariates[0]", "covariate of one centre"),
        ("method: mmrm, covariates: [sex]", "analysis.covariates[0]", "same for all patients"),
        ("method: mmrm, missing: last_observation", "analysis.missing", "fills nothing in"),
        ("hypothesis: {type: non_inferiority}", "analysis.hypothesis", "needs a margin"),
        ("hypothesis: {type: non_inferiority, margin: 8}", "analysis.hypothesis.margin", "8 hairs/cm^2"),
        ("hypothesis: {type: non_inferiority, margin: 8 um}", "analysis.hypothesis.margin", "hairs/cm^2"),
        ("hypothesis: {type: superior}", "analysis.hypothesis.type", "did you mean 'superiority'"),
        ("multiplicity: holms", "analysis.multiplicity.method", "did you mean 'holm'"),
        ("multiplicity: dunnett", "analysis.multiplicity.method", "one model for all arms"),
        (
            "multiplicity: {method: fixed_sequence, order: [hgh, low]}",
            "analysis.multiplicity.order[0]",
            "did you mean 'high'",
        ),
        ("multiplicity: {method: fixed_sequence, order: [high]}", "analysis.multiplicity.order", "every claim once"),
        (
            "multiplicity: {method: graph, weights: {high: 0.7, low: 0.5}}",
            "analysis.multiplicity.weights",
            "at most 1 in all",
        ),
        ("interim: {at: [1.0]}", "analysis.interim.at[0]", "less than 1"),
        ("interim: {at: [0.5, 0.3]}", "analysis.interim.at", "must increase"),
        ("interim: {at: [0.5], futility: 0.0}", "analysis.interim.futility", "one-sided"),
        ("interim: {at: [0.5], efficacy: none, keep_arms: 2}", "analysis.interim.keep_arms", "none is dropped"),
        ("interim: {at: [0.5], keep_arms: 1}", "analysis.interim.keep_arms", "efficacy: none"),
        ("interim: {at: [0.5]}, multiplicity: holm", "analysis.multiplicity.method", "several looks"),
        (
            "dose_response: {doses: {low: 1 mg, hih: 2 mg}, shapes: [{shape: linear}]}",
            "analysis.dose_response.doses.hih",
            "did you mean 'high'",
        ),
        (
            "dose_response: {doses: {low: 1 mg, high: 2 g}, shapes: [{shape: linear}]}",
            "analysis.dose_response.doses",
            "several units",
        ),
        (
            "dose_response: {doses: {low: 1 mg, high: 2 mg}, shapes: [{shape: emax}]}",
            "analysis.dose_response.shapes[0]",
            "ed50",
        ),
        ("sided: 1, alpha: 0.025, interim: {at: [0.5], futility: 3.0}", "analysis.interim.futility", "no such bounds"),
        ("interim: {at: [0.999]}", "analysis.interim.at", "no such bounds"),
        ("sided: 1, alpha: 1.0e-7, interim: {at: [0.5]}", "analysis.interim", "alpha"),
        (
            "sided: 1, alpha: 0.025, interim: {at: [0.5], efficacy: none, futility: pocock, binding: true}",
            "analysis.interim.binding",
            "bounds for success",
        ),
        (
            "dose_response: {doses: {low: 1 mg, high: 2 mg}, shapes: [{shape: emax, parameters: {ed50: -1}}]}",
            "analysis.dose_response.shapes[0].parameters",
            "emax with ed50: -1",
        ),
        ("multiplicity: {method: graph, weights: {high: 0, low: 0}}", "analysis.multiplicity.weights", "all 0"),
        ("imputations: 20", "analysis.imputations", "belongs to missing"),
        ("missing: jump_to_reference, delta: 3 um", "analysis.delta", "unit of no endpoint"),
        ("sided: 1, alpha: 0.4", "analysis.alpha", "at most 0.25"),
        ("missing: locf", "analysis.missing", "write last_observation"),
    ],
)
def test_what_cannot_be_analysed_is_refused_at_its_line(analysis: str, field: str, says: str) -> None:
    found = faults(analysis)
    assert says in found.get(field, ""), found


@pytest.mark.parametrize(
    ("analysis", "words"),
    [
        ("method: mmrm, covariates: [severity]", "Mixed model for repeated measures"),
        ("method: ancova_all_arms, variance: hc3", "standard errors HC3"),
        ("sided: 1, alpha: 0.025", "one-sided significance level 0.025, 95 % interval"),
        ("missing: jump_to_reference, imputations: 20", "drawn 20 times; after leaving, a patient follows the control"),
        ("hypothesis: {type: equivalence, margin: 5 hairs per cm²}", "within 5 hairs per cm² of the control"),
        ("multiplicity: {method: fixed_sequence, order: [high, low]}", "Claims: high and low; tested in this order"),
        ("sided: 1, alpha: 0.025, interim: {at: [0.5], efficacy: none, keep_arms: 1}", "1 arm with the largest"),
        (
            "dose_response: {doses: {low: 0.2 mg, high: 1 mg}, shapes: [{shape: linear}], target: 8 hairs/cm^2}",
            "Dose-response (MCP-Mod) over low 0.2 mg and high 1 mg",
        ),
    ],
)
def test_the_analysis_is_told_in_words(analysis: str, words: str) -> None:
    assert words in describe(study(analysis))


def test_one_model_for_all_arms_is_not_told_as_pairs() -> None:
    assert "analysis of its two arms alone" in describe(study())
    assert "analysis of its two arms alone" not in describe(study("method: ancova_all_arms"))


def test_power_asks_for_no_other_claims_than_the_study_states() -> None:
    with pytest.raises(InputError, match="tests together"):
        question_of(study("multiplicity: holm"), [20], weeks=[12.0])


def test_a_comparator_that_is_no_arm_is_told_where_it_stands() -> None:
    text = TEXT.replace("{name: high, patients: 20,", "{name: high, patients: 20, further_comparators: [plcebo],")
    with pytest.raises(InputError) as caught:
        Study.parse(text.replace("ANALYSIS", "hypothesis: superiority"))
    (problem,) = caught.value.problems
    assert problem.field == "arms[1].further_comparators[0]" and problem.suggestion == "placebo"


def test_an_arm_that_others_are_compared_with_cannot_be_dropped() -> None:
    text = TEXT.replace("{name: high, patients: 20,", "{name: high, patients: 20, comparator: low,")
    with pytest.raises(InputError, match="can be dropped itself"):
        Study.parse(text.replace("ANALYSIS", "interim: {at: [0.5], efficacy: none, keep_arms: 1}"))
