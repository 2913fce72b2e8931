"""Release tests, residual serum, origin, dose and route of a vesicle product move the rates of its events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import report_tables as made

from anagen.delivery import ROUTES, Doses, Prescription, sessions
from anagen.exosomes import library, load_product, parse_product
from anagen.exosomes.release_summary import ReleaseSummary, release_summary
from anagen.parameters import load_parameters
from anagen.reports.outline import outline_of
from anagen.reports.safety_tables import safety_paragraphs
from anagen.study.safety_rules import warnings_of
from anagen.therapies import THERAPIES
from anagen.therapies.product_risk import ENDOTOXIN, NOT_STERILE, ORIGIN, ROUTE, SERUM, risk_factors
from anagen.trials.safety import Hazard, hazard_parameters, hazards_of_arms

VALUES = load_parameters("prior").draw(1, 0)
TEXT = library()["adsc-native"].read_text(encoding="utf-8")
NATIVE = load_product("adsc-native")
SCENARIO = ("unregulated-vesicles",)
DAY = np.array([200.0])


def given(text: str | None = None, *, dose: float = 1e10, route: str = "intradermal") -> Prescription:
    """Three sessions of the reference product, or of a file."""
    doses = sessions(start=0.0, every=4.0, number=3, amount=dose)
    therapy = THERAPIES["exosome"].by(route)
    if text is None:
        return Prescription(therapy, ROUTES[route], doses)
    return Prescription(therapy, ROUTES[route], doses, parse_product(text), NATIVE)


def hazards(*arm: Prescription) -> dict[str, Hazard]:
    (found,) = hazards_of_arms([arm], last_week=24.0, scenarios=SCENARIO)
    return {hazard.event.name: hazard for hazard in found if hazard.cause == "therapy"}


def cumulative(event: str, *arm: Prescription, values: Mapping[str, float] = VALUES) -> float:
    return float(hazards(*arm)[event].cumulative(DAY, values)[0])


def without(*lines: str) -> str:
    text = TEXT
    for line in lines:
        assert line in text
        text = text.replace(line, "")
    return text.replace('name = "adsc-native"', 'name = "mine"', 1)


def test_the_reference_at_its_usual_dose_is_moved_by_nothing() -> None:
    assert all(hazard.moved == () for hazard in hazards(given()).values())
    assert not any(name.startswith("exosome_risk.") for name in hazard_parameters([tuple(hazards(given()).values())]))


@pytest.mark.parametrize(
    ("text", "event", "names"),
    [
        (without("sterility = true\n"), "systemic_infection", ["sterility_not_told"]),
        (without("endotoxin = true\n"), "adverse_reaction", ["endotoxin_not_told"]),
        (TEXT.replace("sterility = true", "sterility = false"), "systemic_infection", ["sterility_not_shown"]),
        (TEXT.replace("endotoxin = true", "endotoxin = false"), "skin_necrosis", ["endotoxin_not_shown"]),
        (TEXT.replace("depleted = true", "depleted = false"), "granuloma", ["serum_left"]),
        (
            without("depleted = true\n", "endotoxin = true\n"),
            "adverse_reaction",
            ["endotoxin_not_told", "serum_not_told"],
        ),
    ],
)
def test_what_a_file_does_not_show_multiplies_the_hazard(text: str, event: str, names: list[str]) -> None:
    """By the product of the factors, whatever the shape of the event's course."""
    factor = float(np.prod([VALUES[f"exosome_risk.{name}"] for name in names]))
    assert factor > 1.0
    assert cumulative(event, given(text)) == pytest.approx(factor * cumulative(event, given()), rel=1e-12)
    assert set(names) == {
        name.partition(".")[2] for moved in hazards(given(text))[event].moved for name in moved.parameters
    }


