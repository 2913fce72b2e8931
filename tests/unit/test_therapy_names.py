"""The names under which people know a therapy, wherever one is named; and what a therapy lacks, before it is run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anagen.comparative.design import comparison, parts_of
from anagen.core.errors import InputError
from anagen.core.plugins import Origin
from anagen.core.registry import Registry
from anagen.delivery import ROUTES
from anagen.parameters import load_parameters
from anagen.reports.guide import explanation, rhythm
from anagen.study import Study, describe
from anagen.study.therapy_rules import shortcomings, shortcomings_of_route
from anagen.study.vocabulary import vocabulary
from anagen.therapies import THERAPIES, Action, Occupancy, RegimenSchedule, Therapy
from anagen.therapies.names import meant_by, synonyms
from latanoprost import STUDY

NAMES = {
    "FUE": "hair-transplantation", "FUT": "hair-transplantation", "strip": "hair-transplantation", "PBM": "lllt",
    "LLLT": "lllt", "Low level light": "lllt", "Regaine": "minoxidil", "ROGAINE": "minoxidil", "Avodart": "dutasteride",
    "Propecia": "finasteride", "secretome": "conditioned-medium", "PRP": "prp", "exosomes": "exosome",
    "hair_transplantation": "hair-transplantation", "Botox": "botulinum-toxin",
}  # fmt: skip
PARAMETERS = load_parameters("prior")


def study_of(words: str, extra: str = "") -> str:
    return STUDY.replace("{therapy: Xalatan}", f'{{therapy: "{words}"{extra}}}')


@pytest.mark.parametrize(("words", "name"), NAMES.items())
def test_a_name_is_understood_wherever_a_therapy_is_named(words: str, name: str) -> None:
    assert meant_by(words).therapy is THERAPIES[name]
    assert explanation(words)["name"] == name
    assert parts_of(words)[0].therapy is THERAPIES[name]
    use = Study.parse(study_of(words)).arms[0].therapies[0]
    assert use.therapy == name


def test_a_name_is_a_spelling_and_is_told() -> None:
    plain, brand = (Study.parse(study_of(words)) for words in ("minoxidil", "Regaine"))
    assert plain.sha256 == brand.sha256
    assert Study.from_dict(brand.model_dump()) == brand
    assert "the file says Regaine: a brand of minoxidil" in describe(brand)


def test_a_way_of_harvesting_is_a_formulation() -> None:
    for words, formulation in (("FUE", "fue"), ("FUT", "fut"), ("strip", "fut")):
        study = Study.parse(study_of(words))
        assert study.arms[0].therapies[0].formulation == formulation
        assert Study.from_dict(study.model_dump()) == study
    ranked = comparison(["FUE", "FUT"])
    assert ranked.treatments == ("hair-transplantation (fue)", "hair-transplantation (fut)")
    assert [arm.therapies[0].formulation for arm in ranked.study.arms[:2]] == ["fue", "fut"]
    with pytest.raises(InputError, match="FUT is the formulation 'fut'"):
        Study.parse(study_of("FUT", ", formulation: fue"))


def test_every_name_means_one_therapy() -> None:
    assert len(synonyms()) >= len(THERAPIES) + len(NAMES) // 2
    assert all(rhythm(form) != "never" for entry in THERAPIES.values() for form in entry.by_every_route())


def lacking(therapy: Therapy, route: str = "topical") -> str:
    """What is missing of a therapy that is registered beside the shipped ones, as one text."""
    entries = {name: (entry, THERAPIES.origin(name)) for name, entry in THERAPIES.items()}
    entries[therapy.name] = (therapy, Origin("anagen", "0", f"anagen.therapies.{therapy.name}"))
    words = replace(vocabulary(), therapies=Registry("therapy", lambda: entries))
    return "; ".join(shortcomings(therapy, route, words, PARAMETERS))


COMPLETE = THERAPIES["cetirizine"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, ""),
        ({"kinetics": {}}, "no kinetics for the route 'topical'; name them under kinetics in src/anagen/thera"),
        ({"kinetics": {"topical": "osmosis"}}, "names kinetics 'osmosis', which nothing computes; see src/anagen"),
        ({"response": "x.response_cv"}, "reads a parameter that no file holds: x.response_cv; write them in src/"),
        ({"harms": (replace(COMPLETE.harms[0], rate="x_events.itch"),)}, "x_events.itch"),
        (
            {"actions": (Action("immune_attack", "x.attack", "x.rise", "x.fall"),)},
            "3 parameters that no file holds: x.attack",
        ),
        ({"occupies": (Occupancy("WATER"),)}, "occupies WATER, which the signalling network has not"),
        ({"control": "water"}, "the control of x, 'water', is no therapy"),
        ({"reference_product": "water"}, "refers to 'water', which is no product"),
    ],
)
def test_what_a_run_would_miss_is_said_with_the_file_to_write(changes: dict[str, object], message: str) -> None:
    said = lacking(replace(COMPLETE, name="x", **changes))
    assert message in said if message else said == ""


def test_a_route_without_its_numbers_is_refused() -> None:
    words = vocabulary()
    bare = replace(words.routes["topical"], reading="reading.mist")
    assert "reading.mist" in "".join(shortcomings_of_route(bare, words, PARAMETERS))
    assert shortcomings_of_route(words.routes["topical"], words, PARAMETERS) == ()


def test_one_session_is_one_session() -> None:
    once = replace(COMPLETE, default_schedule=RegimenSchedule(sessions=1))
    assert rhythm(once) == "in 1 session"


def test_needles_and_lasers_alone_are_named_by_themselves() -> None:
    assert "microneedling, 12 sessions" in str(Study.parse(study_of("microneedling")).check())
    for name in ("microneedling", "fractional-co2", "erbium-glass", "radiofrequency", "threads"):
        route = THERAPIES[name].routes[0]
        assert explanation(name)["mechanism"][0].startswith("The act itself leaves a wound signal")
        assert [way["title"] for way in explanation(name)["routes"]] == ["by itself"]
        assert ROUTES[route].title in explanation("vehicle")["mechanism"][0] or route == "thread"
