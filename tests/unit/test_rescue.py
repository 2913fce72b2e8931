"""A switch for non-response: who is rescued, with what, and what is refused; simulated in `verification`."""

from __future__ import annotations

from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml

from anagen.core.errors import InputError
from anagen.explanation.case import case_of
from anagen.parameters import load_parameters
from anagen.scalp import Readings
from anagen.study import Study, describe
from anagen.study.schema import study_json_schema
from anagen.trials.cost import size_of
from anagen.trials.protocol import protocol
from anagen.validation.cases import treatment_of
from rescues import RESCUE, rescue_study, written


def problem_of(text: str) -> tuple[str, int | None, str]:
    """Field, line and message of the one problem of a study."""
    with pytest.raises(InputError) as caught:
        Study.parse(text, "study.yaml")
    (problem,) = caught.value.problems
    return problem.field, problem.line, f"{problem}"


@pytest.mark.parametrize(
    ("rescue", "field", "words"),
    [
        (RESCUE.replace("total_density", "totl_density"), "rescue.endpoint", ("unknown endpoint", "total_density")),
        (RESCUE.replace("total_density", "salt"), "rescue.endpoint", ("is not read in", "'aa'")),
        (RESCUE.replace("week: 24", "week: 20"), "rescue.week", ("not the week of a visit", "'12', '24', '36'", "24")),
        (RESCUE.replace("week: 24", "week: 0"), "rescue.week", ("not after baseline", "'12', '24', '36'")),
        (RESCUE.replace("week: 24", "week: 48"), "rescue.week", ("is the last visit", "36")),
        (RESCUE.replace("week: 24", "week: 60"), "rescue.week", ("after the last visit (week 48)",)),
        (RESCUE.replace("[{therapy: dutasteride}]", "[]"), "rescue.therapies", ("is empty", "therapy: none")),
        (RESCUE.replace("change_below: 5, ", ""), "rescue", ("needs change_below",)),
        (RESCUE.replace("below: 5", "below: 5, change_above: 5"), "rescue.change_above", ("one of the two",)),
        (RESCUE.replace("change_below", "change_above"), "rescue.change_above", ("write change_below",)),
        (RESCUE.replace("below: 5", "below: 50000"), "rescue.change_below", ("cannot be a change",)),
        (
            RESCUE.replace("{therapy: dutasteride}", "{therapy: dutasteride, schedule: {start: 12}}"),
            "rescue.therapies[0].schedule.start",
            ("week 12 is before the rescue (week 24)", "count from baseline", "24"),
        ),
        (
            RESCUE.replace("{therapy: dutasteride}", "{therapy: minoxidil, schedule: [{from: 4, until: 30}]}"),
            "rescue.therapies[0].schedule[0].from",
            ("week 4 is before the rescue",),
        ),
        (
            RESCUE.replace("dutasteride", "dutasterid"),
            "rescue.therapies[0].therapy",
            ("unknown therapy", "dutasteride"),
        ),
        (
            RESCUE.replace("dutasteride", "hair-transplantation"),
            "rescue.therapies[0].therapy",
            ("cannot be given in an arm with a rescue",),
        ),
        (
            RESCUE.replace("dutasteride}", "dutasteride, route: topical}"),
            "rescue.therapies[0].route",
            ("not given by",),
        ),
    ],
)
def test_a_rescue_that_cannot_be_is_told_with_its_line_and_field(
    rescue: str, field: str, words: tuple[str, ...]
) -> None:
    text = written(rescue)
    where, line, message = problem_of(text)
    assert where == f"arms[0].{field}"
    assert line is not None
    assert "rescue:" in text.splitlines()[line - 1]
    assert [word for word in words if word not in message] == []


def test_what_others_are_compared_with_and_the_sides_of_a_scalp_have_no_rescue() -> None:
    control = written("").replace("control: true,", f"control: true, {RESCUE},")
    field, _, message = problem_of(control)
    assert (field, "control arm" in message) == ("arms[1].rescue", True)
    compared = written(RESCUE) + "  - {name: other, patients: 12, comparator: switching, therapies: []}\n"
    text = compared.replace("measurement:", "\x00").split("\x00")
    last = text[1].split("  - {name: other")
    field, _, message = problem_of(text[0] + "  - {name: other" + last[1] + "measurement:" + last[0])
    assert (field, "other is compared with it" in message) == ("arms[0].rescue", True)
    halved = written(RESCUE, own="[{therapy: minoxidil}]").replace("design: {", "design: {layout: split_scalp, ")
    field, _, message = problem_of(halved.replace("dutasteride", "minoxidil"))
    assert (field, "sides of one scalp" in message) == ("arms[0].rescue", True)


def test_a_rescue_starts_in_its_week_and_cuts_what_was_given_before() -> None:
    course, late = (
        "{therapy: exosome, schedule: {every: 8, sessions: 5}}",
        "{therapy: minoxidil, schedule: {start: 30}}",
    )
    own = f"[{{therapy: finasteride}}, {course}, {late}]"
    plan = protocol(rescue_study(RESCUE, own=own))
    (rescue,) = plan.rescues
    given = {p.therapy.name: p.doses.days for p in rescue.prescriptions}
    assert list(given) == ["finasteride", "exosome", "dutasteride"]
    assert given["finasteride"].max() == 24 * 7 - 1
    assert given["exosome"].tolist() == [0.0, 56.0, 112.0]
    assert given["dutasteride"].min() == 24 * 7
    assert plan.courses == (*plan.prescriptions, rescue.prescriptions)
    later = RESCUE.replace("{therapy: dutasteride}", "{therapy: dutasteride, schedule: {from: 30}}")
    assert protocol(rescue_study(later)).rescues[0].prescriptions[-1].doses.days[0] == 210.0


