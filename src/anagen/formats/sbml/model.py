"""The signalling network of one condition with what an arm is given, as a document of libSBML.

    dX/dt = ((1 - (1 - basal_X) * product of "or" factors) * product of "and" factors - X) / tau_X
    act(x, ec50, n) = (1 - ec50^n) x^n / (ec50^n + (1 - 2 ec50^n) x^n)

which is beta x^n / (beta - 1 + x^n) of docs/signalling.md. Every weight, half-level, exponent, basal level and time
constant is a parameter with its unit, grade and source; each dose or step of exposure is an event on its day; readouts
and the changes behind levers are assignment rules. Level 3 Version 2 Core: Hucka 2019, doi:10.1515/jib-2019-0021.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.formats.libraries import library
from anagen.formats.sbml.notes import annotate, identifiers, kept, of_edge, of_node
from anagen.parameters import Parameter
from anagen.signalling.network.coupling import without_model
from anagen.signalling.network.courses import Course
from anagen.signalling.network.elements import Edge, Node
from anagen.signalling.network.network import Network
from anagen.signalling.network.readouts import CATAGEN, GROWTH, REQUIRED
from anagen.signalling.network.rest import basal_levels, resting_state

LEVEL, VERSION = 3, 2
NONE, DAY, PER_DAY = "dimensionless", "day", "per_day"
ONE = "1 dimensionless"
ACT = "act"
HILL = "SBO:0000192"
"""Hill equation."""
NODE_TERM, TIME_TERM, RATE_TERM, HALF_TERM, POWER_TERM, NUMBER_TERM = (
    "SBO:0000360", "SBO:0000348", "SBO:0000356", "SBO:0000363", "SBO:0000190", "SBO:0000002",
)  # fmt: skip
"""Quantity of an entity pool, exponential time constant, decay constant, activation constant, Hill coefficient, and any
quantitative parameter."""
EQUATIONS = "Kraeutler, Soltis & Saucerman 2010, doi:10.1186/1752-0509-4-157"
READOUTS = {
    "growth": f"({' + '.join(GROWTH)}) / {len(GROWTH)} dimensionless",
    "catagen": f"({' + '.join(CATAGEN)}) / {len(CATAGEN)} dimensionless",
    "release": "STEM_CELLS",
    "androgen": "AR",
    "attack": f"IFNG * CD8 * ({ONE} - IMMUNE_PRIVILEGE)",
}
"""Outputs of the network, see `anagen.signalling.network.readouts`."""
LEVERS = {
    "anagen_extension": ("growth", "(growth - growth_at_rest) - catagen_weight * (catagen - catagen_at_rest)"),
    "telogen_exit": ("release", "release - release_at_rest"),
    "calibre_gain": ("growth", "growth - growth_at_rest"),
    "androgen_drive": ("androgen", f"{ONE} - androgen / androgen_at_rest"),
    "immune_attack": ("attack", f"{ONE} - attack / attack_at_rest"),
}
"""Lever -> readout that it needs, change from rest behind it; see `anagen.signalling.changes`."""


def weight_id(edge: Edge) -> str:
    """Id of the parameter of an edge's weight."""
    return f"w_{edge.origin}_to_{edge.target}"


def half_id(edge: Edge) -> str:
    """Id of the parameter of an edge's level of half effect."""
    return f"ec50_{edge.origin}_to_{edge.target}"


def power_id(edge: Edge) -> str:
    """Id of the parameter of an edge's Hill exponent."""
    return f"n_{edge.origin}_to_{edge.target}"


