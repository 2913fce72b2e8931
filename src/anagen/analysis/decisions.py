"""Which claims of a trial are shown: hypothesis, several claims together, interim looks, arms that are dropped.

A claim is one-sided: the effect lies in the wanted direction, beyond what the hypothesis says. Where a test is
two-sided its p value is twice that of the wanted direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anagen.analysis.batch import Batch
from anagen.analysis.contrasts import estimates
from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.measures import RESPONDERS
from anagen.results.schema import TABLES
from anagen.scalp import ENDPOINTS
from anagen.statistics.dunnett import chance_of_none, loadings
from anagen.statistics.estimates import Estimates
from anagen.statistics.gatekeeping import Graph
from anagen.statistics.gatekeeping import adjusted_p as by_graph
from anagen.statistics.multiplicity import adjusted
from anagen.study.analysis import Hypothesis
from anagen.study.claims import Claim, families_of
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import Protocol

COLUMNS = tuple(column.name for column in TABLES["claims"].columns)


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim in every trial.

    Attributes
    ----------
    claim : Claim
        What is claimed.
    family : int
        Claims with the same number share a significance level.
    found : Estimates
        What the decision rests on.
    p : FloatArray, shape (n_trials,)
        p value of the claim at that look, twice that of the wanted direction where the test is two-sided.
    adjusted : FloatArray, shape (n_trials,)
        The same adjusted for the family; not a number where looks have boundaries in its place.
    level : FloatArray, shape (n_trials,)
        At or below it the p value (the adjusted one, where there is one) is a success.
    shown : BoolArray, shape (n_trials,)
        Whether the claim is shown.
    look : IntArray, shape (n_trials,)
        Analysis at which that was decided, from 1.
    information : FloatArray, shape (n_trials,)
        Share of the planned patients at it.
    verdict : NDArray[np.str_], shape (n_trials,)
        "shown", "not shown", "futile", "dropped", or with a dual criterion "go", "consider", "no-go".
    """

    claim: Claim
    family: int
    found: Estimates
    p: FloatArray
    adjusted: FloatArray
    level: FloatArray
    shown: BoolArray
    look: IntArray
    information: FloatArray
    verdict: NDArray[np.str_]


def wanted_direction(choice: EndpointChoice) -> float:
    """1 where a rise of the difference is what is hoped for, -1 where a fall is.

    Examples
    --------
    >>> wanted_direction(EndpointChoice(endpoint="total_density", week=24, measure="change"))
    1.0
    """
    rising = ENDPOINTS[choice.endpoint].higher_is_better
    if choice.measure == "responder_value":
        return 1.0
    if choice.measure in RESPONDERS:
        return 1.0 if ((choice.threshold or 0.0) >= 0.0) == rising else -1.0
    return 1.0 if rising else -1.0


def margin_of(hypothesis: Hypothesis, choice: EndpointChoice) -> float:
    """The margin as a number in the unit of the measure, 0 without one; shares are told in per cent, kept as shares."""
    if hypothesis.margin is None:
        return 0.0
    return hypothesis.margin.value / (100.0 if choice.measure in RESPONDERS else 1.0)


def p_beyond(found: Estimates, sign: float, than: float, alpha: float = 0.05) -> FloatArray:
    """One-sided p value of an effect beyond `than` in the wanted direction; 1 where nothing could be estimated.

    Parameters
    ----------
    found : Estimates
        Of trials.
    sign : float
        1 where a positive effect is wanted, else -1.
    than : float
        In the unit of the estimate, of the wanted direction.
    alpha : float
        Two-sided level of the limits.

    Returns
    -------
    FloatArray, shape (n_trials,)
        0 to 1.
    """
    from scipy.special import ndtr, ndtri, stdtr

    effect = sign * found.estimate
    with np.errstate(divide="ignore", invalid="ignore"):
        if than == 0.0:
            p = np.where(effect > 0.0, found.p_value / 2.0, 1.0 - found.p_value / 2.0)
        else:
            df = found.degrees_of_freedom
            by_limits = np.isinf(df)
            # limits that are not symmetrical, as those of shares, tell the error on the side that counts
            reach = found.estimate - found.ci_low if sign > 0.0 else found.ci_high - found.estimate
            error = np.where(by_limits, reach / -float(ndtri(alpha / 2.0)), found.standard_error)
            t = (effect - than) / error
            p = np.where(by_limits, ndtr(-t), stdtr(np.where(by_limits, 1.0, df), -t))
            # without any spread nothing can be said
            p = np.where(error > 0.0, p, 1.0)
    return np.where(np.isnan(p), 1.0, p)


