"""Refuses what a run could not do: a therapy or route whose numbers, kinetics, inputs or control are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anagen.core.plugins import Origin
from anagen.core.registry import Registry
from anagen.delivery import KINETICS, Route
from anagen.exosomes import library
from anagen.parameters import ParameterSet, load_parameters
from anagen.signalling.network import load_network
from anagen.study.findings import Findings, every_use
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy
from anagen.therapies.kinetics import KineticsData

SHOWN = 20
"""Missing parameters named in one message."""


def check_therapies(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds what is missing of every therapy and route that the arms name; `data` has its defaults filled in."""
    parameters = load_parameters("prior")
    for path, use in every_use(data):
        therapy, route = words.therapies.get(str(use.get("therapy"))), words.routes.get(str(use.get("route")))
        if therapy is None or route is None or route.name not in therapy.routes:
            continue
        for message in shortcomings(therapy, route.name, words, parameters):
            findings.add((*path, "therapy"), message)
        for message in shortcomings_of_route(route, words, parameters):
            findings.add((*path, "route"), message)


def shortcomings(therapy: Therapy, route: str, words: Vocabulary, parameters: ParameterSet) -> tuple[str, ...]:
    """What a run would miss of a therapy that is given by a route, each with the file in which to write it.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    route : str
        One of its routes.
    words : Vocabulary
        What else is registered.
    parameters : ParameterSet
        Numbers that are written down.

    Returns
    -------
    tuple of str
        Sentences; empty where nothing is missing.
    """
    form, kinetics = therapy.by(route), therapy.kinetics.get(route)
    origin = words.therapies.origin(therapy.name)
    where = _file(origin, words.therapies, therapy.name)
    gaps: list[str] = []
    names = [*form.parameter_names(), *(name for event in form.harms for name in event.parameter_names())]
    if kinetics is None and (form.actions or form.occupies):
        gaps.append(f"{therapy.name} has no kinetics for the route {route!r}; name them under kinetics in {where}")
    elif kinetics is not None:
        gaps += _of_kinetics(therapy.name, kinetics, where)
        if not gaps and not isinstance(kinetics, str):
            names += kinetics.parameter_names()
    gaps += _missing(therapy.name, names, parameters, origin)
    units = {name: "day" for action in form.actions for name in (action.rise, action.fall)}
    units |= {} if kinetics is None or isinstance(kinetics, str) else kinetics.units()
    gaps += _in_other_units(units, parameters, origin)
    known = load_network().input_names
    unknown = [entry.input for entry in form.occupies if entry.input not in known]
    if unknown:
        gaps.append(f"{therapy.name} occupies {', '.join(unknown)}, which the signalling network has not; see {where}")
    if form.control is not None and form.control not in words.therapies:
        gaps.append(f"the control of {therapy.name}, {form.control!r}, is no therapy; name another in {where}")
    if form.reference_product is not None and form.reference_product not in library():
        gaps.append(f"{therapy.name} refers to {form.reference_product!r}, which is no product; see {where}")
    return tuple(gaps)


def shortcomings_of_route(route: Route, words: Vocabulary, parameters: ParameterSet) -> tuple[str, ...]:
    """What a run would miss of a route itself; see `shortcomings`."""
    origin = words.routes.origin(route.name)
    names = [*route.parameter_names(), *(name for event in route.harms for name in event.parameter_names())]
    where = "delivery/routes.py" if origin.is_shipped else f"{origin.place} of {origin.text()}"
    gaps = [] if route.act is None else _of_kinetics(f"the route {route.name}", route.act.kinetics, where)
    return (*gaps, *_missing(f"the route {route.name}", names, parameters, origin))


def _of_kinetics(who: str, kinetics: KineticsData, where: str) -> list[str]:
    if isinstance(kinetics, str) and kinetics not in KINETICS:
        known = ", ".join(KINETICS)
        return [f"{who} names kinetics {kinetics!r}, which nothing computes; see {where}; there are {known}"]
    return []


def _missing(who: str, names: Iterable[str], parameters: ParameterSet, origin: Origin) -> list[str]:
    missing = [name for name in dict.fromkeys(names) if name not in parameters]
    if not missing:
        return []
    file = _parameter_file(missing[0], origin)
    shown = ", ".join(missing[:SHOWN]) + (f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else "")
    many = "parameter that no file holds" if len(missing) == 1 else f"{len(missing)} parameters that no file holds"
    return [f"{who} reads {'a ' if len(missing) == 1 else ''}{many}: {shown}; write them in {file}"]


def _in_other_units(units: Mapping[str, str], parameters: ParameterSet, origin: Origin) -> list[str]:
    """Parameters in another unit than the one in which they are read."""
    return [
        f"{name} is given in {parameters[name].unit!r} and read in {unit!r}; write it in {unit} in "
        f"{_parameter_file(name, origin)}"
        for name, unit in units.items()
        if name in parameters and parameters[name].unit != unit
    ]


def _parameter_file(name: str, origin: Origin) -> str:
    """The file in which a parameter of a therapy or route stands or should stand, for messages."""
    if origin.is_shipped:
        return f"src/anagen/parameters/therapies/{name.partition('.')[0]}.toml"
    return f"a TOML file beside {origin.place.partition(':')[0]} of {origin.text()}"


def _file(origin: Origin, therapies: Registry[Therapy], name: str) -> str:
    """The file in which a therapy stands, for messages."""
    if origin.is_shipped:
        return f"src/{therapies.origin(name).place.replace('.', '/')}.py"
    return f"{origin.place} of {origin.text()}"