@dataclass(frozen=True)
class Described:
    """What a model is of.

    Attributes
    ----------
    network : Network
        At the values that are written.
    condition : str
        One of its conditions.
    courses : Sequence[Course]
        What is given to the patient, at most one course of an input.
    name : str
        Of the model, in words; the condition is added.
    catagen_weight : Parameter or None
        Weight of the catagen drive behind anagen extension; without it levers are left out.
    patient : int
        Row of the courses.
    moved : Collection[str]
        Parameters of which another program may want to change the value while it runs: not constant.
    remarks : Sequence[str]
        Further sentences for the notes of the model.
    """

    network: Network
    condition: str
    courses: Sequence[Course] = ()
    name: str = ""
    catagen_weight: Parameter | None = None
    patient: int = 0
    moved: Collection[str] = ()
    remarks: Sequence[str] = ()

    @property
    def rest(self) -> FloatArray:
        """Levels of the nodes at rest."""
        return resting_state(self.network, basal_levels(self.network, self.condition))


def document_of(described: Described) -> Any:
    """The model as a document of libSBML.

    Parameters
    ----------
    described : Described
        What it is of.

    Returns
    -------
    SBMLDocument
        Consistent; check.py asks libSBML.
    """
    libsbml = library("libsbml")

    without_model(described.network, "SBML")
    document = libsbml.SBMLDocument(LEVEL, VERSION)
    model = document.createModel()
    network, condition = described.network, described.condition
    kept(model.setId(f"signalling_{condition}"))
    kept(model.setName(f"{described.name or network.title}; condition: {condition}"))
    _units(model)
    _act(model)
    courses = {course.name: course for course in described.courses}
    rest = dict(zip(network.node_names, described.rest.tolist(), strict=True))
    for node in network.nodes:
        _node(model, node, rest[node.name], described)
    for entry in network.inputs:
        _input(model, entry.name, entry.title, courses.get(entry.name), described.patient)
    for edge in network.edges:
        _edge(model, edge, network, described.moved)
    for node in network.nodes:
        rule = model.createRateRule()
        kept(rule.setVariable(node.name))
        set_math(rule, rate_of(node, network))
    if all(name in network.node_names for name in REQUIRED):
        _readouts(model, rest, described.catagen_weight)
    _events(model, described.courses, described.patient)
    sentences = (
        "Normalised-Hill network of signalling in the human hair follicle, written by Anagen. Time is in days.",
        "Research software, not medical advice. Weights, half-levels and most basal levels are assumptions; the signs "
        "of edges have sources. Grades: A established, B human tissue or more than one report, C one report or a "
        "hypothesis, none: no source, weight 0.",
        f"Condition: {condition}.",
        *described.remarks,
    )
    annotate(model, sentences, described=EQUATIONS, known={"version": ["taxonomy/9606", "go/GO:0042633"]})
    return document


def rate_of(node: Node, network: Network) -> str:
    """Right-hand side of a node's equation, in the names of the model's parameters.

    Parameters
    ----------
    node : Node
        The node.
    network : Network
        Its network.

    Returns
    -------
    str
        A formula of libSBML's Level 3 parser.
    """
    inputs = set(network.input_names)
    entering = [edge for edge in network.edges if edge.target == node.name]
    ways = [_factor(edge, inputs) for edge in entering if edge.gate == "or"]
    needed = [_factor(edge, inputs) for edge in entering if edge.gate == "and"]
    off = " * ".join([f"({ONE} - basal_{node.name})", *ways])
    driven = " * ".join([f"({ONE} - {off})", *needed])
    return f"({driven} - {node.name}) / tau_{node.name}"


def _factor(edge: Edge, inputs: set[str]) -> str:
    """The factor with which an edge enters; see `anagen.signalling.network.circuit`."""
    weight = weight_id(edge)
    level = edge.origin if edge.origin in inputs else f"{ACT}({edge.origin}, {half_id(edge)}, {power_id(edge)})"
    if (edge.gate == "or") == (edge.sign == "+"):
        return f"({ONE} - {weight} * {level})"
    return f"({ONE} - {weight} * ({ONE} - {level}))"


def _units(model: Any) -> None:
    for setter, unit in (
        (model.setTimeUnits, DAY), (model.setExtentUnits, NONE), (model.setSubstanceUnits, NONE),
    ):  # fmt: skip
        kept(setter(unit))
    for name, exponent in ((DAY, 1), (PER_DAY, -1)):
        libsbml = library("libsbml")

        definition = model.createUnitDefinition()
        kept(definition.setId(name))
        unit = definition.createUnit()
        kept(unit.setKind(libsbml.UNIT_KIND_SECOND))
        kept(unit.setExponent(exponent))
        kept(unit.setScale(0))
        kept(unit.setMultiplier(86400.0))


