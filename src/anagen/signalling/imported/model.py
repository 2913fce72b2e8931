"""An imported model: its constants, equations and timed changes, and what of it means what in the network."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

from anagen.signalling.imported.formula import TIME, Compiled, compiled, in_order, names_in

OfLever = Literal["androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack"]
MOST_STATES = 200


@dataclass(frozen=True, slots=True)
class LinkedInput:
    """A constant of the model that follows the occupancy of an input: low + (high - low) * occupancy."""

    constant: str
    input: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LinkedNode:
    """A node that follows a quantity of the model: level (quantity - low) / (high - low), held between 0 and 1."""

    node: str
    quantity: str
    low: float
    high: float
    source: str
    grade: Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class LinkedLever:
    """A lever behind which a quantity of the model stands in place of the network's output.

    (quantity - low) / (high - low) counts as that output does: its change from the untreated model, or for androgen
    drive and immune attack the share of it that is gone.
    """

    lever: OfLever
    quantity: str
    low: float
    high: float
    source: str
    grade: Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class TimedChange:
    """What changes at a time: name of a state or constant -> formula, all of the values just before."""

    at: float
    changes: Mapping[str, str]


@dataclass(frozen=True)
class ImportedModel:
    """Ordinary differential equations of somebody else, as data.

    Attributes
    ----------
    title : str
        What it describes.
    source : str
        Where it comes from.
    days : float
        Days that its unit of time lasts.
    constants : Mapping[str, float]
        Name -> value.
    states : Mapping[str, float]
        Name -> value at day 0.
    rates : Mapping[str, str]
        State -> formula of its change in the model's unit of time.
    values : Mapping[str, str]
        Name -> formula of what follows from the others at any time.
    events : tuple[TimedChange, ...]
        By time, in the model's unit.
    inputs : tuple[LinkedInput, ...]
        What it hears of the network's inputs.
    nodes : tuple[LinkedNode, ...]
        Nodes that follow it.
    levers : tuple[LinkedLever, ...]
        Levers that follow it directly.

    Raises
    ------
    ValueError
        With everything that cannot be.

    Examples
    --------
    >>> model = ImportedModel("decay", "assumed", 1.0, {"k": 0.1}, {"X": 1.0}, {"X": "-k * X"})
    >>> float(model.rate_functions[0]([0.0, 0.1, 2.0]))
    -0.2
    """

    title: str
    source: str
    days: float
    constants: Mapping[str, float]
    states: Mapping[str, float]
    rates: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    events: tuple[TimedChange, ...] = ()
    inputs: tuple[LinkedInput, ...] = ()
    nodes: tuple[LinkedNode, ...] = ()
    levers: tuple[LinkedLever, ...] = ()

    def __post_init__(self) -> None:
        faults = self.faults()
        if faults:
            raise ValueError("; ".join(faults))

    def faults(self) -> list[str]:
        """Everything that cannot be, one sentence each."""
        known = [*self.constants, *self.states, *self.values]
        found = [f"{name} is defined twice" for name in dict.fromkeys(known) if known.count(name) > 1]
        found += [f"{name!r} cannot be a name" for name in known if not name.isidentifier() or name == TIME]
        if not (math.isfinite(self.days) and self.days > 0.0):
            found.append(f"the unit of time must last a positive number of days, not {self.days:g}")
        if not self.states:
            found.append("a model needs at least one state")
        if len(self.states) > MOST_STATES:
            found.append(f"{len(self.states)} states; at most {MOST_STATES} are followed")
        found += [f"the state {name} has no rate" for name in self.states if name not in self.rates]
        found += [f"a rate of {name}, which is no state" for name in self.rates if name not in self.states]
        formulas = [*self.rates.items(), *self.values.items()]
        formulas += [(name, text) for event in self.events for name, text in event.changes.items()]
        for name, text in formulas:
            found += self._faults_of(name, text, set(known))
        if not found:
            try:
                in_order(self.values)
            except ValueError as error:
                found.append(str(error))
        for event in self.events:
            found += [
                f"the change at {event.at:g} of {name}, which is neither state nor constant"
                for name in event.changes
                if name not in self.states and name not in self.constants
            ]
        found += [f"{link.constant} is no constant" for link in self.inputs if link.constant not in self.constants]
        for link in (*self.nodes, *self.levers):
            if link.quantity not in known:
                found.append(f"{link.quantity} is no quantity of the model")
            if link.low == link.high:
                found.append(f"low and high of {link.quantity} are the same, {link.low:g}")
        for names in (
            [link.constant for link in self.inputs], [link.node for link in self.nodes],
            [link.lever for link in self.levers],
        ):  # fmt: skip
            found += [f"{name} is linked twice" for name in dict.fromkeys(names) if names.count(name) > 1]
        return found

    @staticmethod
    def _faults_of(name: str, text: str, known: set[str]) -> list[str]:
        try:
            missing = [other for other in names_in(text) if other not in known]
        except ValueError as error:
            return [f"{name}: {error}"]
        return [f"{name}: {', '.join(missing)} not defined"] if missing else []

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Place of every name in the list of values: time, constants, states, then what follows from them, in order."""
        names = (TIME, *self.constants, *self.states, *in_order(self.values))
        return {name: place for place, name in enumerate(names)}

    @cached_property
    def value_functions(self) -> tuple[tuple[int, Compiled], ...]:
        """(place, function) of everything that follows from constants and states, in such an order that it can."""
        return tuple((self.places[name], compiled(self.values[name], self.places)) for name in in_order(self.values))

    @cached_property
    def rate_functions(self) -> tuple[Compiled, ...]:
        """Function of the rate of every state, in the order of the states."""
        return tuple(compiled(self.rates[name], self.places) for name in self.states)

    @cached_property
    def event_functions(self) -> tuple[tuple[float, tuple[tuple[int, Compiled], ...]], ...]:
        """(time, (place, function) of what changes) of every event, by time."""
        return tuple(
            (event.at, tuple((self.places[name], compiled(text, self.places)) for name, text in event.changes.items()))
            for event in sorted(self.events, key=lambda event: event.at)
        )

    def document(self) -> dict[str, Any]:
        """Everything as plain values."""
        return asdict(self)
