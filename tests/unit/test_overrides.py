"""Values of the command line: which field a path means, what is put there, and what is said where it leads nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anagen.core.errors import InputError, Problem
from anagen.delivery import ROUTES
from anagen.delivery.route import Setting
from anagen.study import Study, parse_set

STUDY = Path(__file__).parents[2] / "studies" / "exosome-vs-saline.yaml"
COMBO = """
study: combo
population:
  condition: aga
  sex: {male: 1}
  age: {mean: 30, sd: 5, min: 18, max: 50}
  ethnicity: {caucasian: 1}
arms:
  - name: combo
    patients: 20
    therapies:
      - {therapy: exosome}
      - {therapy: minoxidil, schedule: {per_day: 1}}
  - {name: 2.5 mg, patients: 20, therapies: [{therapy: dutasteride}]}
  - {name: twice, patients: 20, therapies: [{therapy: prp}, {therapy: prp, schedule: {start: 2, every: 4}}]}
  - {name: b, patients: 20, control: true}
measurement: {zone: vertex, target_area: "100 mm^2", method: phototrichogram, visits: [0, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
"""


@pytest.fixture
def combo(tmp_path: Path) -> Path:
    path = tmp_path / "combo.yaml"
    path.write_text(COMBO, encoding="utf-8")
    return path


def changed(path: Path, *arguments: str) -> Study:
    return Study.load(path, [parse_set(argument)[0] for argument in arguments])


def problems_of(path: Path, *arguments: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        changed(path, *arguments)
    return caught.value.problems


def at(study: Study, *key: Any) -> Any:
    node: Any = study
    for part in key:
        node = node[part] if isinstance(part, int) or isinstance(node, dict) else getattr(node, part)
    return node


USE = ("arms", 0, "therapies", 0)


@pytest.mark.parametrize(
    ("argument", "key", "value"),
    [
        ("arms.exosome.dose=1e9", (*USE, "dose", "value"), 1e9),
        ("arms.exosome.dose=2e9 particles", (*USE, "dose", "value"), 2e9),
        ("arms.0.dose=1e9", (*USE, "dose", "text"), "1e9 particles"),
        ("arms[0].therapies[0].dose=1e9", (*USE, "dose", "value"), 1e9),
        ("arms.exosome.exosome.dose=1e9", (*USE, "dose", "value"), 1e9),
        ("arms.exosome.therapies.0.dose=1e9", (*USE, "dose", "value"), 1e9),
        ("arms.exosome.schedule.every=4", (*USE, "schedule", "every"), 4.0),
        ("arms.exosome.treated_area=50", (*USE, "treated_area", "value"), 50.0),
        ("arms.exosome.patients=40", ("arms", 0, "patients"), 40),
        ("arms.exosome.product=uc-msc", (*USE, "product"), "uc-msc"),
        ("population.age.mean=45", ("population", "age", "mean"), 45.0),
        ("population.sex={male: 0.5, female: 0.5}", ("population", "sex", "female"), 0.5),
        ("population.severity.norwood=[III, IV]", ("population", "severity", "norwood"), ("III", "IV")),
        ("population.inclusion.total_density.min=80", ("population", "inclusion", "total_density", "min"), 80.0),
        ("measurement.visits=[0,12,24]", ("measurement", "visits"), (0.0, 12.0, 24.0)),
        ("measurement.target_area=2", ("measurement", "target_area", "value"), 2.0),
        ("design.dropout=0.2", ("design", "dropout"), 0.2),
        ("analysis.alpha=0.1", ("analysis", "alpha"), 0.1),
        ('title="one, two"', ("title",), "one, two"),
        ("source=null", ("source",), None),
        ("endpoints.secondary.0.week=12", ("endpoints", "secondary", 0, "week"), 12.0),
    ],
)
def test_a_path_means_what_a_user_would_guess(argument: str, key: tuple[Any, ...], value: object) -> None:
    extra = ("arms.saline.patients=40",) if "patients=40" in argument else ()
    assert at(changed(STUDY, argument, *extra), *key) == value


@pytest.mark.parametrize(
    ("argument", "key", "value"),
    [
        ("arms.combo.exosome.dose=1e9", (*USE, "dose", "value"), 1e9),
        ("arms.combo.minoxidil.formulation=solution-2%", ("arms", 0, "therapies", 1, "formulation"), "solution-2%"),
        ("arms.2.5 mg.dose=0.5", ("arms", 1, "therapies", 0, "dose", "text"), "0.5 mg"),
        ("arms.twice.therapies.1.schedule.start=4", ("arms", 2, "therapies", 1, "schedule", "start"), 4.0),
        ("arms.combo.exosome.schedule.every=3", (*USE, "schedule", "sessions"), 8),
        ("design.dropout=0.2", ("design", "dropout"), 0.2),
        ("arms.combo.minoxidil.adherence.mean=0.7", ("arms", 0, "therapies", 1, "adherence", "mean"), 0.7),
    ],
)
def test_a_path_into_a_combination_or_to_a_key_left_out(
    combo: Path, argument: str, key: tuple[Any, ...], value: object
) -> None:
    assert at(changed(combo, argument), *key) == value


RESCUE = """
    rescue:
      {week: 12, endpoint: total_density, change_below: 5, therapies: [{therapy: exosome, schedule: SCHEDULE}, THERAPY]}
"""
PHASES = "[{sessions: 1}, {from: 20, sessions: 1}]"


def rescue_of(path: Path, second: str = "{therapy: finasteride}") -> Path:
    """The combination with a rescue in its arm of dutasteride."""
    rescue = RESCUE.replace("SCHEDULE", PHASES).replace("THERAPY", second)
    arm = "{name: 2.5 mg, patients: 20, therapies: [{therapy: dutasteride}]}"
    block = f"name: 2.5 mg\n    patients: 20\n    therapies: [{{therapy: dutasteride}}]{rescue.rstrip()}"
    text = COMBO.replace(f"- {arm}", f"- {block}").replace("visits: [0, 24]", "visits: [0, 12, 24]")
    path.write_text(text, encoding="utf-8")
    return path


RESCUED = ("arms", 1, "rescue", "therapies")


@pytest.mark.parametrize(
    ("argument", "key", "value"),
    [
        ("rescue.therapies.0.dose=5e9", (*RESCUED, 0, "dose", "text"), "5e9 particles"),
        ("rescue.therapies.finasteride.dose=5", (*RESCUED, 1, "dose", "text"), "5 mg"),
        ("rescue.exosome.dose=5e9", (*RESCUED, 0, "dose", "text"), "5e9 particles"),
        ("rescue.finasteride.dose=5", (*RESCUED, 1, "dose", "text"), "5 mg"),
        ("rescue.exosome.treated_area=50", (*RESCUED, 0, "treated_area", "text"), "50 cm^2"),
        (
            "rescue.exosome.schedule.1.dose=5e9",
            (*RESCUED, 0, "schedule", "phases", 1, "dose", "text"),
            "5e9 particles",
        ),
        ("rescue.change_below=8", ("arms", 1, "rescue", "change_below"), 8.0),
        ("therapies.dutasteride.dose=0.5", ("arms", 1, "therapies", 0, "dose", "text"), "0.5 mg"),
    ],
)
def test_a_path_into_a_rescue_is_written_as_one_into_an_arm(
    combo: Path, argument: str, key: tuple[Any, ...], value: object
) -> None:
    assert at(changed(rescue_of(combo), f"arms.2.5 mg.{argument}"), *key) == value


@pytest.mark.parametrize(
    ("argument", "says", "suggestion"),
    [
        ("rescue.exosom.dose=1e9", "a rescue has no field 'exosom'", "exosome"),
        ("rescue.dose=1e9", "the rescue is given 2 therapies; name one of them", None),
        ("rescue.exosome=1", "names a therapy; name one of its fields too", None),
    ],
)
def test_a_path_that_leads_nowhere_in_a_rescue_is_told_as_in_an_arm(
    combo: Path, argument: str, says: str, suggestion: str | None
) -> None:
    (problem,) = problems_of(rescue_of(combo), f"arms.2.5 mg.{argument}")
    assert problem.message == says
    assert problem.suggestion == suggestion


def test_the_only_therapy_of_a_rescue_need_not_be_named(combo: Path) -> None:
    text = rescue_of(combo).read_text(encoding="utf-8").replace(", {therapy: finasteride}]", "]")
    combo.write_text(text, encoding="utf-8")
    dose = changed(combo, "arms.2.5 mg.rescue.dose=5e9").arms[1].uses[1].dose
    assert dose is not None and dose.text == "5e9 particles"


def test_a_bare_number_takes_the_unit_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = (Setting("spacing", "spacing", "mm", 10.0, 2.0, 30.0), Setting("passes", "passes", "1", 1.0, 1.0, 8.0))
    monkeypatch.setitem(ROUTES._entries, "intradermal", replace(ROUTES["intradermal"], settings=settings))
    found = changed(STUDY, "arms.exosome.settings.spacing=5", "arms.exosome.settings.passes=3").arms[0].therapies[0]
    assert (found.settings["spacing"].text, found.settings["passes"].value) == ("5 mm", 3.0)
    (problem,) = problems_of(STUDY, "arms.exosome.settings.spacing=50")
    assert problem.field == "--set arms.exosome.settings.spacing=50"


def test_the_unit_is_that_of_the_therapy_put_there(combo: Path) -> None:
    found = changed(combo, "arms.2.5 mg.dose=1", "arms.2.5 mg.therapy=finasteride").arms[1].therapies[0]
    assert found.dose is not None
    assert (found.therapy, found.dose.text) == ("finasteride", "1 mg")


def test_the_file_itself_is_not_changed_by_a_value() -> None:
    plain = Study.load(STUDY)
    other = Study.load(STUDY, [parse_set("design.dropout=0.2")[0]])
    assert Study.load(STUDY) == plain
    assert other.sha256 != plain.sha256
    assert (plain.options, other.options) == ((), ("--set design.dropout=0.2",))
    assert Study.load(STUDY, [parse_set("design.dropout=0.10")[0]]).sha256 == plain.sha256


@pytest.mark.parametrize(
    ("argument", "says", "allowed", "suggestion"),
    [
        ("arms.exosom.dose=1e9", "there is no arm 'exosom'", ("exosome", "saline"), "exosome"),
        ("arms.exosome.dos=1e9", "an arm has no field 'dos'", ("dose", "patients"), "dose"),
        ("arms.exosome.exosome=1", "names a therapy; name one of its fields too", ("dose",), None),
        ("arms.exosome.schedule.evry=2", "unknown key 'evry'", ("every",), "every"),
        ("populaton.age.mean=4", "unknown key 'populaton'", ("population",), "population"),
        ("population.age.mean.x=4", "population.age.mean has no fields of its own", (), None),
        ("arms.exosome.dose=1 mg", "is a mass; expected a number of particles", (), None),
        ("arms.exosome.route=topcal", "unknown route 'topcal'", ("intradermal",), "topical"),
        ("design.dropout=2", "must be less than 1", (), "0.02"),
        ("population.age.mean=old", "'old' is text; expected a number", (), None),
        ("endpoints.secondary.9.week=12", "there is no entry '9'", ("0", "1", "2"), None),
        ("arms.exosome.product=nowhere.toml", "there is no file", (), None),
    ],
)
def test_what_is_wrong_with_a_value_names_the_option(
    argument: str, says: str, allowed: tuple[str, ...], suggestion: str | None
) -> None:
    problem = problems_of(STUDY, argument)[0]
    assert (problem.file, problem.line, problem.field) == (None, None, f"--set {argument}")
    assert says in problem.message
    assert set(allowed) <= set(problem.allowed)
    assert problem.suggestion == suggestion


def test_several_therapies_have_to_be_named(combo: Path) -> None:
    (problem,) = problems_of(combo, "arms.combo.dose=1")
    assert problem.message == "the arm is given 2 therapies; name one of them"
    assert problem.allowed == ("exosome.dose", "minoxidil.dose")
    assert "more than once" in problems_of(combo, "arms.twice.prp.schedule.start=1")[0].message
    assert "is given nothing" in problems_of(combo, "arms.b.dose=1")[0].message


def test_one_field_is_set_once() -> None:
    (problem,) = problems_of(STUDY, "arms.exosome.dose=1e9", "arms.0.dose=1e8")
    assert "is set by --set arms.exosome.dose=1e9 as well" in problem.message


def test_a_product_file_of_the_command_line_is_found_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anagen.exosomes import library

    text = library()["uc-msc"].read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('name = "uc-msc"', 'name = "mine"', 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    use = changed(STUDY, "arms.exosome.product=mine.toml").arms[0].therapies[0]
    assert use.product_file is not None
    assert (use.product, use.product_file.file) == ("mine", "mine.toml"), "no folder of this machine is kept"


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("design.dropout", "expected PATH=VALUE"),
        ("=3", "expected PATH=VALUE"),
        ("design.dropout=", "expected PATH=VALUE"),
        ("design.dropout=0.1,,0.2", "a value is empty"),
        ("design.dropout=0.1,0.2,0.1", "given twice"),
        ("title=[1,2", "closing bracket is missing"),
        ("title=&a b", "anchors"),
    ],
)
def test_an_argument_that_cannot_be_read(argument: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        parse_set(argument)
    assert caught.value.problems[0].field.startswith("--set ")
