"""What a therapy is and does, gathered from the registries as plain data: for `anagen therapies` and the documents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from anagen.delivery import ROUTES, kinetics_of
from anagen.parameters import ParameterSet, Source, load_parameters
from anagen.signalling.network import load_network
from anagen.study import Study
from anagen.study.given import often
from anagen.study.shipped import shipped_studies
from anagen.study.standing import by_data, informed, measured, studied_words
from anagen.therapies import EVIDENCE_GRADES, LEVERS, THERAPIES, Therapy
from anagen.therapies.names import meant_by, plain

CADENCE = {1.0 / 3.0: "three times a week", 0.5: "twice a week", 1.0: "every week"}


def rows() -> list[dict[str, Any]]:
    """One mapping per therapy, treatments by their title and then controls: name, title, routes, grade, certainty,
    control, evidence, where it comes from.

    Examples
    --------
    >>> [row["grade"] for row in rows() if row["name"] == "ginseng"]
    ['D']
    """
    return [
        {
            "name": therapy.name,
            "title": therapy.title,
            "aliases": list(therapy.aliases),
            "routes": list(therapy.routes),
            "grade": None if therapy.is_control else therapy.grade,
            "certainty": None if therapy.certainty is None else therapy.certainty.level,
            "control": therapy.control,
            "evidence": therapy.evidence,
            "from": THERAPIES.origin(therapy.name).text(),
            "shipped": THERAPIES.origin(therapy.name).is_shipped,
        }
        for therapy in sorted(THERAPIES.values(), key=lambda entry: (entry.is_control, entry.title.casefold()))
    ]


def explanation(name: str, source: Source = "default") -> dict[str, Any]:
    """Everything that is known of one therapy, by its name or one of its other names, ready for JSON.

    Parameters
    ----------
    name : str
        As a study file may name it.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Raises
    ------
    KeyError
        Where there is none of that name.
    InputError
        Where there is no such source.

    Examples
    --------
    >>> explanation("avodart")["name"]
    'dutasteride'
    """
    therapy, parameters = find(name), load_parameters(source)
    central, shown = parameters.central(), effects(therapy, parameters)
    ends = {} if parameters.posterior is None else parameters.posterior.interval_90
    return {
        "name": therapy.name,
        "title": therapy.title,
        "from": THERAPIES.origin(therapy.name).text(),
        "called": {other: alias.what for other, alias in therapy.aliases.items() if plain(other) == plain(name)},
        "aliases": {other: alias.what for other, alias in therapy.aliases.items()},
        "is_control": therapy.is_control,
        "mechanism": mechanism(therapy),
        "routes": [by_route(therapy, route, central) for route in therapy.routes],
        "effects": shown,
        "hand_set": therapy.hand_set and all(effect["informed_by"] == "prior" for effect in shown),
        "adverse_events": adverse_events(therapy),
        "contraindications": contraindications(therapy),
        "refused": dict(therapy.refused),
        "control": therapy.control,
        "control_title": None if therapy.control is None else THERAPIES[therapy.control].title,
        "grade": None if therapy.is_control else therapy.grade,
        "grade_means": EVIDENCE_GRADES[therapy.grade],
        "evidence": therapy.evidence,
        "measured": measured(therapy),
        "certainty": None if therapy.certainty is None else therapy.certainty.level,
        "certainty_reasons": [] if therapy.certainty is None else list(therapy.certainty.reasons),
        "informed": informed(therapy, parameters, ends),
        "studied_in": dict(studied_words(therapy)),
        "corrects": therapy.corrects,
        "cost_per_year_eur": None if therapy.cost_per_year is None else list(therapy.cost_per_year),
        "cost_source": therapy.cost_source,
        "source": therapy.source,
        "studies": list(studies_of()[therapy.name]),
    }


def find(name: str) -> Therapy:
    """A therapy by its name or one of its other names.

    Raises
    ------
    KeyError
        Where there is none of that name.
    """
    synonym = meant_by(name)
    if synonym is None:
        raise KeyError(name)
    return synonym.therapy


def mechanism(therapy: Therapy) -> list[str]:
    """What a therapy does, in sentences: what it occupies, which levers follow, and what the act of giving it does."""
    inputs = {entry.name: entry.title for entry in load_network().inputs}
    sentences: list[str] = []
    occupied = dict.fromkeys(entry.input for form in therapy.by_every_route() for entry in form.occupies)
    if occupied:
        named = "; ".join(f"{inputs[name]} ({name})" for name in occupied)
        sentences.append(f"It occupies inputs of the signalling network: {named}.")
    for action in therapy.actions:
        way = "Through the network" if action.half is None else "Beside the network, with an occupancy of its own,"
        sentences.append(f"{way} it moves {action.lever} ({LEVERS[action.lever]}).")
    acts = [route for route in therapy.routes if ROUTES[route].act is not None]
    controls = [(route, therapy.by(route).control) for route in acts]
    if acts:
        titles = ", ".join(way for route in acts if (way := ROUTES[route].way_of(therapy)))
        named = f" ({titles})" if titles else ""
        sentences.append(f"The act itself{named} leaves a wound signal, which wakes resting follicles for a while.")
        shared = all(control is not None and route in THERAPIES[control].routes for route, control in controls)
        if not therapy.is_control:
            same = "The control has the same procedure, so that the effect of the procedure cancels."
            sentences.append(same if shared else "Its control has no wound: the procedure is what is tested.")
    elif not therapy.actions:
        sentences.append(
            "It moves no lever: what is seen with it is the natural course, expectation and errors of reading."
        )
    return sentences


def by_route(therapy: Therapy, route: str, values: Mapping[str, float]) -> dict[str, Any]:
    """How a therapy is given by one route: dose, rhythm, forms, control, kinetics, what a study file can set.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    route : str
        How it is given.
    values : Mapping[str, float]
        Central values of the parameters, for defaults named after them.
    """
    form = therapy.by(route)
    data = therapy.kinetics.get(route)
    kinetics = None if data is None else kinetics_of(data)
    return {
        "route": route,
        "title": ROUTES[route].way_of(therapy) or "by itself",
        "dose": None if form.default_dose is None else f"{form.default_dose:g} {form.dose_unit} per {form.per[0]}",
        "rhythm": rhythm(form),
        "formulations": list(form.formulations),
        "products": list(form.products),
        "control": form.control,
        "control_title": None if form.control is None else THERAPIES[form.control].title,
        "kinetics": None if kinetics is None else {"name": kinetics.name, "source": kinetics.source},
        "settings": [
            {
                "name": choice.name,
                "title": choice.title,
                "unit": choice.unit,
                "default": _value(therapy.settings.get(choice.name, choice.default), values),
            }
            for choice in ROUTES[route].settings
        ],
    }


def rhythm(form: Therapy) -> str:
    """How often a therapy is given where the study file is silent, in words; empty where nothing is given.

    Examples
    --------
    >>> rhythm(THERAPIES["hair-transplantation"]), rhythm(THERAPIES["lllt"]), rhythm(THERAPIES["none"])
    ('in 1 session', 'three times a week', '')
    """
    usual = form.default_schedule
    if usual.per_day is not None:
        return often(usual.per_day)
    if usual.sessions == 1:
        return "in 1 session"
    gap = "" if usual.every is None else CADENCE.get(usual.every, f"every {usual.every:g} weeks")
    return gap if usual.sessions is None else f"in {usual.sessions} sessions, {gap}"


def regimen(dosing: Mapping[str, Any]) -> str:
    """Dose and rhythm of `by_route` in a phrase; empty where nothing is given.

    Examples
    --------
    >>> regimen({"dose": "1 mg per day", "rhythm": "once a day"})
    '1 mg once a day'
    """
    dose, often = dosing["dose"], dosing["rhythm"]
    if dose is not None and often.endswith("a day"):
        # a dose per day, or per application so many times a day
        return f"{dose.removesuffix(' per day').removesuffix(' per application')} {often}"
    return " ".join(part for part in (f"{dose}," if dose and often else dose, often) if part)


def effects(therapy: Therapy, parameters: ParameterSet) -> list[dict[str, Any]]:
    """Greatest effect of each lever, of the therapy and of the acts of its routes.

    Before it stands what a usual course gains, where that is how the size is judged.

    value, low and high are those used, prior_value, prior_low and prior_high those of the prior; `informed_by` tells
    where the former come from, and `by_data` what data made of the prior: nothing where it is empty.
    """
    acting: dict[str, tuple[str, str]] = {}
    acts = [ROUTES[route].act for route in therapy.routes]
    of_routes = [(action, "act of the route") for act in acts if act is not None for action in act.actions]
    for action, whose in [*((action, "therapy") for action in therapy.actions), *of_routes]:
        gained = "gain of diameter" if action.lever == "calibre_gain" else "gain of hair"
        for name in action.effect:
            acting.setdefault(name, (gained, whose))
        acting.setdefault(action.maximum, (action.lever, whose))
    rows = {str(row["name"]): row for row in parameters.only(acting).rows()}
    shown = ("value", "low", "high", "unit", "prior_value", "prior_low", "prior_high", "informed_by", "grade", "source")
    return [
        {
            "lever": lever,
            "of": whose,
            "parameter": name,
            **{key: rows[name][key] for key in shown},
            "by_data": by_data(parameters[name], rows[name]["low"], rows[name]["high"])
            if rows[name]["informed_by"] == "posterior"
            else "",
        }
        for name, (lever, whose) in acting.items()
    ]


def adverse_events(therapy: Therapy) -> list[dict[str, Any]]:
    """Adverse events of a therapy and of its routes: share of patients within the reference exposure, prior, source.

    Examples
    --------
    >>> [event["event"] for event in adverse_events(THERAPIES["cetirizine"]) if event["of"] == "cetirizine"]
    ['pruritus']
    """
    parameters = load_parameters()
    causes = [(therapy.name, event, event.routes or therapy.routes) for event in therapy.harms]
    causes += [(route, event, (route,)) for route in therapy.routes for event in ROUTES[route].harms]
    return [
        {
            "event": event.name,
            "title": event.title,
            "of": cause,
            "routes": [route for route in therapy.routes if route in routes],
            "value": parameters[event.rate].value,
            "low": parameters[event.rate].low,
            "high": parameters[event.rate].high,
            "within": f"{event.reference:g} {event.unit if event.reference != 1.0 else event.unit[:-1]}",
            "scenario": event.scenario,
            "parameter": event.rate,
            "grade": parameters[event.rate].grade,
            "source": parameters[event.rate].source,
        }
        for cause, event, routes in causes
    ]


def contraindications(therapy: Therapy) -> list[dict[str, Any]]:
    """To whom a therapy must not be given, or not without thought, and what answers it in a study file."""
    return [
        {"name": entry.name, "grade": entry.grade, "message": entry.message, "unless": entry.unless}
        | {"acceptable": entry.acceptable, "source": entry.source}
        for entry in therapy.contraindications
    ]


@cache
def studies_of() -> Mapping[str, tuple[str, ...]]:
    """Therapy -> shipped studies that hold published results and give it to an arm that is not a control.

    A control is checked by the studies whose control arm it is.
    """
    checked_by: dict[str, list[str]] = {name: [] for name in THERAPIES}
    for name, path in shipped_studies().items():
        study = Study.load(path)
        if not study.observed:
            continue
        therapies = {use.therapy for arm in study.arms if not arm.control for use in arm.uses}
        therapies |= {use.therapy for arm in study.arms for use in arm.uses if THERAPIES[use.therapy].is_control}
        for therapy in therapies:
            checked_by[therapy].append(name)
    return {name: tuple(studies) for name, studies in checked_by.items()}


def _value(default: float | str, values: Mapping[str, float]) -> float:
    return values[default] if isinstance(default, str) else default
