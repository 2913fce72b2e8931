"""Model risk and what it asks of the evidence: goals of the credibility factors, set before a report is made.

References
----------
.. [1] ICH M15, General Principles for Model-Informed Drug Development.
.. [2] ASME V&V 40-2018, Assessing Credibility of Computational Modeling through Verification and Validation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast

from anagen.study import Study

Level = Literal["low", "medium", "high"]
Kind = Literal["share", "count", "yes"]
Judgement = Literal["met", "not met", "no evidence"]
LEVELS: tuple[Level, ...] = ("low", "medium", "high")
ASSUMED: Level = "medium"
NOT_STATED = "not stated by the author of the study; medium assumed"


@dataclass(frozen=True, slots=True)
class Stakes:
    """How much a decision leans on the model and what a wrong one costs; `stated` names what the study file says."""

    influence: Level
    consequence: Level
    context: str | None
    stated: tuple[str, ...]

    @property
    def risk(self) -> Level:
        """Model risk of influence and consequence."""
        return model_risk(self.influence, self.consequence)


@dataclass(frozen=True, slots=True)
class Factor:
    """One credibility factor.

    Attributes
    ----------
    name : str
        What it is.
    group : str
        What it is.
    title : str
        What it is.
    quantity : str
        What is measured, in words.
    kind : Kind
        How it is printed.
    rising : bool
        True where more is better.
    goals : Mapping[Level, float]
        Model risk -> goal.
    """

    name: str
    group: str
    title: str
    quantity: str
    kind: Kind
    rising: bool
    goals: Mapping[Level, float]

    def judge(self, risk: Level, achieved: float | None) -> Judgement:
        """Whether what was achieved reaches the goal; None is no evidence.

        Examples
        --------
        >>> load_factors()["use_error"].judge("medium", 0.0)
        'met'
        """
        if achieved is None:
            return "no evidence"
        goal = self.goals[risk]
        return "met" if (achieved >= goal if self.rising else achieved <= goal) else "not met"

    def printed(self, value: float | None) -> str:
        r"""A value of this factor as printed.

        Examples
        --------
        >>> load_factors()["model_inputs"].printed(0.614)
        '61\xa0%'
        """
        if value is None:
            return "–"
        if self.kind == "yes":
            return "yes" if value >= 1.0 else "no"
        if self.kind == "count":
            return f"{value:,.0f}"
        percent = 100.0 * value
        return f"{percent:.0f}\u00a0%" if percent >= 10.0 or percent == 0.0 else f"{percent:.2g}\u00a0%"

    def goal_text(self, risk: Level) -> str:
        """The goal at a model risk, as printed."""
        goal = self.goals[risk]
        if self.kind == "yes" or (self.rising and self.kind == "share" and goal >= 1.0):
            return "yes" if self.kind == "yes" else "all"
        return f"{'at least' if self.rising else 'at most'} {self.printed(goal)}"


def load_factors() -> dict[str, Factor]:
    """The thirteen factors with their goals, by name in the order of the standard.

    Examples
    --------
    >>> len(load_factors())
    13
    """
    raw = tomllib.loads((files("anagen.credibility") / "criteria.toml").read_text(encoding="utf-8"))
    return {name: Factor(name=name, **fields) for name, fields in raw.items()}


def stakes_of(study: Study) -> Stakes:
    """Influence and consequence that the study file states, medium where it is silent."""
    credibility = study.credibility
    influence, consequence = (
        (credibility.influence, credibility.consequence) if credibility is not None else (None, None)
    )
    context = credibility.context if credibility is not None else None
    named = {"influence": influence, "consequence": consequence, "context": context}
    return Stakes(
        cast("Level", influence or ASSUMED),
        cast("Level", consequence or ASSUMED),
        context,
        tuple(name for name, value in named.items() if value is not None),
    )


def model_risk(influence: Level, consequence: Level) -> Level:
    """Model risk: both low, or one low and one medium, is low; one step more is medium; beyond is high.

    Examples
    --------
    >>> model_risk("low", "medium"), model_risk("low", "high"), model_risk("medium", "high")
    ('low', 'medium', 'high')
    """
    return ("low", "low", "medium", "high", "high")[LEVELS.index(influence) + LEVELS.index(consequence)]
