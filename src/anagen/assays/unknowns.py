"""What an assay may inform: weights and half-levels of edges on its way, half doses, and slopes of cultures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from anagen.assays.readouts import CULTURES, nodes_of
from anagen.assays.table import AssayTable
from anagen.parameters import Parameter
from anagen.signalling.network import Network
from anagen.signalling.network.circuit import factor
from anagen.signalling.network.elements import Edge
from anagen.signalling.network.priors import edge_parameters, parameter_names_of

HALF_DOSE, SLOPE = "half_dose.", "slope."
"""How names of parameters begin that belong to an assay and to nothing else."""
FAR_DOSE = 30.0
"""Factor up and down from the middle of the doses that holds 90 % of the dose of half occupancy."""
FAR_SLOPE = 3.0
"""Factor up and down from 1 that holds 90 % of the slope of a culture: nobody measured it against the network."""


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Parameters that an assay may inform, each with its prior.

    Attributes
    ----------
    edges : dict[str, Parameter]
        Factors on the odds of weights and half-levels, see `anagen.signalling.network.priors`.
    doses : dict[str, Parameter]
        Dose of half occupancy of each input that was given in doses.
    slopes : dict[str, Parameter]
        Exponent of the fold change of what a culture follows.
    """

    edges: dict[str, Parameter]
    doses: dict[str, Parameter]
    slopes: dict[str, Parameter]

    @property
    def all(self) -> dict[str, Parameter]:
        """All of them in one order."""
        return self.edges | self.doses | self.slopes


def unknowns_of(network: Network, table: AssayTable) -> Unknowns:
    """What the rows of an assay depend on.

    Parameters
    ----------
    network : Network
        The network.
    table : AssayTable
        What was given and measured.

    Returns
    -------
    Unknowns
        Edges of which none leads to anything that was measured are not among them: they keep their priors.

    Examples
    --------
    >>> from anagen.assays.table import parse_assay_table
    >>> from anagen.signalling.network import load_network
    >>> text = "readout,DHT_BLOCK,value,error\\nAR,0.5,0.6,0.05"
    >>> table = parse_assay_table(text, "mine.csv", load_network(), "aga")
    >>> list(unknowns_of(load_network(), table).all)
    ['edge_ec50.DHT_to_AR']
    """
    given = {name for number, column in enumerate(table.given) for name in column.inputs if _used(table, number)}
    acting = acting_edges(network, [row.readout for row in table.rows], given)
    names = {name for edge in acting for name in parameter_names_of(edge)}
    edges = {name: parameter for name, parameter in edge_parameters(network).items() if name in names}
    doses = {
        f"{HALF_DOSE}{name}": _half_dose(name, column.unit, [row.given[number] for row in table.rows])
        for number, column in enumerate(table.given)
        if column.unit and _used(table, number)
        for name in column.inputs
    }
    cultures = dict.fromkeys(row.readout for row in table.rows if row.readout in CULTURES and row.scale == "fold")
    return Unknowns(edges, doses, {f"{SLOPE}{name}": _slope(name) for name in cultures})


def acting_edges(network: Network, readouts: list[str], given: set[str]) -> tuple[Edge, ...]:
    """Edges that can change any of the readouts, with these inputs given.

    Parameters
    ----------
    network : Network
        The network.
    readouts : list[str]
        What was measured.
    given : set[str]
        Inputs that were occupied; an edge from another one matters only where its absence counts.

    Returns
    -------
    tuple[Edge, ...]
        In the order of the network.
    """
    wanted = {node for readout in readouts for node in nodes_of(readout)}
    weighted = [
        edge
        for edge in network.edges
        if edge.weight > 0.0
        and (edge.origin not in network.input_names or edge.origin in given or factor(edge)[0] != 1.0)
    ]
    grown = True
    while grown:
        fresh = {edge.origin for edge in weighted if edge.target in wanted} - wanted
        wanted |= fresh
        grown = bool(fresh)
    return tuple(edge for edge in weighted if edge.target in wanted)


def _used(table: AssayTable, number: int) -> bool:
    """Whether anything was given of a column."""
    return any(row.given[number] > 0.0 for row in table.rows)


def _half_dose(name: str, unit: str, doses: list[float]) -> Parameter:
    middle = math.exp(float(np.mean(np.log([dose for dose in doses if dose > 0.0]))))
    return Parameter(
        name=f"{HALF_DOSE}{name}", value=middle, unit=unit, distribution="lognormal", low=middle / FAR_DOSE,
        high=middle * FAR_DOSE, source="Assumption: near the doses that were given", grade="C",
        note=f"Dose that occupies half of {name} in this assay.",
    )  # fmt: skip


def _slope(readout: str) -> Parameter:
    culture = CULTURES[readout]
    return Parameter(
        name=f"{SLOPE}{readout}", value=1.0, unit="1", distribution="lognormal", low=1.0 / FAR_SLOPE, high=FAR_SLOPE,
        source="Assumption: nobody measured the culture against the network", grade="C",
        note=f"Exponent: fold change of {culture.title} over that of {culture.follows}.",
    )  # fmt: skip
