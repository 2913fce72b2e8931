"""A published baseline is one that patients can have, that the instrument reads and that the criteria admit."""

from __future__ import annotations

import pytest

from anagen.core.errors import InputError, Problem
from anagen.study import Study

STUDY = """
study: baselines
population:
  condition: CONDITION
  sex: {male: 1.0}
  age: {mean: 35, sd: 8, min: 20, max: 60}
  ethnicity: {caucasian: 1.0}
  severity: {SEVERITY}
  baseline: {BASELINE}
arms:
  - {name: treated, patients: 6, therapies: [{therapy: minoxidil}]}
  - {name: control, patients: 6, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: METHOD, visits: [0, 12, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
"""
ALOPECIA_AREATA = ("aa", "salt: {min: 50, max: 100}")
HAIR_LOSS = ("aga", "norwood: [III, IV, V]")


def problems_of(baseline: str, of: tuple[str, str] = HAIR_LOSS, method: str = "phototrichogram") -> list[Problem]:
    """What is wrong with a baseline."""
    condition, severity = of
    text = STUDY.replace("CONDITION", condition).replace("SEVERITY", severity).replace("METHOD", method)
    try:
        Study.parse(text.replace("BASELINE", baseline), "study.yaml")
    except InputError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("baseline", "of", "field", "says"),
    [
        ("mean_diameter: {mean: 1, sd: 0.000001}", HAIR_LOSS, "mean_diameter.mean", "means lie between 20 and 95 um"),
        ("mean_diameter: {mean: -5}", HAIR_LOSS, "mean_diameter.mean", "means lie between 20 and 95 um"),
        ("mean_diameter: {mean: 120}", HAIR_LOSS, "mean_diameter.mean", "means lie between 20 and 95 um"),
        ("mean_diameter: {mean: 60, sd: 0.000001}", HAIR_LOSS, "mean_diameter.sd", "measuring the same hairs twice"),
        ("mean_diameter: {mean: 60, sd: 50}", HAIR_LOSS, "mean_diameter.sd", "deviate by at most 37.4 um"),
        (
            "mean_diameter: {mean: 60, sd: -1}",
            HAIR_LOSS,
            "mean_diameter.sd",
            "patients is more than 0; at this",
        ),
        ("total_density: {mean: 150, sd: -1}", HAIR_LOSS, "total_density.sd", "is at least 9.8 hairs/cm2"),
        ("salt: {mean: 20, sd: 15}", ALOPECIA_AREATA, "salt.mean", "severity stated by salt (50 to 100 points)"),
        ("salt: {mean: 85, sd: 60}", ALOPECIA_AREATA, "salt.sd", "deviate by at most 35.7 points"),
        ("salt: {mean: 85, sd: 0}", ALOPECIA_AREATA, "salt.sd", "Leave it out where none is printed"),
        ("salt: {mean: 120}", ALOPECIA_AREATA, "salt.mean", "is at most 100 points"),
    ],
)
def test_a_baseline_that_nobody_has_is_refused_with_its_line_and_what_is_possible(
    baseline: str, of: tuple[str, str], field: str, says: str
) -> None:
    (problem,) = problems_of(baseline, of)
    assert (problem.line, problem.field) == (9, f"population.baseline.{field}")
    assert says in problem.message


def test_how_fine_hair_may_be_depends_on_the_instrument() -> None:
    assert problems_of("mean_diameter: {mean: 25, sd: 3}") == []
    (problem,) = problems_of("mean_diameter: {mean: 25, sd: 3}", method="macrophotograph")
    assert "the macrophotograph does not see finer hairs" in problem.message
    assert "between 27 and 95 um" in problem.message


@pytest.mark.parametrize(
    ("baseline", "of"),
    [
        ("mean_diameter: {mean: 60, sd: 9}", HAIR_LOSS),
        ("mean_diameter: {mean: 60}", HAIR_LOSS),
        ("total_density: {mean: 150, sd: 30}", HAIR_LOSS),
        ("salt: {mean: 85, sd: 15}", ALOPECIA_AREATA),
    ],
)
def test_a_baseline_that_patients_have_is_taken(baseline: str, of: tuple[str, str]) -> None:
    assert problems_of(baseline, of) == []