def test_a_rescue_with_the_same_drug_is_one_substance_at_another_dose() -> None:
    more = RESCUE.replace("{therapy: dutasteride}", '{therapy: finasteride, dose: "5 mg"}')
    (rescue,) = protocol(rescue_study(more)).rescues
    before, after = rescue.prescriptions
    assert (before.therapy.name, after.therapy.name) == ("finasteride", "finasteride")
    assert after.doses.amounts[0] == 5.0 * before.doses.amounts[0]
    topical = RESCUE.replace("{therapy: dutasteride}", "{therapy: finasteride, adherence: {mean: 0.5}}")
    assert rescue_study(topical).arms[0].rescue is not None


def test_less_is_better_where_a_rescue_asks_for_change_above() -> None:
    rescue = "rescue: {week: 24, endpoint: salt, change_above: -20, therapies: [{therapy: ritlecitinib}]}"
    text = written(rescue, own="[{therapy: intralesional-steroid}]").replace("condition: aga", "condition: aa")
    field, _, message = problem_of(text.replace("change_above", "change_below"))
    assert (field, "write change_above" in message) == ("arms[0].rescue.change_below", True)
    plan = protocol(Study.parse(text, "study.yaml"))
    assert "has changed from baseline by more than -20" in describe(plan.study)
    salt = np.zeros((3, 5, len(plan.endpoints)))
    salt[:, 0] = 80.0
    salt[:, 2] = np.array([[70.0], [40.0], [np.nan]])
    assert plan.rescues[0].is_for(Readings(salt, salt, salt), plan).tolist() == [True, False, False]


def test_a_study_without_a_rescue_keeps_its_hash_and_one_with_a_rescue_has_its_own() -> None:
    plain = rescue_study("")
    assert rescue_study("rescue:").sha256 == plain.sha256
    hashes = {plain.sha256, rescue_study(RESCUE).sha256, rescue_study(RESCUE.replace("5", "6")).sha256}
    assert len(hashes) == 3
    spelt = RESCUE.replace(
        "{therapy: dutasteride}", "{therapy: Avodart, dose: 500 ug, schedule: {from: 24, until: 48}}"
    )
    assert rescue_study(spelt).sha256 == rescue_study(RESCUE).sha256


def test_a_rescue_is_written_read_and_changed_again() -> None:
    study = rescue_study(RESCUE)
    assert Study.from_dict(study.to_dict()).sha256 == study.sha256
    assert Study.parse(study.to_yaml()).sha256 == study.sha256
    moved = study.set("arms.switching.rescue.week", 36)
    assert moved.sha256 == rescue_study(RESCUE.replace("24", "36")).sha256
    more = study.set("arms.switching.rescue.change_below", 9)
    assert more.sha256 == rescue_study(RESCUE.replace("5", "9")).sha256
    phases = RESCUE.replace("{therapy: dutasteride}", "{therapy: minoxidil, schedule: [{until: 30}, {dose: 2 mL}]}")
    moved = rescue_study(phases).set("arms.switching.rescue.week", 12)
    assert moved.sha256 == rescue_study(phases.replace("24", "12")).sha256


def test_the_schema_knows_a_rescue() -> None:
    def fits(text: str) -> bool:
        data: Any = yaml.safe_load(text)
        return jsonschema.Draft202012Validator(study_json_schema()).is_valid(data)

    assert fits(written(RESCUE))
    assert not fits(written(RESCUE.replace("total_density", "density of hair")))
    assert not fits(written(RESCUE.replace("change_below", "below")))


def test_check_says_who_is_rescued_when_and_with_what() -> None:
    text = describe(rescue_study(RESCUE))
    assert (
        "Rescue in week 24: in place of it, those whose measured total hair density has changed from baseline by less "
        "than 5 hairs/cm2 go on with dutasteride, by mouth, 0.5 mg per day, once a day from week 24 to week 48" in text
    )
    assert "  - dutasteride: " in text.partition("How far to trust it")[2]


def test_contraindications_of_a_rescue_are_told() -> None:
    women = written(RESCUE.replace("dutasteride", "finasteride"), own="[{therapy: minoxidil}]")
    field, _, _ = problem_of(women.replace("{male: 1.0}", "{female: 1.0}"))
    assert field == "arms[0].rescue.therapies[0].therapy"


def test_an_arm_with_a_rescue_is_not_explained() -> None:
    with pytest.raises(InputError, match=r"switching has a rescue") as caught:
        case_of(rescue_study(RESCUE), "switching", seed=1, source="prior")
    assert caught.value.problems[0].field == "arms[0].rescue"


def test_a_rescue_costs_a_course_and_its_parameters_are_read() -> None:
    studies = rescue_study(RESCUE), rescue_study("")
    with_one, without = (protocol(study).parameter_names() for study in studies)
    assert {name.partition(".")[0] for name in with_one - without} >= {"dutasteride"}
    central = load_parameters("prior").central()
    assert [size_of(study, central, trials=1, draws=0).arms for study in studies] == [3, 2]


def test_a_published_value_of_an_arm_with_a_rescue_is_one_of_all_that_it_can_be_given() -> None:
    row = "- {arm: switching, endpoint: total_density, week: 48, measure: change, mean: 9, source: a, read: abstract}\n"
    study = Study.parse(written(RESCUE) + "observed:\n" + row, "study.yaml")
    treatment = treatment_of(study.observed[0], protocol(study))
    assert (treatment.therapies, treatment.name) == ("dutasteride+finasteride", "drug")
