"""Settings of a route and doses by area: how they are read, refused, described and prescribed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anagen.core.errors import InputError, Problem
from anagen.delivery import ROUTES
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.delivery.route import Setting
from anagen.study import Study, describe, study_json_schema
from anagen.study.treatment import TherapyUse
from anagen.trials.protocol import protocol

EXAMPLE = (Path(__file__).parents[2] / "studies" / "exosome-vs-saline.yaml").read_text(encoding="utf-8")
DOSE = '        dose: "1e10 particles"\n        per: session\n'
SETTINGS = (
    Setting("spacing", "spacing of the points", "mm", 10.0, 2.0, 30.0),
    Setting("volume", "volume of a point", "mL", "exosome.half_dose", 0.01, 0.5),
    Setting("density", "channels", "1/cm^2", 100.0, 1.0, 1000.0),
    Setting("passes", "passes", "1", 1.0, 1.0, 8.0),
)


@pytest.fixture
def with_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A route that leaves choices to the study file."""
    monkeypatch.setitem(ROUTES._entries, "intradermal", replace(ROUTES["intradermal"], settings=SETTINGS))


def use_of(dosing: str) -> TherapyUse:
    return Study.parse(EXAMPLE.replace(DOSE, dosing)).arms[0].therapies[0]


def problem_of(dosing: str) -> Problem:
    with pytest.raises(InputError) as caught:
        Study.parse(EXAMPLE.replace(DOSE, dosing), "x.yaml")
    assert len(caught.value.problems) == 1, caught.value
    return caught.value.problems[0]


def amounts_of(dosing: str) -> float:
    plan = protocol(Study.parse(EXAMPLE.replace(DOSE, dosing)))
    amounts = plan.prescriptions[0][0].doses.amounts
    assert np.ptp(amounts) == 0.0
    return float(amounts[0])


@pytest.mark.usefixtures("with_settings")
def test_settings_are_kept_in_the_unit_of_the_route_and_prescribed() -> None:
    said = DOSE + '        settings: {passes: 3, density: "1.5 /mm^2", spacing: "1 cm"}\n'
    use = use_of(said)
    assert {name: quantity.value for name, quantity in use.settings.items()} == {
        "spacing": pytest.approx(10.0),
        "density": pytest.approx(150.0),
        "passes": 3.0,
    }
    assert list(use.settings) == ["spacing", "density", "passes"], "in the order of the route"
    assert use.settings["spacing"].text == "1 cm"
    study = Study.parse(EXAMPLE.replace(DOSE, said))
    prescription = protocol(study).prescriptions[0][0]
    assert prescription.setting("density", {}) == pytest.approx(150.0)
    assert prescription.setting("volume", {"exosome.half_dose": 0.1}) == 0.1, "what is left out keeps the default"
    assert "spacing of the points 1 cm, channels 1.5 /mm^2, passes 3" in describe(study)
    assert Study.from_dict(study.model_dump(mode="json")) == study


@pytest.mark.usefixtures("with_settings")
@pytest.mark.parametrize(
    ("setting", "value", "says", "allowed", "suggestion"),
    [
        ("spacin", '"10 mm"', "unknown setting of intradermal 'spacin'", ("spacing", "volume"), "spacing"),
        ("spacing", '"10 mL"', "is a volume; expected a quantity in mm", (), None),
        ("spacing", "10", "has no unit", (), "10 mm"),
        ("spacing", '"40 mm"', "spacing of the points lies between 2 and 30 mm", (), None),
        ("spacing", '"0.1 mm"', "lies between 2 and 30 mm", (), None),
        ("passes", '"3 mm"', "expected a number without a unit between 1 and 8", (), None),
        ("passes", "9", "9 is impossible; passes lies between 1 and 8", (), None),
        ("density", '"150 /mm"', "is a length", (), None),
    ],
)
def test_a_wrong_setting_is_explained(
    setting: str, value: str, says: str, allowed: tuple[str, ...], suggestion: str | None
) -> None:
    problem = problem_of(f"{DOSE}        settings: {{{setting}: {value}}}\n")
    assert (problem.file, problem.field) == ("x.yaml", f"arms[0].therapies[0].settings.{setting}")
    text = EXAMPLE.replace(DOSE, f"{DOSE}        settings: {{{setting}: {value}}}\n")
    assert problem.line == next(i for i, line in enumerate(text.splitlines(), 1) if "settings:" in line)
    assert says in problem.message
    assert set(allowed) <= set(problem.allowed)
    assert problem.suggestion == suggestion


