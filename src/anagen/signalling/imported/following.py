"""Follows an imported model under inputs that change from knot to knot.

Between knots inputs are held, as the network holds them. LSODA of SciPy (Hindmarsh 1983, Petzold 1983), which changes
between stiff and other methods by itself; it is begun anew where an event happens or an input jumps.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.imported.model import ImportedModel

RELATIVE, ABSOLUTE = 1e-8, 1e-10
"""Tolerances; the absolute one of a state is relative to the largest start of any."""
JUMP = 0.01
"""Change of an occupancy at a knot from which the solver is begun anew."""
LONGEST_STEP = 1.0
"""Days of a step at most, lest a change of an input be stepped over."""


def follow(
    model: ImportedModel, occupancy: Mapping[str, FloatArray], knots: FloatArray, quantities: Sequence[str]
) -> dict[str, FloatArray]:
    """Quantities of a model on knots.

    Parameters
    ----------
    model : ImportedModel
        The model; it starts at its own starting values on the first knot.
    occupancy : Mapping[str, FloatArray]
        Input -> occupancy from each knot to the next, shape (n_rows, n_knots - 1); an input that is left out is 0.
    knots : FloatArray, shape (n_knots,)
        Days, rising.
    quantities : Sequence[str]
        Names of the model.

    Returns
    -------
    dict of str to FloatArray
        Shape (n_rows, n_knots).

    Raises
    ------
    ArithmeticError
        Where the equations cannot be followed.
    """
    n_rows = max((len(levels) for levels in occupancy.values()), default=1)
    heard = [(link, occupancy[link.input]) for link in model.inputs if link.input in occupancy]
    told = {name: np.empty((n_rows, len(knots))) for name in quantities}
    known: dict[bytes, int] = {}
    for row in range(n_rows):
        key = b"".join(levels[row].tobytes() for _, levels in heard)
        first = known.setdefault(key, row)
        if first != row:
            for levels in told.values():
                levels[row] = levels[first]
            continue
        constants = {
            model.places[link.constant]: link.low + (link.high - link.low) * levels[row] for link, levels in heard
        }
        jumps = np.max([np.abs(np.diff(levels[row])) for _, levels in heard], axis=0) if heard else np.zeros(0)
        found = _Course(model, constants, knots, jumps).followed(quantities)
        for name in quantities:
            told[name][row] = found[name]
    return told


def at_start(model: ImportedModel, quantities: Sequence[str]) -> dict[str, float]:
    """Quantities of a model at its start with nothing given.

    Parameters
    ----------
    model : ImportedModel
        The model.
    quantities : Sequence[str]
        Names of the model.

    Returns
    -------
    dict of str to float
        Before any time has passed.
    """
    values = _start(model)
    _complete(model, values)
    return {name: values[model.places[name]] for name in quantities}


def _start(model: ImportedModel) -> list[float]:
    low = {link.constant: link.low for link in model.inputs}
    constants = [low.get(name, value) for name, value in model.constants.items()]
    return [0.0, *constants, *model.states.values(), *(0.0 for _ in model.values)]


def _complete(model: ImportedModel, values: list[float]) -> None:
    for place, function in model.value_functions:
        values[place] = function(values)


class _Course:
    """One patient's model."""

    def __init__(
        self, model: ImportedModel, heard: Mapping[int, FloatArray], knots: FloatArray, jumps: FloatArray
    ) -> None:
        self.model = model
        self.heard = {place: levels.tolist() for place, levels in heard.items()}
        self.knots = (knots / model.days).tolist()
        self.jumps = jumps
        self.values = _start(model)
        self.first = model.places[next(iter(model.states))]
        self.last = self.first + len(model.states)
        scale = max((abs(value) for value in model.states.values()), default=1.0) or 1.0
        self.absolute = ABSOLUTE * scale

    def followed(self, quantities: Sequence[str]) -> dict[str, FloatArray]:
        """Quantities on the knots."""
        events = [event for event in self.model.event_functions if event[0] < self.knots[-1]]
        stops = {self.knots[place + 1] for place in np.flatnonzero(self.jumps > JUMP).tolist()}
        begins = sorted({self.knots[0], *(max(at, self.knots[0]) for at, _ in events), *stops})
        states = self.values[self.first : self.last]
        rows = np.empty((len(self.knots), len(self.values)))
        done = 0
        for begin, end in zip(begins, [*begins[1:], self.knots[-1]], strict=True):
            self._set(begin, states)
            for at, changes in events:
                if max(at, self.knots[0]) == begin:
                    states = self._changed(changes)
            wanted = [t for t in self.knots[done:] if begin <= t < end or (end == self.knots[-1] and t <= end)]
            if end > begin:
                states = self._part(begin, end, states, wanted, rows, done)
            done += len(wanted)
        return {name: rows[:, self.model.places[name]] for name in quantities}

    def _part(
        self, begin: float, end: float, states: list[float], wanted: list[float], rows: FloatArray, done: int
    ) -> list[float]:
        from scipy.integrate import solve_ivp

        times = [*wanted, *([] if wanted and wanted[-1] == end else [end])]
        try:
            solution: Any = solve_ivp(
                self._flow, (begin, end), states, "LSODA", t_eval=times, rtol=RELATIVE, atol=self.absolute,
                max_step=LONGEST_STEP / self.model.days,
            )  # fmt: skip
        except (ArithmeticError, ValueError) as error:
            raise ArithmeticError(f"the model {self.model.title!r} cannot be followed: {error}") from error
        if not solution.success or not bool(np.isfinite(solution.y).all()):
            raise ArithmeticError(f"the model {self.model.title!r} cannot be followed: {solution.message}")
        for place, time in enumerate(wanted):
            self._set(time, solution.y[:, place].tolist())
            rows[done + place] = self.values
        return solution.y[:, -1].tolist()

    def _flow(self, time: float, states: FloatArray) -> list[float]:
        self._set(time, states.tolist())
        return [rate(self.values) for rate in self.model.rate_functions]

    def _set(self, time: float, states: list[float]) -> None:
        """Put a state into the list of values, with the inputs of its time and what follows from both."""
        values = self.values
        values[0] = time
        values[self.first : self.last] = states
        if self.heard:
            interval = min(max(bisect.bisect_right(self.knots, time) - 1, 0), len(self.knots) - 2)
            for place, levels in self.heard.items():
                values[place] = levels[interval]
        _complete(self.model, values)

    def _changed(self, changes: Sequence[tuple[int, Any]]) -> list[float]:
        """States after an event; constants change in the list of values."""
        new = [(place, function(self.values)) for place, function in changes]
        for place, value in new:
            if not math.isfinite(value):
                raise ArithmeticError(f"an event of the model {self.model.title!r} gives {value}")
            self.values[place] = value
        return self.values[self.first : self.last]
