"""What the network predicts for every row of an assay, at deviates of the parameters that the assay may inform.

An untreated culture rests in its condition; from the first hour on, inputs are held at an occupancy,

    occupancy = dose / (dose + half dose), or as the table says.

    fold = (level when it was read / level at rest)^slope          level = level when it was read

slope is 1 but for cultures of cells and follicles. Rows without a time are read when the network has come to rest
under the inputs. Levels are those of the solver and of the state of rest that trials use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from anagen.assays.readouts import level_of
from anagen.assays.table import AssayTable, Measurement
from anagen.assays.unknowns import HALF_DOSE, SLOPE, Unknowns, unknowns_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.parameters.parameter import Z_90, Parameter
from anagen.signalling.network import Course, Network, basal_levels
from anagen.signalling.network.circuit import Circuit, circuit_of, edges_in_order
from anagen.signalling.network.priors import moved_odds, parameter_names_of
from anagen.signalling.network.settling import settled
from anagen.signalling.network.solver import solve_circuit

MOST_OCCUPIED = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows that were given the same for the same time, in one condition."""

    condition: str
    given: tuple[float, ...]
    day: float | None


@dataclass(frozen=True)
class AssayModel:
    """A network, an assay, and what the one predicts for the other.

    Attributes
    ----------
    network : Network
        The network at its central weights.
    table : AssayTable
        The assay.
    unknowns : Unknowns
        What it may inform.
    """

    network: Network
    table: AssayTable
    unknowns: Unknowns

    @classmethod
    def of(cls, network: Network, table: AssayTable) -> AssayModel:
        """The model of an assay.

        Parameters
        ----------
        network : Network
            The network.
        table : AssayTable
            The assay.

        Returns
        -------
        AssayModel
            With the priors of all that the assay depends on.
        """
        return cls(network, table, unknowns_of(network, table))

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Parameters in the order of the deviates."""
        return self.unknowns.all

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the deviates."""
        return tuple(self.parameters)

    @cached_property
    def observed(self) -> FloatArray:
        """Measured values [row]."""
        return np.array([row.value for row in self.table.rows])

    def values(self, z: FloatArray) -> FloatArray:
        """Values of all parameters, each in its unit, at deviates z [..., parameter]."""
        middle, scale = self._priors
        return middle * np.exp(z * scale)

    def predictions(self, z: FloatArray) -> FloatArray:
        """What is expected of every row at deviates z [parameter]; not a number where the network finds no rest."""
        values = dict(zip(self.names, self.values(z).tolist(), strict=True))
        circuit = self._circuit_at(values)
        nothing = np.zeros(circuit.n_inputs)
        rest = {name: settled(circuit, nothing, basal) for name, basal in self._basal.items()}
        if any(levels is None for levels in rest.values()):
            return np.full(len(self.table.rows), np.nan)
        occupied = [self._occupancy(cell, values) for cell in self._cells]
        levels = np.empty((len(self._cells), circuit.n_nodes))
        for place, (cell, occupancy) in enumerate(zip(self._cells, occupied, strict=True)):
            if cell.day is None:
                found = settled(circuit, occupancy, self._basal[cell.condition])
                levels[place] = np.nan if found is None else found
        self._follow(circuit, rest, occupied, levels)
        out = np.empty(len(self.table.rows))
        for readout, (rows, cells) in self._places.items():
            now = level_of(readout, self.network, levels[cells])
            before = level_of(
                readout,
                self.network,
                np.stack([rest[self._cells[cell].condition] for cell in cells]),  # type: ignore[misc]
            )
            fold = np.divide(now, before, out=np.ones_like(now), where=before > 0.0)
            out[rows] = np.where(self._is_level[rows], now, fold ** values.get(f"{SLOPE}{readout}", 1.0))
        return out

    def _follow(
        self, circuit: Circuit, rest: Mapping[str, FloatArray | None], occupied: list[FloatArray], levels: FloatArray
    ) -> None:
        """Levels of the cells that are read before they have come to rest."""
        timed = [place for place, cell in enumerate(self._cells) if cell.day is not None]
        if not timed:
            return
        days = np.unique([0.0, *(float(self._cells[place].day or 0.0) for place in timed)])
        conditions = [self._cells[place].condition for place in timed]
        start = np.stack([rest[name] for name in conditions])  # type: ignore[misc]
        basal = np.stack([self._basal[name] for name in conditions])
        held = np.minimum(np.stack([occupied[place] for place in timed]), MOST_OCCUPIED)
        first = np.zeros(1)
        courses = [
            (number, Course.from_levels(self.network.input_names[number], first, held[:, [number]]))
            for number in np.flatnonzero(held.any(axis=0)).tolist()
        ]
        followed = solve_circuit(circuit, basal, courses, days, start, resting=True)
        for row, place in enumerate(timed):
            levels[place] = followed[row, int(np.searchsorted(days, self._cells[place].day or 0.0))]

    def _occupancy(self, cell: Cell, values: Mapping[str, float]) -> FloatArray:
        """Occupancy of every input."""
        levels = np.zeros(len(self.network.input_names))
        for column, amount in zip(self.table.given, cell.given, strict=True):
            for name in column.inputs:
                half = values.get(f"{HALF_DOSE}{name}") if column.unit else None
                # the same input given in two columns, as a dose and as an occupancy: independently of one another
                share = amount if half is None else amount / (amount + half)
                place = self.network.input_names.index(name)
                levels[place] = 1.0 - (1.0 - levels[place]) * (1.0 - share)
        return levels

    def _circuit_at(self, values: Mapping[str, float]) -> Circuit:
        """The circuit at factors on the odds of weights and half-levels, as `drawn_network` gives it."""
        drawn = self._drawn
        factors = np.array([values.get(name, 1.0) for name in drawn.weight_names])
        weight = moved_odds(drawn.weight, factors, np.ones_like(factors))
        halves = np.array([values.get(name, 1.0) for name in drawn.ec50_names])
        ec50 = moved_odds(drawn.ec50, halves, drawn.most)
        power = ec50**drawn.n
        beta = (power - 1.0) / (2.0 * power - 1.0)
        inputs = self._base.n_inputs
        return replace(
            self._base,
            term_beta=np.concatenate([self._base.term_beta[:inputs], beta]),
            term_shift=np.concatenate([self._base.term_shift[:inputs], beta - 1.0]),
            edge_a=np.where(drawn.direct, 1.0, 1.0 - weight),
            edge_b=np.where(drawn.direct, -weight, weight),
        )

    @cached_property
    def _base(self) -> Circuit:
        return circuit_of(self.network, shared=False)

    @cached_property
    def _drawn(self) -> _Drawn:
        return _Drawn.of(self.network)

    @cached_property
    def _basal(self) -> dict[str, FloatArray]:
        return {
            name: basal_levels(self.network, name) for name in dict.fromkeys(row.condition for row in self.table.rows)
        }

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        return tuple(dict.fromkeys(cell_of(row) for row in self.table.rows))

    @cached_property
    def _places(self) -> dict[str, tuple[IntArray, IntArray]]:
        """Readout -> its rows, and the cell of each."""
        at = {cell: place for place, cell in enumerate(self._cells)}
        rows = list(enumerate(self.table.rows))
        found: dict[str, tuple[IntArray, IntArray]] = {}
        for readout in dict.fromkeys(row.readout for row in self.table.rows):
            own = [(number, at[cell_of(row)]) for number, row in rows if row.readout == readout]
            found[readout] = (np.array([a for a, _ in own]), np.array([b for _, b in own]))
        return found

    @cached_property
    def _is_level(self) -> FloatArray:
        return np.array([row.scale == "level" for row in self.table.rows])

    @cached_property
    def _priors(self) -> tuple[FloatArray, FloatArray]:
        """Median and scale of every parameter; all are log-normal."""
        priors = list(self.parameters.values())
        middle = np.array([prior.value for prior in priors])
        return middle, np.array([np.log(prior.high / prior.low) / (2.0 * Z_90) for prior in priors])


def cell_of(row: Measurement) -> Cell:
    """What a row was given, and for how long."""
    return Cell(row.condition, row.given, row.day)


@dataclass(frozen=True)
class _Drawn:
    """Central weights and half-levels of a network's edges, as arrays in the order of its circuit."""

    weight: FloatArray
    direct: FloatArray
    weight_names: tuple[str, ...]
    ec50: FloatArray
    most: FloatArray
    n: FloatArray
    ec50_names: tuple[str, ...]

    @classmethod
    def of(cls, network: Network) -> _Drawn:
        """The arrays of a network."""
        edges = edges_in_order(network)
        from_nodes = [edge for edge in edges if edge.origin not in network.input_names]
        return cls(
            weight=np.array([edge.weight for edge in edges]),
            direct=np.array([(edge.gate == "or") == (edge.sign == "+") for edge in edges]),
            weight_names=tuple(parameter_names_of(edge)[0] for edge in edges),
            ec50=np.array([edge.ec50 for edge in from_nodes]),
            most=np.array([edge.greatest_ec50 for edge in from_nodes]),
            n=np.array([edge.n for edge in from_nodes]),
            ec50_names=tuple(parameter_names_of(edge)[1] for edge in from_nodes),
        )
