"""Follows an imported model under inputs that change from knot to knot.

An occupancy is known as its mean between knots. It is taken to go in straight lines between the middles of neighbouring
intervals, and to jump at a knot where two neighbours differ by more than JUMP. LSODA of SciPy (Hindmarsh 1983,
Petzold 1983) changes between stiff and other methods by itself; it is begun anew where an event happens or an input
jumps. All patients take their steps together; as nobody acts on anybody else, derivatives are a band of one model's
width.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.imported.formula import Values
from anagen.signalling.imported.model import ImportedModel

RELATIVE, ABSOLUTE = 1e-7, 1e-9
"""Tolerances; the absolute one of a state is relative to its start, or where that is 0 to the least of the others."""
JUMP = 0.05
"""Change of an occupancy at a knot from which the solver is begun anew."""
MOST_CALLS = 300_000
"""Times that rates are asked for at most; a model of a few states takes some ten thousand for half a year of doses."""
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
        Input -> mean occupancy from each knot to the next, shape (n_rows, n_knots - 1); an input that is left out is 0.
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
    together = np.concatenate([np.zeros((n_rows, 1)), *(levels for _, levels in heard)], axis=1)
    distinct, place = np.unique(together, axis=0, return_inverse=True)
    width = len(knots) - 1
    levels = [distinct[:, 1 + k * width : 1 + (k + 1) * width] for k in range(len(heard))]
    constants = {
        model.places[link.constant]: link.low + (link.high - link.low) * level
        for (link, _), level in zip(heard, levels, strict=True)
    }
    steps = [np.abs(np.diff(level)).max(axis=0) for level in levels]
    jumps = np.max(steps, axis=0) if steps else np.zeros(width - 1)
    with np.errstate(all="ignore"):  # what is no number is looked for at the end of each part
        found = _Courses(model, constants, knots, jumps, len(distinct)).followed(quantities)
    return {name: levels[place.reshape(-1)] for name, levels in found.items()}


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
    with np.errstate(all="ignore"):
        _complete(model, values)
    return {name: float(values[model.places[name]]) for name in quantities}


def _start(model: ImportedModel) -> Values:
    low = {link.constant: link.low for link in model.inputs}
    constants = [low.get(name, value) for name, value in model.constants.items()]
    return [0.0, *constants, *model.states.values(), *(0.0 for _ in model.values)]


def _complete(model: ImportedModel, values: Values) -> None:
    for place, function in model.value_functions:
        values[place] = function(values)


class _Courses:
    """The model in some patients, whose inputs differ."""

    def __init__(
        self, model: ImportedModel, heard: Mapping[int, FloatArray], knots: FloatArray, jumps: FloatArray, n_rows: int
    ) -> None:
        self.model, self.heard, self.jumps, self.n_rows = model, heard, jumps, n_rows
        self.knots = (knots / model.days).tolist()
        self.middles = (0.5 * (knots[:-1] + knots[1:]) / model.days).tolist()
        self.span = (0, len(knots) - 2)
        self.calls = 0
        self.values = _start(model)
        self.first = model.places[next(iter(model.states))]
        self.last = self.first + len(model.states)
        sizes = [abs(value) for value in model.states.values()]
        least = min((size for size in sizes if size > 0.0), default=1.0)
        self.absolute = np.tile([ABSOLUTE * (size or least) for size in sizes], n_rows)

    def followed(self, quantities: Sequence[str]) -> dict[str, FloatArray]:
        """Quantities on the knots."""
        knots = self.knots
        events = [event for event in self.model.event_functions if event[0] < knots[-1]]
        stops = {knots[place + 1] for place in np.flatnonzero(self.jumps > JUMP).tolist()}
        edges = sorted({knots[0], *stops, knots[-1]})
        begins = sorted({*edges[:-1], *(max(at, knots[0]) for at, _ in events)})
        states = np.repeat(np.array(list(self.model.states.values()), dtype=np.float64)[:, None], self.n_rows, axis=1)
        told = {name: np.empty((self.n_rows, len(knots))) for name in quantities}
        done = 0
        for begin, end in zip(begins, [*begins[1:], knots[-1]], strict=True):
            self.span = self._stretch(edges, begin)
            self._set(begin, states)
            for at, changes in events:
                if max(at, knots[0]) == begin:
                    states = self._changed(changes)
            inside = [t for t in knots[done:] if begin <= t < end or (end == knots[-1] and t == end)]
            states = self._part(begin, end, states, inside, told, done)
            done += len(inside)
        return told

    def _stretch(self, edges: list[float], begin: float) -> tuple[int, int]:
        """First and last interval between the two jumps around a time."""
        place = min(bisect.bisect_right(edges, begin), len(edges) - 1)
        first, last = (bisect.bisect_left(self.knots, edge) for edge in edges[place - 1 : place + 1])
        return first, max(last - 1, first)

    def _part(
        self, begin: float, end: float, states: FloatArray, inside: list[float], told: dict[str, FloatArray], done: int
    ) -> FloatArray:
        """States at the end of a part without jumps; what is told of the knots in it is filled in."""
        from scipy.integrate import solve_ivp

        times = [*inside, *([] if inside and inside[-1] == end else [end])]
        band = len(self.model.states) - 1
        solution: Any = solve_ivp(
            self._flow, (begin, end), states.T.ravel(), "LSODA", t_eval=times, rtol=RELATIVE, atol=self.absolute,
            max_step=LONGEST_STEP / self.model.days, lband=band, uband=band,
        )  # fmt: skip
        if not solution.success or not bool(np.isfinite(solution.y).all()):
            raise ArithmeticError(f"the model {self.model.title!r} cannot be followed: {solution.message}")
        for place, time in enumerate(inside):
            self._set(time, self._shaped(solution.y[:, place]))
            for name, levels in told.items():
                levels[:, done + place] = self.values[self.model.places[name]]
        return self._shaped(solution.y[:, -1])

    def _shaped(self, flat: FloatArray) -> FloatArray:
        """States [state, patient] of a flat array in which those of a patient are neighbours."""
        return flat.reshape(self.n_rows, -1).T

    def _flow(self, time: float, flat: FloatArray) -> FloatArray:
        self.calls += 1
        if self.calls > MOST_CALLS:
            words = "its rates jump back and forth, or change far faster than a day"
            raise ArithmeticError(f"the model {self.model.title!r} cannot be followed: {words}")
        self._set(time, self._shaped(flat))
        rates = np.empty((self.n_rows, len(self.model.states)))
        for place, rate in enumerate(self.model.rate_functions):
            rates[:, place] = rate(self.values)
        return rates.ravel()

    def _set(self, time: float, states: FloatArray) -> None:
        """Put states into the list of values, with the inputs of their time and what follows from both."""
        values = self.values
        values[0] = time
        values[self.first : self.last] = list(states)
        if self.heard:
            first, last = self.span
            after = min(max(bisect.bisect_right(self.middles, time, first, last + 1), first + 1), last)
            before = max(after - 1, first)
            width = self.middles[after] - self.middles[before]
            part = min(max((time - self.middles[before]) / width, 0.0), 1.0) if width > 0.0 else 0.0
            for place, levels in self.heard.items():
                values[place] = levels[:, before] + part * (levels[:, after] - levels[:, before])
        _complete(self.model, values)

    def _changed(self, changes: Sequence[tuple[int, Any]]) -> FloatArray:
        """States after an event; constants change in the list of values."""
        for place, value in [(place, function(self.values)) for place, function in changes]:
            if not bool(np.isfinite(value).all()):
                raise ArithmeticError(f"an event of the model {self.model.title!r} gives what is no number")
            self.values[place] = np.broadcast_to(np.asarray(value, dtype=np.float64), (self.n_rows,))
        return np.array(self.values[self.first : self.last])
