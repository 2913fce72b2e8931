"""What a signalling network is made of: nodes, inputs and edges, each with its evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Sign = Literal["+", "-"]
Gate = Literal["or", "and"]
EvidenceGrade = Literal["A", "B", "C", "none"]
GATES: tuple[Gate, ...] = ("or", "and")
EVIDENCE_GRADES: dict[EvidenceGrade, str] = {
    "A": "established in people, or across cells, animals and models",
    "B": "human tissue or organ culture, or human cells in more than one report",
    "C": "one report in cells, an animal or a model, or a hypothesis",
    "none": "no source found: carries weight 0",
}
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
NAME_FORM = "at most 40 capitals, digits and underscores"

LEAST_TAU, GREATEST_TAU = 1.0e-4, 1.0e4
"""Least and greatest time constant of a node [day]: nine seconds, and longer than anybody is followed."""


@dataclass(frozen=True, slots=True)
class Node:
    """A quantity of the network, between 0 (off) and 1 (fully on).

    Attributes
    ----------
    name : str
        Capitals, digits and underscores.
    title : str
        In words.
    tau : float
        Time constant with which it follows its inputs [day].
    basal : Mapping[str, float]
        Condition -> what it is driven to where nothing acts on it, 0 to 1.
    source : str
        Where tau and basal come from.
    grade : EvidenceGrade
        A, B or C.

    Raises
    ------
    ValueError
        Where a field is out of range.
    """

    name: str
    title: str
    tau: float
    basal: Mapping[str, float]
    source: str
    grade: EvidenceGrade

    def __post_init__(self) -> None:
        faults = list(self.faults())
        if faults:
            raise ValueError("; ".join(faults))

    def faults(self) -> Iterator[str]:
        """Everything that is out of range, one sentence each."""
        if not NAME.fullmatch(self.name):
            yield f"the name {self.name!r} is not made of {NAME_FORM}"
        if not (math.isfinite(self.tau) and self.tau > 0.0):
            yield f"tau must be a positive number of days, not {self.tau:g}"
        elif not LEAST_TAU <= self.tau <= GREATEST_TAU:
            yield f"tau must lie between {LEAST_TAU:g} and {GREATEST_TAU:g} days, not {self.tau:g}"
        for condition, level in self.basal.items():
            if not 0.0 <= level <= 1.0:
                yield f"basal of {condition} must lie between 0 and 1, not {level:g}"
        if not self.source.strip():
            yield "a source is required; write what was assumed where nothing was measured"
        if self.grade not in ("A", "B", "C"):
            yield f"grade {self.grade!r} is not one of A, B, C"


@dataclass(frozen=True, slots=True)
class Input:
    """Something given from outside; its level is an occupancy E / (E + half), 0 where nothing is given.

    Attributes
    ----------
    name : str
        As for a node.
    title : str
        In words, with what reaches the follicle.
    """

    name: str
    title: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"the name {self.name!r} is not made of {NAME_FORM}")


@dataclass(frozen=True, slots=True)
class Edge:
    """One node or input acts on a node.

    The level x of a node is transferred as `act(x) = beta x^n / (K^n + x^n)`, that of an input as it is, because it
    already is an occupancy. See `anagen.signalling.network.logic` for how gates and weights combine.

    Attributes
    ----------
    origin : str
        Names.
    target : str
        Names.
    sign : Sign
        "+" activates, "-" inhibits.
    weight : float
        0 to 1; 0 does nothing.
    n : float
        Hill exponent.
    ec50 : float
        Level of half effect, with ec50^n below 0.5.
    gate : Gate
        "or" adds a way to switch the target on, "and" is required of it (so is an inhibitor that always counts).
    source : str
        Publication that shows it.
    grade : EvidenceGrade
        Key of `EVIDENCE_GRADES`.
    system : str
        Where it was seen.
    note : str
        What a reader should know.
    weight_90 : tuple[float, float] or None
        5 and 95 % points of the weight over parameter draws; None for the usual ones, see `network.priors`.
    ec50_90 : tuple[float, float] or None
        The same of the level of half effect.

    Raises
    ------
    ValueError
        Where a field is out of range, or a weight above 0 has no source.

    Examples
    --------
    >>> edge = Edge("AR", "DKK1", "+", 0.5, 1.4, 0.5, "or", "Kwack 2008", "B", "in vitro")
    >>> edge.name, round(edge.beta, 4), round(edge.half, 4)
    ('AR->DKK1', 2.5649, 1.377)
    """

    origin: str
    target: str
    sign: Sign
    weight: float
    n: float
    ec50: float
    gate: Gate
    source: str
    grade: EvidenceGrade
    system: str
    note: str = ""
    weight_90: tuple[float, float] | None = None
    ec50_90: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        faults = list(self.faults())
        if faults:
            raise ValueError("; ".join(faults))

    def faults(self) -> Iterator[str]:
        """Everything that is out of range, one sentence each."""
        if self.sign not in ("+", "-"):
            yield f"sign {self.sign!r} is not + or -"
        if self.gate not in GATES:
            yield f"gate {self.gate!r} is not one of {', '.join(GATES)}"
        if self.grade not in EVIDENCE_GRADES:
            yield f"grade {self.grade!r} is not one of {', '.join(EVIDENCE_GRADES)}"
        if not 0.0 <= self.weight <= 1.0:
            yield f"weight must lie between 0 and 1, not {self.weight:g}"
        elif not _holds(self.weight_90, self.weight, 1.0):
            yield f"weight_90 must be two numbers above 0 and below 1 around the weight, {self.weight:g}"
        if not (math.isfinite(self.n) and self.n > 0.0):
            yield f"n must be a positive number, not {self.n:g}"
        elif not (0.0 < self.ec50 < 1.0 and self.ec50**self.n < 0.5):
            yield (
                f"ec50^n must lie above 0 and below 0.5, not {self.ec50:g}^{self.n:g}; "
                f"with n = {self.n:g} ec50 must be below {0.5 ** (1.0 / self.n):.4g}"
            )
        elif not _holds(self.ec50_90, self.ec50, self.greatest_ec50):
            yield f"ec50_90 must be two numbers above 0 and below {self.greatest_ec50:.4g} around ec50, {self.ec50:g}"
        if self.grade == "none" or not self.source.strip():
            if self.weight != 0.0:
                yield f"an edge without a source must have weight 0, not {self.weight:g}"
            elif not self.note.strip():
                yield "an edge without a source needs a note that says why it is here"

    @property
    def name(self) -> str:
        """How the edge is named to ablate it: "AR->DKK1", whatever its sign."""
        return f"{self.origin}->{self.target}"

    @property
    def greatest_ec50(self) -> float:
        """Level below which the level of half effect lies, 0.5^(1/n)."""
        return float(0.5 ** (1.0 / self.n))

    @property
    def beta(self) -> float:
        """Scale of the normalised Hill function, (EC50^n - 1) / (2 EC50^n - 1): act(1) = 1 and act(EC50) = 0.5."""
        power = self.ec50**self.n
        return (power - 1.0) / (2.0 * power - 1.0)

    @property
    def half(self) -> float:
        """K of the normalised Hill function, (beta - 1)^(1/n)."""
        return (self.beta - 1.0) ** (1.0 / self.n)


def _holds(interval: tuple[float, float] | None, value: float, most: float) -> bool:
    """Whether an interval lies inside the possible values and around the value itself; True where there is none."""
    return interval is None or value == 0.0 or (0.0 < interval[0] <= value <= interval[1] < most)
