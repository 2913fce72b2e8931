"""What a therapy is and does, gathered from the registries as plain data: for `anagen therapies` and the documents."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from anagen.delivery import KINETICS, ROUTES
from anagen.parameters import ParameterSet, Source, load_parameters
from anagen.signalling.network import load_network
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.therapies import EVIDENCE_GRADES, LEVERS, THERAPIES, Action, Therapy
from anagen.therapies.contraindications import CONTRAINDICATIONS
from anagen.therapies.harms import ADVERSE_EVENTS, ROUTE_EVENTS

CADENCE = {1.0 / 3.0: "three times a week", 0.5: "twice a week", 1.0: "every week"}


def rows() -> list[dict[str, Any]]:
    """One mapping per therapy, in the order of the registry: name, title, routes, grade, control, evidence.

    Example:
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
            "control": therapy.control,
            "evidence": therapy.evidence,
        }
        for therapy in THERAPIES.values()
    ]


def explanation(name: str, source: Source = "default") -> dict[str, Any]:
    """Everything that is known of one therapy, by its name or one of its other names, ready for JSON.

    Args:
        name: as a study file may name it. source: of the parameters; see `parameter_source`.

    Raises:
        KeyError: where there is none of that name. InputError: where there is no such source.

    Example:
        >>> explanation("avodart")["name"]
        'dutasteride'
    """
    therapy, parameters = find(name), load_parameters(source)
    central, shown = parameters.central(), effects(therapy, parameters)
    return {
        "name": therapy.name,
        "title": therapy.title,
        "called": {other: what for other, what in therapy.aliases.items() if other == name},
        "aliases": dict(therapy.aliases),
        "is_control": therapy.is_control,
        "mechanism": mechanism(therapy),
        "routes": [by_route(therapy, route, central) for route in therapy.routes],
        "effects": shown,
        "hand_set": therapy.hand_set and all(effect["informed_by"] == "prior" for effect in shown),
        "adverse_events": adverse_events(therapy),
        "contraindications": contraindications(therapy),
        "refused": dict(therapy.refused),
        "control": therapy.control,
        "grade": None if therapy.is_control else therapy.grade,
        "grade_means": EVIDENCE_GRADES[therapy.grade],
        "evidence": therapy.evidence,
        "corrects": therapy.corrects,
        "cost_per_year_eur": None if therapy.cost_per_year is None else list(therapy.cost_per_year),
        "cost_source": therapy.cost_source,
        "source": therapy.source,
        "studies": list(studies_of()[therapy.name]),
    }


def find(name: str) -> Therapy:
    """A therapy by its name or one of its other names.

    Raises:
        KeyError: where there is none of that name.
    """
    for therapy in THERAPIES.values():
        if name == therapy.name or name in therapy.aliases:
            return therapy
    raise KeyError(name)


def mechanism(therapy: Therapy) -> list[str]:
    """What a therapy does, in sentences: what it occupies, which levers follow, and what the act of giving it does."""
    inputs = {entry.name: entry.title for entry in load_network().inputs}
    said: list[str] = []
    occupied = dict.fromkeys(entry.input for form in therapy.by_every_route() for entry in form.occupies)
    if occupied:
        named = "; ".join(f"{inputs[name]} ({name})" for name in occupied)
        said.append(f"It occupies of the signalling network: {named}.")
    for action in therapy.actions:
        way = "through the network" if action.half is None else "beside the network, with an occupancy of its own"
        said.append(f"It moves {action.lever} {way}: {LEVERS[action.lever]}.")
    acts = [route for route in therapy.routes if ROUTES[route].act is not None]
    controls = [(route, therapy.by(route).control) for route in acts]
    if acts:
        titles = ", ".join(ROUTES[route].title for route in acts)
        said.append(f"The act itself ({titles}) leaves a wound signal, which wakes resting follicles for a while.")
        shared = all(control is not None and route in THERAPIES[control].routes for route, control in controls)
        if not therapy.is_control:
            same = "Its control gets the same wound, so that it is credited with nothing of it."
            said.append(same if shared else "Its control gets no wound: the act is what is tested.")
    elif not therapy.actions:
        said.append("It moves no lever: what is seen with it is the natural course, expectation and errors of reading.")
    return said


