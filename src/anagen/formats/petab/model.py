"""The network as a PEtab problem needs it: what may be fitted and what was given are parameters, rests are held.

    weight = odds * central / (1 - central + odds * central)          the same below 0.5^(1/n) for half-levels
    occupancy = 1 - product over columns of (1 - dose / (dose + half dose))
    d rest_Y/dt = settling (Y - rest_Y) / 0.1 day

Before each experiment the network comes to rest with `settling` 1 and nothing given; then it is 0, and `rest_Y` is what
a fold change of Y is taken over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anagen.assays.model import AssayModel
from anagen.assays.readouts import followed_by
from anagen.assays.unknowns import HALF_DOSE
from anagen.formats.sbml.model import (
    NODE_TERM,
    NONE,
    NUMBER_TERM,
    ONE,
    Described,
    document_of,
    half_id,
    parameter,
    power_id,
    set_math,
    weight_id,
)
from anagen.formats.sbml.notes import annotate, kept, of_edge
from anagen.signalling.network.elements import Edge
from anagen.signalling.network.priors import parameter_names_of
from anagen.signalling.network.rest import basal_levels, resting_state

SETTLING = "settling"
FOLLOWS_IN = "0.1 day"
"""Time constant with which the held level follows the network while it settles."""


def petab_id(name: str) -> str:
    """A parameter's name as an id of PEtab and SBML.

    Parameters
    ----------
    name : str
        Of a parameter.

    Returns
    -------
    str
        Letters, digits and underscores.

    Examples
    --------
    >>> petab_id("edge_weight.AR_to_DKK1")
    'edge_weight_AR_to_DKK1'
    """
    return re.sub(r"\W", "_", name)


def dose_id(place: int) -> str:
    """Id of what was given of a column of the assay, counted from 0."""
    return f"given_{place + 1}"


def rest_id(followed: str) -> str:
    """Id of the level of a node or readout at rest."""
    return f"rest_{followed}"


def varying_nodes(model: AssayModel) -> tuple[str, ...]:
    """Nodes whose basal levels differ between the conditions of an assay."""
    conditions = dict.fromkeys(row.condition for row in model.table.rows)
    return tuple(
        node.name for node in model.network.nodes if len({node.basal[condition] for condition in conditions}) > 1
    )


def document_of_assay(model: AssayModel, name: str) -> Any:
    """The model of an assay as a document of libSBML.

    Parameters
    ----------
    model : AssayModel
        Network, assay and what it may inform.
    name : str
        Of the model, in words.

    Returns
    -------
    SBMLDocument
        Its first condition is that of the first row.
    """
    network, condition = model.network, model.table.rows[0].condition
    fitted = {name for name in model.unknowns.edges}
    moved = {f"basal_{node}" for node in varying_nodes(model)}
    for edge in network.edges:
        weight, half = parameter_names_of(edge)
        moved |= {identifier for identifier, of in ((weight_id(edge), weight), (half_id(edge), half)) if of in fitted}
    document = document_of(Described(network, condition, name=name, moved=moved))
    made = document.getModel()
    for edge in network.edges:
        _odds(made, edge, fitted, model)
    for place, column in enumerate(model.table.given):
        title = f"given: {column.heading}"
        annotate(parameter(made, dose_id(place), 0.0, NONE, NUMBER_TERM, title, constant=False), _unit(column.unit))
    for name, entry in model.unknowns.doses.items():
        half = parameter(made, petab_id(name), entry.value, NONE, NUMBER_TERM, f"dose at half occupancy: {name}")
        annotate(half, (*_unit(entry.unit), f"Grade {entry.grade}.", f"Source: {entry.source}."))
    for entry, formula in _occupancies(model).items():
        set_math(made.getAssignmentRuleByVariable(entry), formula)
        made.removeParameter(f"E_{entry}")
    rest = dict(zip(network.node_names, resting_state(network, basal_levels(network, condition)).tolist(), strict=True))
    _held(made, folds_of(model), rest)
    return document


def folds_of(model: AssayModel) -> tuple[str, ...]:
    """Nodes and readouts of which a fold change was measured."""
    return tuple(dict.fromkeys(followed_by(row.readout) for row in model.table.rows if row.scale == "fold"))


def _odds(made: Any, edge: Edge, fitted: set[str], model: AssayModel) -> None:
    """A weight and a half-level that may be fitted, by the factor on their odds."""
    weight, half = parameter_names_of(edge)
    rows = (
        (weight, weight_id(edge), edge.weight, ONE),
        (half, half_id(edge), edge.ec50, f"(0.5 dimensionless) ^ ({ONE} / {power_id(edge)})"),
    )
    for name, identifier, central, most in rows:
        if name not in fitted:
            continue
        entry, factor = model.unknowns.edges[name], petab_id(name)
        odds = parameter(made, factor, entry.value, NONE, NUMBER_TERM, f"factor on the odds of {identifier}")
        annotate(odds, (f"Grade {entry.grade}.", f"Source: {entry.source}.", entry.note), described=entry.source)
        middle = parameter(made, f"central_{identifier}", central, NONE, NUMBER_TERM, f"{identifier} at a factor of 1")
        annotate(middle, of_edge(edge), described=edge.source)
        kept(made.getParameter(identifier).unsetValue())
        rule = made.createAssignmentRule()
        kept(rule.setVariable(identifier))
        value = f"central_{identifier}"
        set_math(rule, f"{most} * {factor} * {value} / ({most} - {value} + {factor} * {value})")


def _occupancies(model: AssayModel) -> Mapping[str, str]:
    """Input -> formula of its occupancy, for those that were given."""
    free: dict[str, list[str]] = {}
    for place, column in enumerate(model.table.given):
        dose = dose_id(place)
        for name in column.inputs:
            half = f"{HALF_DOSE}{name}"
            share = f"{dose} / ({dose} + {petab_id(half)})" if half in model.unknowns.doses and column.unit else dose
            free.setdefault(name, []).append(f"({ONE} - {share})")
    return {name: f"{ONE} - {' * '.join(left)}" for name, left in free.items()}


def _held(made: Any, followed: Sequence[str], rest: Mapping[str, float]) -> None:
    """The level at rest of everything of which a fold is taken."""
    parameter(made, SETTLING, 1.0, NONE, NUMBER_TERM, "1 while the network comes to rest, then 0", constant=False)
    for name in followed:
        start = rest.get(name, 0.5)
        parameter(made, rest_id(name), start, NONE, NODE_TERM, f"{name} where nothing is given", constant=False)
        rule = made.createRateRule()
        kept(rule.setVariable(rest_id(name)))
        set_math(rule, f"{SETTLING} * ({name} - {rest_id(name)}) / {FOLLOWS_IN}")


def _unit(unit: str) -> tuple[str, ...]:
    return (f"In {unit}." if unit else "An occupancy, 0 to 1.",)