@pytest.mark.usefixtures("with_settings")
def test_the_schema_knows_the_settings_of_every_route() -> None:
    import jsonschema
    from ruamel.yaml import YAML

    validator = jsonschema.Draft202012Validator(study_json_schema())
    for settings, fits in (('{spacing: "1 cm", passes: 2}', True), ('{spacin: "1 cm"}', False)):
        data = YAML(typ="safe", pure=True).load(EXAMPLE.replace(DOSE, f"{DOSE}        settings: {settings}\n"))
        assert validator.is_valid(data) == fits


def test_a_route_without_settings_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROUTES._entries, "intradermal", replace(ROUTES["intradermal"], settings=()))
    problem = problem_of(f"{DOSE}        settings: {{depth: 1}}\n")
    assert problem.field == "arms[0].therapies[0].settings.depth"
    assert "has no settings; leave the key out" in problem.message


def test_settings_left_empty_say_nothing() -> None:
    silent = Study.parse(EXAMPLE)
    written = Study.parse(EXAMPLE.replace(DOSE, f"{DOSE}        settings: {{}}\n        treated_area: 100.0 cm^2\n"))
    assert silent.sha256 == written.sha256


@pytest.mark.parametrize(
    ("dosing", "amount", "said"),
    [
        ('dose: "1e10 particles"', 1e10, "1e10 particles per session on 100 cm2 = 1e+08 per cm2"),
        ('dose: "1e10 particles"\n        treated_area: 50 cm^2', 2e10, "on 50 cm2 = 2e+08 per cm2"),
        (
            'dose: "1e10 particles"\n        per: cm^2\n        treated_area: 50 cm^2',
            1e12,
            "1e10 particles per cm2 on 50 cm2 = 5e+11 in all per session",
        ),
        (
            'dose: "1e8 particles"\n        per: cm2',
            1e10,
            "1e8 particles per cm2 on 100 cm2 = 1e+10 in all per session",
        ),
        ("per: cm^2", 1e10, "1e+08 particles per cm2 on 100 cm2"),
    ],
)
def test_a_dose_is_spread_over_the_treated_area(dosing: str, amount: float, said: str) -> None:
    assert amounts_of(f"        {dosing}\n") == amount
    assert said in describe(Study.parse(EXAMPLE.replace(DOSE, f"        {dosing}\n")))
    assert REFERENCE_AREA == 100.0


def test_a_usual_dose_is_not_rounded_by_the_area() -> None:
    assert amounts_of('        dose: "1.1e10 particles"\n') == 1.1e10


@pytest.mark.parametrize(
    ("dosing", "field", "says"),
    [
        (f"{DOSE}        treated_area: 50\n", "treated_area", "has no unit"),
        (f"{DOSE}        treated_area: 0 cm^2\n", "treated_area", "an area lies between 0 and 1000 cm^2"),
        (f"{DOSE}        treated_area: 2 m^2\n", "treated_area", "is impossible"),
        (DOSE.replace("session", "mm^2"), "per", "unknown per of exosome"),
        ('        dose: "1e13 particles"\n        per: cm^2\n', "dose", "times the usual dose"),
    ],
)
def test_a_wrong_area_is_explained(dosing: str, field: str, says: str) -> None:
    problem = problem_of(dosing)
    assert problem.field == f"arms[0].therapies[0].{field}"
    assert says in problem.message


def test_a_therapy_that_is_not_given_by_area_refuses_one() -> None:
    text = EXAMPLE.replace(
        "- therapy: saline-injection\n", "- therapy: saline-injection\n        treated_area: 5 cm^2\n"
    )
    with pytest.raises(InputError, match="is not given by area; leave the key out"):
        Study.parse(text)


def test_a_dose_by_area_is_given_in_sessions() -> None:
    text = EXAMPLE.replace("per: session", "per: cm^2").replace("{start: 0, every: 2, sessions: 6}", "{per_day: 1}", 1)
    with pytest.raises(InputError, match="this therapy is given in sessions"):
        Study.parse(text)