def by_route(therapy: Therapy, route: str, values: Mapping[str, float]) -> dict[str, Any]:
    """How a therapy is given by one route: dose, rhythm, forms, control, kinetics, what a study file can set.

    Args:
        therapy, route: what is given and how. values: central values of the parameters, for defaults named after them.
    """
    form = therapy.by(route)
    usual = form.default_schedule
    if usual.per_day is not None:
        rhythm = {1.0: "once a day", 2.0: "twice a day"}.get(usual.per_day, f"{usual.per_day:g} times a day")
    elif usual.every is not None:
        often = CADENCE.get(usual.every, f"every {usual.every:g} weeks")
        rhythm = often if usual.sessions is None else f"{usual.sessions} sessions, {often}"
        rhythm = "1 session" if usual.sessions == 1 else rhythm
    else:
        rhythm = "never"
    kinetics = therapy.kinetics.get(route)
    return {
        "route": route,
        "title": ROUTES[route].title,
        "dose": None if form.default_dose is None else f"{form.default_dose:g} {form.dose_unit} per {form.per[0]}",
        "rhythm": rhythm,
        "formulations": list(form.formulations),
        "products": list(form.products),
        "control": form.control,
        "kinetics": None if kinetics is None else {"name": kinetics, "source": KINETICS[kinetics].source},
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


def effects(therapy: Therapy, parameters: ParameterSet) -> list[dict[str, Any]]:
    """Greatest effect of each lever, of the therapy and of the acts of its routes.

    value, low and high are those used, prior_value, prior_low and prior_high those of the prior; `informed_by` tells
    whether they differ.
    """
    acting: dict[str, tuple[Action, str]] = {action.maximum: (action, "therapy") for action in therapy.actions}
    for route in therapy.routes:
        act = ROUTES[route].act
        for action in () if act is None else act.actions:
            acting.setdefault(action.maximum, (action, "act of the route"))
    rows = {str(row["name"]): row for row in parameters.only(acting).rows()}
    shown = ("value", "low", "high", "unit", "prior_value", "prior_low", "prior_high", "informed_by", "grade", "source")
    return [
        {"lever": action.lever, "of": whose, "parameter": name, **{key: rows[name][key] for key in shown}}
        for name, (action, whose) in acting.items()
    ]


def adverse_events(therapy: Therapy) -> list[dict[str, Any]]:
    """Adverse events of a therapy and of its routes: share of patients within the reference exposure, prior, source.

    Example:
        >>> [event["event"] for event in adverse_events(THERAPIES["cetirizine"]) if event["of"] == "cetirizine"]
        ['pruritus']
    """
    parameters = load_parameters()
    causes = [(therapy.name, event, event.routes or therapy.routes) for event in ADVERSE_EVENTS[therapy.name]]
    causes += [(route, event, (route,)) for route in therapy.routes for event in ROUTE_EVENTS[route]]
    return [
        {
            "event": event.name,
            "title": event.title,
            "of": cause,
            "routes": [route for route in therapy.routes if route in routes],
            "value": parameters[event.rate].value,
            "low": parameters[event.rate].low,
            "high": parameters[event.rate].high,
            "within": f"{event.reference:g} {event.unit}",
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
        for entry in CONTRAINDICATIONS.get(therapy.name, ())
    ]


@cache
def studies_of() -> Mapping[str, tuple[str, ...]]:
    """Therapy -> shipped studies that hold published results and give it to an arm that is not a control.

    A control is checked by the studies whose control arm it is.
    """
    found: dict[str, list[str]] = {name: [] for name in THERAPIES}
    for name, path in shipped_studies().items():
        study = Study.load(path)
        if not study.observed:
            continue
        given = {use.therapy for arm in study.arms if not arm.control for use in arm.therapies}
        given |= {use.therapy for arm in study.arms for use in arm.therapies if THERAPIES[use.therapy].is_control}
        for therapy in given:
            found[therapy].append(name)
    return {name: tuple(studies) for name, studies in found.items()}


def _value(default: float | str, values: Mapping[str, float]) -> float:
    return values[default] if isinstance(default, str) else default
