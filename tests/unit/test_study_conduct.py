"""Keys of how a trial is carried out: read, refused with what to write instead, silent where they are left out."""

from __future__ import annotations

import pytest

from anagen.core.errors import InputError
from anagen.study import Study, describe
from anagen.study.common_words import ELSEWHERE, IN_ANALYSIS, VALUES, where_it_goes
from anagen.study.conduct_words import IN_FOLLOW_UP
from anagen.study.models import StudyFields

STUDY = """
study: conduct
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - {name: drug, patients: 12, therapies: [{therapy: finasteride}]}
  - {name: control, patients: 12, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "0.3 cm^2", method: phototrichogram, visits: [0, 12, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
design: {DESIGN}
intercurrent: [EVENTS]
analysis: {ANALYSIS}
"""
STOPS = "{event: stops_treatment, share: 0.2}"


def study(design: str = "dropout: 0.1", events: str = "", analysis: str = "alpha: 0.05") -> Study:
    return Study.parse(STUDY.replace("DESIGN", design).replace("EVENTS", events).replace("ANALYSIS", analysis))


def test_a_study_that_states_none_of_the_keys_is_written_without_them() -> None:
    dumped = study().model_dump(mode="json")
    assert "intercurrent" not in dumped
    assert set(dumped["design"]) == {"layout", "randomisation", "blinding", "dropout"}
    assert set(dumped["design"]["randomisation"]) == {"method", "block", "strata"}
    assert set(dumped["analysis"]) == {"method", "estimand", "alpha"}
    assert "window" not in dumped["measurement"]
    shipped = Study.load("exosome-vs-saline")
    assert shipped.sha256 == "145e093d39423336862702394bf67630823149b01f0b55913eb56a9859c2cb26"


def test_what_was_read_is_the_same_when_it_is_written_and_read_again() -> None:
    whole = study(
        "dropout: {share: 0.2, depends_on: change, strength: odds ratio 3 per SD}, "
        'centres: {number: 3, sd: "4 hairs/cm2"}, '
        "enrolment: {per_month: 5, ramp: 3 months}, cost: {patient: 3000 EUR}, wash_in: 4, "
        'placebo_response: {control: "3 hairs/cm^2"}',
        STOPS + ", {event: switch, share: 0.1, therapies: [{therapy: dutasteride}]}",
    )
    assert whole.design.leaving.odds_ratio == 3.0
    assert whole.design.enrolment is not None and round(whole.design.enrolment.ramp.value, 2) == 13.04
    assert Study.parse(whole.to_yaml()) == whole
    assert Study.from_dict(whole.to_dict()) == whole


def test_one_share_of_dropout_means_the_same_as_a_rule_with_that_share() -> None:
    assert study().design.leaving == study("dropout: {share: 0.1}").design.leaving


@pytest.mark.parametrize(
    ("design", "events", "analysis", "field", "says"),
    [
        ("dropout: {share: 0.1, mechanism: mar}", "", "", "design.dropout.mechanism", "needs depends_on"),
        ("dropout: {share: 0.1, by_arm: {vehicle: 0.2}}", "", "", "design.dropout.by_arm.vehicle", "there is no arm"),
        ("dropout: {share: 0.1, depends_on: baseline, mechanism: mnar}", "", "", "design.dropout.mechanism", "mar"),
        ("centres: {number: 3, sd: 4}", "", "", "design.centres.sd", "expected text with a unit"),
        ('centres: {number: 3, sd: "4 hairs/cm^2", sizes: [1, 2]}', "", "", "design.centres.sizes", "there are 3"),
        ("cost: {patient: 3000 EUR, visit: 100 USD}", "", "", "design.cost.visit", "nothing is converted"),
        ("randomisation: {strata: [centre]}", "", "", "design.randomisation.strata[0]", "stratum of one centre"),
        ("randomisation: {exact: true}", "", "", "design.randomisation.exact", "exactly its patients anyhow"),
        ("randomisation: {method: minimisation}", "", "", "design.randomisation.method", "names none"),
        ("dropout: 0", "{event: switch, share: 0.1}", "", "intercurrent[0].therapies", "is missing"),
        ("dropout: 0", "{event: transplant, share: 0.1}", "", "intercurrent[0].event", "write analysis.estimand"),
        ("dropout: 0", "{event: transplant, share: 0.1}", "estimand: treatment_policy", "analysis.estimand", "grafts"),
        ("dropout: 0", STOPS, "estimand: composite", "endpoints.primary.measure", "analysis.worst"),
        ("layout: split_scalp", STOPS, "", "intercurrent", "one side of a scalp"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_the_reason(
    design: str, events: str, analysis: str, field: str, says: str
) -> None:
    with pytest.raises(InputError) as caught:
        study(design, events, analysis or "alpha: 0.05")
    found = {problem.field: problem.message for problem in caught.value.problems}
    assert says in found.get(field, ""), found


@pytest.mark.parametrize("word", sorted({*ELSEWHERE, *IN_ANALYSIS} - set(StudyFields.model_fields)))
def test_a_common_word_at_the_top_is_answered_with_where_it_goes(word: str) -> None:
    text = STUDY.replace("DESIGN", "dropout: 0.1").replace("EVENTS", "").replace("ANALYSIS", "alpha: 0.05")
    with pytest.raises(InputError) as caught:
        Study.parse(text + f"{word}: 1\n")
    (problem,) = caught.value.problems
    goes = where_it_goes(word)
    assert goes is not None
    assert problem.field == word and problem.message == f"unknown key here; {goes}"


def test_a_common_value_is_answered_with_what_to_write() -> None:
    with pytest.raises(InputError) as caught:
        study(analysis="estimand: itt")
    assert VALUES["itt"] in caught.value.problems[0].message


def test_treatment_policy_is_said_only_where_it_is_what_is_done() -> None:
    plain, stopping = describe(study()), describe(study(events=STOPS))
    assert IN_FOLLOW_UP in plain and "treatment policy" not in plain
    assert "treatment policy" in stopping and "20 % stop treatment and stay in follow-up" in stopping


@pytest.mark.parametrize(
    ("design", "field"),
    [
        ('placebo_response: {placebo: "1e6 hairs/cm^2"}', "design.placebo_response"),
        ('centres: {number: 3, sd: "5000 hairs/cm^2"}', "design.centres.sd"),
    ],
)
def test_shifts_that_no_hair_can_have_are_refused(design: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        study(design)
    told = [(str(problem.field), problem.message) for problem in caught.value.problems]
    assert any(place.startswith(field) and "at most 100" in message for place, message in told)


def test_a_window_in_which_visits_change_places_is_refused() -> None:
    with pytest.raises(InputError, match="change places"):
        study().set("measurement.window", "100 weeks")


def test_check_tells_how_far_numbers_per_arm_vary() -> None:
    vary, exact = (
        describe(study(f"randomisation: {{block: 4, strata: [severity]{more}}}")) for more in ("", ", exact: true")
    )
    assert "an arm by up to 1 in each stratum that ends within a block" in vary
    assert "exactly its patients" in exact and "vary from plan" not in exact