def test_reactions_grow_with_the_dose_and_infection_does_not() -> None:
    power = VALUES["exosome_risk.dose_power"]
    for event in ("adverse_reaction", "granuloma", "skin_necrosis"):
        ratio = cumulative(event, given(dose=1e12)) / cumulative(event, given())
        assert ratio == pytest.approx(100.0**power, rel=1e-9)
    assert cumulative("systemic_infection", given(dose=1e12)) == cumulative("systemic_infection", given())


def test_entries_of_one_day_are_one_session_of_their_sum() -> None:
    halves = given(dose=5e9), given(dose=5e9)
    assert cumulative("adverse_reaction", *halves) == cumulative("adverse_reaction", given())
    assert not hazards(Prescription(THERAPIES["exosome"], ROUTES["intradermal"], Doses(np.zeros(1), np.zeros(1))))


def test_origin_and_route_move_rates() -> None:
    milk, plant = (library()[name].read_text(encoding="utf-8") for name in ("milk", "plant"))
    assert release_summary(parse_product(milk)) == ReleaseSummary("bovine", True, True, True)
    assert release_summary(parse_product(plant)).origin == "plant"
    bovine = VALUES["exosome_risk.bovine"]
    assert cumulative("adverse_reaction", given(milk)) == pytest.approx(
        bovine * cumulative("adverse_reaction", given())
    )
    on_skin = cumulative("granuloma", given(route="topical")) / cumulative("granuloma", given())
    assert on_skin == pytest.approx(VALUES["exosome_risk.intact_skin"])


def test_onsets_follow_the_moved_hazard() -> None:
    """The day on which the hazard reaches a threshold is that on which the cumulative hazard passes it."""
    hazard = hazards(given(TEXT.replace("endotoxin = true", "endotoxin = false"), dose=3e10))["adverse_reaction"]
    thresholds = np.linspace(1e-4, 0.9, 50) * float(hazard.cumulative(DAY, VALUES)[0])
    days = hazard.onset(thresholds, VALUES)
    assert np.all(hazard.cumulative(days + 1e-9, VALUES) >= thresholds)
    assert np.all(hazard.cumulative(days - 1e-6, VALUES) < thresholds)
    assert np.isinf(hazard.onset(np.array([2.0 * thresholds[-1] / 0.9]), VALUES))[0]


def test_every_factor_is_read_and_every_number_of_them_is_used() -> None:
    read = {entry.parameter for table in (NOT_STERILE, ENDOTOXIN, SERUM, ORIGIN, ROUTE) for entry in table.values()}
    written = {name for name in load_parameters("prior") if name.startswith("exosome_risk.")}
    assert written == read | {"exosome_risk.dose_power"}
    assert all(load_parameters("prior")[name].grade == "C" for name in written)
    assert risk_factors(ReleaseSummary("human", True, True, True), "intradermal") == ()


def test_missing_release_tests_are_told_by_the_check_and_in_the_report() -> None:
    text = without("sterility = true\n")
    use = {
        "therapy": "exosome",
        "route": "intradermal",
        "product": "mine",
        "product_file": {"text": text, "file": "m.toml"},
    }
    (told,) = warnings_of({"arms": [{"therapies": [use]}], "population": {"exclusions": ["malignancy"]}})
    assert told.startswith("release tests of mine not shown: sterility (not told)")
    contents = made.contents()
    study = dict(contents.study) | {"arms": [{"name": "exosome", "therapies": [use]}]}
    told_by: Any = made.changed(contents, study=study)
    paragraphs = safety_paragraphs(told_by, outline_of(contents.study))
    assert any("not shown: sterility" in line for line in paragraphs)


def test_results_of_a_batch_count_before_what_a_file_says_was_done() -> None:
    batch = '\n[release]\nbatch = "A1"\n[[release.result]]\ntest = "sterility"\nresult = "growth"\nmethod = "14 days"\n'
    assert release_summary(parse_product(TEXT, "here")).sterility
    assert release_summary(parse_product(TEXT + batch, "here")).sterility is False
