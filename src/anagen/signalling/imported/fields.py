"""The tables [model] of a network file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from anagen.core.fields import ONE_LINE, broken
from anagen.signalling.imported.model import ImportedModel, LinkedInput, LinkedLever, LinkedNode, OfLever, TimedChange

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Line = Annotated[str, Strict(), StringConstraints(max_length=300), ONE_LINE]
Formula = Annotated[str, Strict(), StringConstraints(max_length=20_000)]
Name = Annotated[str, Strict(), StringConstraints(max_length=120)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StateFields(_Table):
    """A table [model.state.NAME]."""

    start: Number
    rate: Formula


class EventFields(_Table):
    """A table [[model.event]]."""

    at: Number
    changes: dict[Name, Formula]


class InputLinkFields(_Table):
    """A table [[model.input]]."""

    constant: Name
    input: Line
    low: Number
    high: Number


class NodeLinkFields(_Table):
    """A table [[model.node]]."""

    node: Line
    quantity: Name
    low: Number
    high: Number
    source: Line
    grade: Literal["A", "B", "C"]


class LeverLinkFields(_Table):
    """A table [[model.lever]]."""

    lever: OfLever
    quantity: Name
    low: Number
    high: Number
    source: Line
    grade: Literal["A", "B", "C"]


class ModelFields(_Table):
    """The table [model]."""

    title: Line
    source: Line
    days: Number
    constant: dict[Name, Number] = Field(default_factory=dict, max_length=2000)
    state: dict[Name, StateFields] = Field(max_length=200)
    value: dict[Name, Formula] = Field(default_factory=dict, max_length=2000)
    event: Annotated[tuple[EventFields, ...], Field(max_length=2000)] = ()
    input: tuple[InputLinkFields, ...] = ()
    node: tuple[NodeLinkFields, ...] = ()
    lever: tuple[LeverLinkFields, ...] = ()

    def model(self) -> ImportedModel:
        """The model."""
        return ImportedModel(
            title=self.title,
            source=self.source,
            days=self.days,
            constants=dict(self.constant),
            states={name: entry.start for name, entry in self.state.items()},
            rates={name: entry.rate for name, entry in self.state.items()},
            values=dict(self.value),
            events=tuple(TimedChange(entry.at, dict(entry.changes)) for entry in self.event),
            inputs=tuple(LinkedInput(**dict(entry)) for entry in self.input),
            nodes=tuple(LinkedNode(**dict(entry)) for entry in self.node),
            levers=tuple(LinkedLever(**dict(entry)) for entry in self.lever),
        )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        try:
            self.model()
        except ValueError as error:
            raise broken("", str(error)) from None
        return self
