"""The assessment of a study's prediction: what was run, checked and found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from anagen.analysis.bands import band
from anagen.core.arrays import FloatArray
from anagen.credibility.applicability import Feature
from anagen.credibility.assumptions import Assumption
from anagen.credibility.checks import Finding
from anagen.credibility.criteria import Factor, Judgement, Stakes
from anagen.credibility.outcome import Outcome
from anagen.credibility.sensitivity import Sensitivity
from anagen.results import ResultContents
from anagen.study import Study
from anagen.trials.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything a credibility report says.

    Parameters
    ----------
    study, plan : Study, Protocol
        What was assessed.
    outcome : Outcome
        Whose expected primary effect.
    stakes : Stakes
        Influence and consequence.
    factors : mapping of str to Factor
        Credibility factors with their goals.
    contents : ResultContents
        Of the run.
    drawn : FloatArray, shape (draws,)
        Effects over parameter draws.
    checks : mapping of str to Finding
        Code verification.
    patients, steps, draws : DataFrame
        Calculation verification.
    sensitivity : Sensitivity
        Screening and indices.
    register : DataFrame
        Parameters read.
    assumptions : tuple of Assumption
        Of structure.
    published, validation : DataFrame
        Related published values, and those that were predicted.
    scored : bool
        Whether shipped studies were among the latter.
    features : tuple of Feature
        Applicability.
    achieved : mapping of str to float or None
        What was achieved per factor; None where there is no evidence.
    limits : tuple of str
        What the prediction cannot carry, a sentence each.
    """

    study: Study
    plan: Protocol
    outcome: Outcome
    stakes: Stakes
    factors: Mapping[str, Factor]
    contents: ResultContents
    drawn: FloatArray
    checks: Mapping[str, Finding]
    patients: pd.DataFrame
    steps: pd.DataFrame
    draws: pd.DataFrame
    sensitivity: Sensitivity
    register: pd.DataFrame
    assumptions: tuple[Assumption, ...]
    published: pd.DataFrame
    validation: pd.DataFrame
    scored: bool
    features: tuple[Feature, ...]
    achieved: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    limits: tuple[str, ...] = ()

    @property
    def central(self) -> float:
        """Expected effect, the mean over parameter draws."""
        return float(self.contents.primary().expected(draw=0).arm(self.outcome.arm).values[0])

    @property
    def spread(self) -> float:
        """Standard deviation of the expected effect over parameter draws."""
        return float(self.drawn.std(ddof=1))

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval of the expected effect over parameter draws."""
        low, high = band(self.drawn)
        return low, high

    def judgements(self) -> dict[str, Judgement]:
        """Verdict per factor at this model risk."""
        return {name: factor.judge(self.stakes.risk, self.achieved.get(name)) for name, factor in self.factors.items()}