def p_of_claim(found: Estimates, hypothesis: Hypothesis, choice: EndpointChoice, alpha: float = 0.05) -> FloatArray:
    """One-sided p value of what a hypothesis claims.

    Parameters
    ----------
    found : Estimates
        Of trials.
    hypothesis : Hypothesis
        The claim.
    choice : EndpointChoice
        Of which endpoint.
    alpha : float
        Two-sided level of the limits.

    Returns
    -------
    FloatArray, shape (n_trials,)
        Of equivalence the larger of both tests.
    """
    sign, margin = wanted_direction(choice), margin_of(hypothesis, choice)
    if hypothesis.type == "non_inferiority":
        return p_beyond(found, sign, -margin, alpha)
    if hypothesis.type == "equivalence":
        return np.maximum(p_beyond(found, sign, -margin, alpha), p_beyond(found, -sign, -margin, alpha))
    return p_beyond(found, sign, margin if hypothesis.type == "superiority" else 0.0, alpha)


def sides_of(plan: Protocol) -> int:
    """1 where claims have one-sided p values, 2 where those are doubled: superiority tested at both sides."""
    hypothesis = plan.study.analysis.hypothesis or Hypothesis()
    doubled = plan.study.analysis.sided == 2 and hypothesis.type in ("superiority", "dual_criterion")
    return 2 if doubled else 1


def level_of(plan: Protocol) -> float:
    """One-sided significance level."""
    return plan.study.analysis.alpha / plan.study.analysis.sided


def decided_at_end(batch: Batch, plan: Protocol) -> list[Decided]:
    """Claims of trials without interim looks.

    Parameters
    ----------
    batch : Batch
        Trials.
    plan : Protocol
        The study.

    Returns
    -------
    list[Decided]
        One a claim, family by family.
    """
    analysis, hypothesis = plan.study.analysis, plan.study.analysis.hypothesis or Hypothesis()
    count, sides, level = len(batch.replicates), sides_of(plan), level_of(plan)
    made: list[Decided] = []
    for number, family in enumerate(families_of(plan.study)):
        found = estimates_of_claims(batch, family, plan)
        limits = analysis.two_sided_alpha
        p = np.stack(
            [p_of_claim(each, hypothesis, claim.choice, limits) for each, claim in zip(found, family, strict=True)]
        )
        if analysis.multiplicity is not None and analysis.multiplicity.method == "dunnett":
            together = _by_dunnett(found, family, hypothesis, plan)
            shown = (together <= sides * level) & (p <= 0.5)
        else:
            one_sided = _adjusted(p, family, plan)
            together = np.minimum(sides * one_sided, 1.0)
            shown = one_sided <= level
        for i, claim in enumerate(family):
            made.append(
                Decided(
                    claim=claim,
                    family=number,
                    found=found[i],
                    p=np.minimum(sides * p[i], 1.0),
                    adjusted=together[i],
                    level=np.full(count, sides * level),
                    shown=shown[i] & _large_enough(found[i], hypothesis, claim.choice),
                    look=np.ones(count, dtype=np.int64),
                    information=np.ones(count),
                    verdict=_verdicts(shown[i], found[i], hypothesis, claim.choice),
                )
            )
    return made


def estimates_of_claims(batch: Batch, claims: Sequence[Claim], plan: Protocol) -> list[Estimates]:
    """What each claim rests on.

    Parameters
    ----------
    batch : Batch
        Trials.
    claims : Sequence[Claim]
        Some claims.
    plan : Protocol
        The study.

    Returns
    -------
    list[Estimates]
        In the order of the claims.
    """
    found: dict[Claim, Estimates] = {}
    for choice in dict.fromkeys(claim.choice for claim in claims):
        of_choice = [claim for claim in claims if claim.choice == choice]
        pairs = [(claim.arm, claim.control) for claim in of_choice]
        found |= dict(zip(of_choice, estimates(batch, choice, pairs, plan), strict=True))
    return [found[claim] for claim in claims]


