"""The tables of a network file, and the parts of a network that they describe."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from anagen.core.fields import ONE_LINE, SOME_LINES, broken
from anagen.signalling.imported.fields import ModelFields
from anagen.signalling.network.elements import Edge, EvidenceGrade, Gate, Input, Node, Sign

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Line = Annotated[str, Strict(), StringConstraints(max_length=300), ONE_LINE]
Text = Annotated[str, Strict(), StringConstraints(max_length=2000), SOME_LINES]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeFields(_Table):
    """A table [node.NAME]."""

    title: Line
    tau: Number
    basal: dict[str, Number] | Number
    source: Text
    grade: Literal["A", "B", "C"]

    def node(self, name: str, conditions: tuple[str, ...]) -> Node:
        """The node of that name; one basal level stands for every condition."""
        basal = dict(self.basal) if isinstance(self.basal, dict) else dict.fromkeys(conditions, self.basal)
        return Node(name, self.title, self.tau, basal, self.source, self.grade)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        try:
            self.node("NODE", ("every condition",))
        except ValueError as error:
            raise broken("", str(error)) from None
        return self


class InputFields(_Table):
    """A table [input.NAME]."""

    title: Line

    def input(self, name: str) -> Input:
        """The input of that name."""
        return Input(name, self.title)


class EdgeFields(_Table):
    """A table [[edge]]."""

    origin: Annotated[Line, Field(alias="from")]
    target: Annotated[Line, Field(alias="to")]
    sign: Sign
    weight: Number
    n: Number
    ec50: Number
    gate: Gate = "or"
    source: Text = ""
    grade: EvidenceGrade = "none"
    system: Line = "none"
    note: Text = ""
    weight_90: tuple[Number, Number] | None = None
    ec50_90: tuple[Number, Number] | None = None

    def edge(self) -> Edge:
        """The edge."""
        return Edge(**dict(self))

    @model_validator(mode="after")
    def _possible(self) -> Self:
        try:
            self.edge()
        except ValueError as error:
            raise broken("", str(error)) from None
        return self


class NetworkFields(_Table):
    """A network file."""

    title: Line = ""
    conditions: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    node: dict[str, NodeFields] = Field(default_factory=dict, max_length=500)
    input: dict[str, InputFields] = Field(default_factory=dict, max_length=200)
    edge: tuple[EdgeFields, ...] = ()
    model: ModelFields | None = None