def _act(model: Any) -> None:
    function = model.createFunctionDefinition()
    kept(function.setId(ACT))
    kept(function.setName("normalised Hill function: act(1) = 1, act(ec50) = 1/2"))
    kept(function.setSBOTerm(HILL))
    power = "ec50 ^ n"
    set_math(
        function,
        f"lambda(x, ec50, n, ({ONE} - {power}) * x ^ n / ({power} + ({ONE} - 2 dimensionless * {power}) * x ^ n))",
    )


def parameter(
    model: Any, name: str, value: float | None, unit: str, term: str, title: str, *, constant: bool = True
) -> Any:
    """Add a parameter.

    Parameters
    ----------
    model : Model
        Of libSBML.
    name : str
        Its id.
    value : float or None
        Its value at the start; None where a rule gives it.
    unit : str
        Its unit.
    term : str
        Of the Systems Biology Ontology.
    title : str
        Its name, in words.
    constant : bool
        Whether it never changes.

    Returns
    -------
    Parameter
        Of libSBML.
    """
    made = model.createParameter()
    kept(made.setId(name))
    kept(made.setName(title))
    if value is not None:
        kept(made.setValue(float(value)))
    kept(made.setUnits(unit))
    kept(made.setConstant(constant))
    kept(made.setSBOTerm(term))
    return made


def _node(model: Any, node: Node, level: float, described: Described) -> None:
    name, moved = node.name, described.moved
    made = parameter(model, name, level, NONE, NODE_TERM, node.title, constant=False)
    annotate(made, of_node(node), described=node.source, known=identifiers()["node"].get(name))
    told = (f"Grade {node.grade}.", f"Source: {node.source}.")
    for identifier, value, unit, term, title in (
        (f"tau_{name}", node.tau, DAY, TIME_TERM, f"time constant of {name}"),
        (f"basal_{name}", node.basal[described.condition], NONE, NUMBER_TERM, f"basal level of {name}"),
    ):
        annotate(
            parameter(model, identifier, value, unit, term, title, constant=identifier not in moved),
            told, described=node.source,
        )  # fmt: skip


def _input(model: Any, name: str, title: str, course: Course | None, patient: int) -> None:
    start = 0.0 if course is None else float(course.amounts[patient][course.days <= 0.0].sum())
    exposure = parameter(model, f"E_{name}", max(start, 0.0), NONE, NODE_TERM, f"exposure: {title}", constant=False)
    annotate(exposure, ("Exposure over that at half occupancy; what the arm's own delivery brings, or 0.",))
    level = parameter(model, name, None, NONE, NODE_TERM, f"occupancy: {title}", constant=False)
    annotate(level, known=identifiers()["input"].get(name))
    rule = model.createAssignmentRule()
    kept(rule.setVariable(name))
    set_math(rule, f"E_{name} / ({ONE} + E_{name})")
    rate = 0.0 if course is None else float(course.rates[patient])
    if rate > 0.0:
        parameter(model, f"k_{name}", rate, PER_DAY, RATE_TERM, f"rate of elimination of {name}")
        decay = model.createRateRule()
        kept(decay.setVariable(f"E_{name}"))
        set_math(decay, f"-k_{name} * E_{name}")


def _edge(model: Any, edge: Edge, network: Network, moved: Collection[str]) -> None:
    told = of_edge(edge)
    rows = [(weight_id(edge), edge.weight, NUMBER_TERM, f"weight of {edge.name}")]
    if edge.origin not in network.input_names:
        rows += [
            (half_id(edge), edge.ec50, HALF_TERM, f"level of half effect of {edge.name}"),
            (power_id(edge), edge.n, POWER_TERM, f"Hill exponent of {edge.name}"),
        ]
    for place, (name, value, term, title) in enumerate(rows):
        made = parameter(model, name, value, NONE, term, title, constant=name not in moved)
        annotate(made, told if place == 0 else (f"Grade {edge.grade}; see {rows[0][0]}.",), described=edge.source)