def table_of(decided: Sequence[Decided], batch: Batch, plan: Protocol) -> pd.DataFrame:
    """Claims as a table.

    Parameters
    ----------
    decided : Sequence[Decided]
        Of the trials of the batch.
    batch : Batch
        The trials.
    plan : Protocol
        The study.

    Returns
    -------
    pd.DataFrame
        Table "claims", ordered by trial.
    """
    hypothesis = plan.study.analysis.hypothesis or Hypothesis()
    tables = [
        pd.DataFrame(
            {
                "replicate": batch.replicates,
                "draw": batch.draws,
                "family": each.family,
                "claim": each.claim.name,
                "hypothesis": hypothesis.type,
                "margin": margin_of(hypothesis, each.claim.choice) if hypothesis.margin is not None else np.nan,
                "arm": each.claim.arm,
                "control": each.claim.control,
                "endpoint": each.claim.choice.endpoint,
                "week": each.claim.choice.week,
                "measure": each.claim.choice.measure,
                "look": each.look,
                "information": each.information,
                "estimate": each.found.estimate,
                "standard_error": each.found.standard_error,
                "p_value": each.p,
                "adjusted_p": each.adjusted,
                "level": each.level,
                "shown": each.shown,
                "verdict": each.verdict,
                "method": each.found.method,
            }
        )
        for each in decided
    ]
    whole = pd.concat(tables, keys=range(len(tables)), names=["place", None]).reset_index(level=0)
    return whole.sort_values(["replicate", "place"], kind="stable", ignore_index=True)[list(COLUMNS)]


def _adjusted(p: FloatArray, family: Sequence[Claim], plan: Protocol) -> FloatArray:
    """One-sided p values [claim, trial] adjusted for the family."""
    section = plan.study.analysis.multiplicity
    if section is None or len(family) == 1:
        return p
    if section.method == "co_primary":
        return np.broadcast_to(p.max(axis=0), p.shape).copy()
    if section.method == "graph":
        names = [claim.name for claim in family]
        weights = [section.weights.get(name, 0.0) for name in names]
        rows = [[section.transitions.get(name, {}).get(other, 0.0) for other in names] for name in names]
        graph = Graph.of(names, weights, rows)
        return np.stack([by_graph(graph, column) for column in p.T], axis=1)
    return np.stack([adjusted(column, section.method) for column in p.T], axis=1)


def _by_dunnett(
    found: Sequence[Estimates], family: Sequence[Claim], hypothesis: Hypothesis, plan: Protocol
) -> FloatArray:
    """P values [claim, trial] of Dunnett's test, of one or both sides as the study has it."""
    sides = sides_of(plan)
    p = np.ones((len(found), len(found[0].estimate)))
    for trial in range(p.shape[1]):
        sizes = [float(each.n_arm[trial]) for each in found]
        if not all(np.isfinite(each.estimate[trial]) for each in found):
            continue
        loading = loadings(sizes, float(found[0].n_control[trial]))
        df = float(min(each.degrees_of_freedom[trial] for each in found))
        for i, (each, claim) in enumerate(zip(found, family, strict=True)):
            margin = margin_of(hypothesis, claim.choice)
            than = {"non_inferiority": -margin, "superiority": margin}.get(hypothesis.type, 0.0)
            t = (wanted_direction(claim.choice) * each.estimate[trial] - than) / each.standard_error[trial]
            p[i, trial] = 1.0 - chance_of_none(abs(t) if sides == 2 else t, loading, df, sides)
    return np.clip(p, 0.0, 1.0)


def _large_enough(found: Estimates, hypothesis: Hypothesis, choice: EndpointChoice) -> BoolArray:
    """With a dual criterion, whether the estimate is at least the least difference that matters."""
    if hypothesis.type != "dual_criterion":
        return np.ones(found.estimate.shape, dtype=np.bool_)
    return np.asarray(wanted_direction(choice) * found.estimate >= margin_of(hypothesis, choice))


def _verdicts(
    significant: BoolArray, found: Estimates, hypothesis: Hypothesis, choice: EndpointChoice
) -> NDArray[np.str_]:
    if hypothesis.type != "dual_criterion":
        return np.where(significant, "shown", "not shown")
    met = significant.astype(np.int64) + _large_enough(found, hypothesis, choice)
    return np.array(["no-go", "consider", "go"])[met]
