"""Writes a signalling network as SBML Level 3 Version 1 Core, so that other programs can run and check it.

Nodes and exposures are parameters with rate rules, doses are events, time is in days. Core constructs
only: no package of SBML is used. Specification: Hucka 2018, doi:10.1515/jib-2017-0081.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.network.circuit import factor
from anagen.signalling.network.courses import Course
from anagen.signalling.network.elements import Edge, Node
from anagen.signalling.network.network import Network
from anagen.signalling.network.rest import resting_state

SBML = "http://www.sbml.org/sbml/level3/version1/core"
MATHML = f'xmlns="http://www.w3.org/1998/Math/MathML" xmlns:sbml="{SBML}"'
DAY, PER_DAY, NONE = "day", "per_day", "dimensionless"
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> time </csymbol>'


def sbml_of(network: Network, basal: FloatArray, courses: Sequence[Course] = (), patient: int = 0) -> str:
    """The network of one patient with their doses as SBML text; it starts at rest on day 0.

    Parameters
    ----------
    network : Network
        Network.
    basal : FloatArray
        Basal levels of the patient [node].
    courses : Sequence[Course], default ()
        As for `solve`.
    patient : int, default 0
        Their row.

    Returns
    -------
    str
        XML. Nodes keep their names; exposures are named E_<input>. Doses before day 0 do not count.

    Examples
    --------
    >>> from anagen.signalling.network import basal_levels, load_network
    >>> network = load_network()
    >>> text = sbml_of(network, basal_levels(network, "aga"))
    >>> text.count("<rateRule ") == len(network.nodes) + len(network.inputs)
    True
    """
    rest = resting_state(network, np.asarray(basal, dtype=np.float64))
    decay = {course.name: float(course.rates[patient]) for course in courses}
    start = dict.fromkeys(network.input_names, 0.0)
    doses: list[tuple[float, str, float]] = []
    for course in courses:
        for day, amount in zip(course.days.tolist(), course.amounts[patient].tolist(), strict=True):
            if day == 0.0:
                start[course.name] += amount
            elif day > 0.0 and amount != 0.0:
                doses.append((day, course.name, amount))
    doses.sort()
    levels = dict(zip(network.node_names, rest.tolist(), strict=True))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<sbml xmlns="{SBML}" level="3" version="1">',
        f'<model id="signalling" name={quoteattr(network.title)} timeUnits="day">',
        f"<listOfUnitDefinitions>{_unit(DAY, 1)}{_unit(PER_DAY, -1)}</listOfUnitDefinitions>",
        "<listOfParameters>",
        *(_parameter(node.name, levels[node.name], node.title) for node in network.nodes),
        *(_parameter(f"E_{entry.name}", start[entry.name], entry.title) for entry in network.inputs),
        "</listOfParameters>",
        "<listOfRules>",
        *(_rate_rule(node.name, _node_rate(network, node, float(basal[i]))) for i, node in enumerate(network.nodes)),
        *(
            _rate_rule(f"E_{name}", _apply("times", _number(-decay.get(name, 0.0), PER_DAY), _name(f"E_{name}")))
            for name in network.input_names
        ),
        "</listOfRules>",
        *_events(doses),
        "</model>",
        "</sbml>",
    ]
    return "\n".join(lines) + "\n"


def _parameter(name: str, value: float, title: str) -> str:
    return (
        f'<parameter id="{name}" name={quoteattr(title)} value="{_digits(value)}" units="dimensionless" '
        'constant="false"/>'
    )


def _rate_rule(name: str, mathematics: str) -> str:
    return f'<rateRule variable="{name}"><math {MATHML}>{mathematics}</math></rateRule>'


def _events(doses: Sequence[tuple[float, str, float]]) -> list[str]:
    days: dict[float, dict[str, float]] = {}
    for day, name, amount in doses:
        amounts = days.setdefault(day, {})
        amounts[name] = amounts.get(name, 0.0) + amount
    if not days:
        return []
    events = [_event(f"dose_{number}", day, amounts) for number, (day, amounts) in enumerate(days.items(), start=1)]
    return ["<listOfEvents>", *events, "</listOfEvents>"]


def _event(name: str, day: float, amounts: Mapping[str, float]) -> str:
    assignments = "".join(
        f'<eventAssignment variable="E_{entry}"><math {MATHML}>'
        f"{_apply('plus', _name(f'E_{entry}'), _number(amount))}</math></eventAssignment>"
        for entry, amount in amounts.items()
    )
    return (
        f'<event id="{name}" useValuesFromTriggerTime="true"><trigger initialValue="false" persistent="true">'
        f"<math {MATHML}>{_apply('geq', TIME, _number(day, DAY))}</math></trigger>"
        f"<listOfEventAssignments>{assignments}</listOfEventAssignments></event>"
    )


def _node_rate(network: Network, node: Node, basal: float) -> str:
    edges = [edge for edge in network.edges if edge.target == node.name and edge.weight != 0.0]
    inputs = set(network.input_names)
    off = [_number(1.0 - basal), *(_factor(edge, inputs) for edge in edges if edge.gate == "or")]
    needed = [_factor(edge, inputs) for edge in edges if edge.gate == "and"]
    driven = _apply("times", _apply("minus", _number(1.0), _apply("times", *off)), *needed)
    return _apply("divide", _apply("minus", driven, _name(node.name)), _number(node.tau, DAY))


def _factor(edge: Edge, inputs: set[str]) -> str:
    a, b = factor(edge)
    if edge.origin in inputs:
        level = _name(f"E_{edge.origin}")
        transferred = _apply("divide", level, _apply("plus", _number(1.0), level))
    else:
        power = _apply("power", _name(edge.origin), _number(edge.n))
        over = _apply("plus", _number(edge.beta - 1.0), power)
        transferred = _apply("divide", _apply("times", _number(edge.beta), power), over)
    return _apply("plus", _number(a), _apply("times", _number(b), transferred))


def _apply(operator: str, *arguments: str) -> str:
    return f"<apply><{operator}/>{''.join(arguments)}</apply>"


def _name(name: str) -> str:
    return f"<ci> {escape(name)} </ci>"


def _unit(name: str, exponent: int) -> str:
    return (
        f'<unitDefinition id="{name}"><listOfUnits><unit kind="second" exponent="{exponent}" scale="0" '
        'multiplier="86400"/></listOfUnits></unitDefinition>'
    )


def _number(value: float, unit: str = NONE) -> str:
    """A number with all its digits and its unit; a whole one as an integer, so that powers are recognised."""
    units = f'sbml:units="{unit}"'
    if value == math.floor(value) and abs(value) < 1e9:
        return f'<cn {units} type="integer"> {int(value)} </cn>'
    mantissa, _, exponent = _digits(value).partition("e")
    if exponent:
        return f'<cn {units} type="e-notation"> {mantissa} <sep/> {int(exponent)} </cn>'
    return f"<cn {units}> {mantissa} </cn>"


def _digits(value: float) -> str:
    return repr(float(value))