def _readouts(model: Any, rest: dict[str, float], catagen_weight: Parameter | None) -> None:
    """Readouts, what they are at rest, and the change from rest behind each lever."""
    mean = {name: float(np.mean([rest[node] for node in nodes])) for name, nodes in _MEANS.items()}
    resting = {
        **mean,
        "release": rest["STEM_CELLS"],
        "androgen": rest["AR"],
        "attack": rest["IFNG"] * rest["CD8"] * (1.0 - rest["IMMUNE_PRIVILEGE"]),
    }
    for name, formula in READOUTS.items():
        _rule(model, name, formula, f"readout of the network: {name}")
    if catagen_weight is None:
        return
    for name in READOUTS:
        made = parameter(model, f"{name}_at_rest", resting[name], NONE, NUMBER_TERM, f"{name} where nothing is given")
        annotate(made, ("Computed from the numbers of this model: the state in which it stays.",))
    made = parameter(model, "catagen_weight", catagen_weight.value, NONE, NUMBER_TERM, catagen_weight.name)
    annotate(
        made, (f"Grade {catagen_weight.grade}.", f"Source: {catagen_weight.source}."), described=catagen_weight.source
    )
    for name, (readout, formula) in LEVERS.items():
        removed = formula.startswith(ONE)
        if not removed or resting[readout] > 0.0:
            words = "share removed" if removed else "change from rest"
            _rule(model, f"lever_{name}", formula, f"{words} behind the lever {name}, before the greatest effect")


_MEANS = {"growth": GROWTH, "catagen": CATAGEN}


def _rule(model: Any, name: str, formula: str, title: str) -> None:
    parameter(model, name, None, NONE, NODE_TERM, title, constant=False)
    rule = model.createAssignmentRule()
    kept(rule.setVariable(name))
    set_math(rule, formula)


def _events(model: Any, courses: Sequence[Course], patient: int) -> None:
    """One event for each day after day 0 on which anything changes: what a dose adds, or the level that then holds."""
    days: dict[float, dict[str, str]] = {}
    for course in courses:
        name, amounts = f"E_{course.name}", course.amounts[patient]
        held = np.maximum(np.cumsum(amounts), 0.0)
        for day, amount, level in zip(course.days.tolist(), amounts.tolist(), held.tolist(), strict=True):
            if day > 0.0 and amount != 0.0:
                there = float(course.rates[patient]) == 0.0
                before = days.setdefault(day, {}).get(name, name)
                days[day][name] = f"{_number(level)}" if there else f"{before} + {_number(amount)}"
    for place, day in enumerate(sorted(days), start=1):
        event = model.createEvent()
        kept(event.setId(f"dose_{place}"))
        kept(event.setName(f"day {day:g}: what delivery brings"))
        kept(event.setUseValuesFromTriggerTime(True))
        trigger = event.createTrigger()
        kept(trigger.setInitialValue(False))
        kept(trigger.setPersistent(True))
        set_math(trigger, f"time >= {day!r} {DAY}")
        for name, formula in days[day].items():
            assignment = event.createEventAssignment()
            kept(assignment.setVariable(name))
            set_math(assignment, formula)


def _number(value: float) -> str:
    return f"{value!r} {NONE}"


def set_math(element: Any, formula: str) -> None:
    """Give an element its mathematics.

    Parameters
    ----------
    element : SBase
        A rule, trigger, assignment or function of libSBML.
    formula : str
        In the syntax of its Level 3 parser, units included.

    Raises
    ------
    RuntimeError
        Where it cannot be read.
    """
    libsbml = library("libsbml")

    tree = libsbml.parseL3Formula(formula)
    if tree is None:
        raise RuntimeError(f"libSBML cannot read {formula!r}: {libsbml.getLastParseL3Error()}")
    kept(element.setMath(tree))
