"""Operating characteristics of a design: how often it succeeds, how often it errs, what its estimates are like.

A trial succeeds where its effect is significant at the study's two-sided level and lies in the wanted direction. A
margin is met where the whole confidence interval lies beyond it. Monte-Carlo errors are worked out between studies: a
study of the largest size holds several trials of a small one, which share its offset and its batch of product.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.balance import Balance
from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.decisions import margin_of, wanted_direction
from anagen.analysis.expected import over_draws, rows_of
from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.planning.closed_form import power_by_t
from anagen.planning.question import Question

FIXED = "fixed"
"""Trials without an effect to which one of a stated size was added."""
POSSIBLE = 4000
"""Equally likely effects that stand for a Normal law: its tails to a hundredth of a per cent."""
NONE = "null"
"""Trials without an effect."""


@dataclass(frozen=True)
class Found:
    """What was simulated for a question.

    Attributes
    ----------
    question : Question
        What was asked.
    estimates : pd.DataFrame
        Effects in every trial, see `analysing.estimates_of`.
    flow : pd.DataFrame
        See `analysing.flow_of_sizes`.
    effects : pd.DataFrame
        True effects: pair, outcome, draw (0 for central values), effect, error, change.
    fixed : FloatArray, shape (n_pairs, n_choices)
        Stated effects, in the unit of the endpoint; not a number where there are none.
    law : tuple of float or None
        Mean and standard deviation of a Normal law of the effect that was stated, from which closed forms and the
        ceiling follow without the luck of draws; None where the draws are those of the model.
    decided : pd.DataFrame or None
        What each trial decides as a whole, see `analysing.estimates_of`; None where each contrast is tested by itself.
    """

    question: Question
    estimates: pd.DataFrame
    flow: pd.DataFrame
    effects: pd.DataFrame
    fixed: FloatArray
    law: tuple[float, float] | None = None
    decided: pd.DataFrame | None = None

    def possible(self, pair: int, outcome: int) -> FloatArray:
        """Equally likely effects: of the law that was stated, else of the parameter draws."""
        if self.law is None:
            return spread(self.effects, pair, outcome)
        from scipy.special import ndtri

        return self.law[0] + self.law[1] * np.asarray(ndtri((np.arange(POSSIBLE) + 0.5) / POSSIBLE), dtype=np.float64)


def effects_of_draws(expected: pd.DataFrame, question: Question, balance: Balance | None) -> pd.DataFrame:
    """True effect on every outcome at central values and under every parameter draw.

    Parameters
    ----------
    expected : pd.DataFrame
        Rows of `analysis.expected.expected_table`; draws 0, -1, ... are parts of the patients at central values.
    question : Question
        What is asked.
    balance : Balance or None
        Which rows of a posterior the draws took.

    Returns
    -------
    pd.DataFrame
        Columns pair, outcome, draw, effect and its Monte-Carlo error, and change: the effect on the change in the unit
        of the endpoint, whatever the measure. With twenty draws or more their spread is that of the parameters alone.
    """
    tables: list[pd.DataFrame] = []
    for p, (arm, control) in enumerate(question.pairs):
        for c, choice in enumerate(question.choices):
            plain = choice.model_copy(update={"measure": "change", "threshold": None})
            parts = expected["draw"] <= 0
            if parts.any():
                effect = over_draws(rows_of(choice, expected[parts]), arm, control)["expected"].to_numpy()
                change = over_draws(rows_of(plain, expected[parts]), arm, control)["expected"].to_numpy()
                error = float(effect.std(ddof=1)) / math.sqrt(len(effect))
                told = {"effect": [float(effect.mean())], "error": [error], "change": [float(change.mean())]}
                tables.append(pd.DataFrame({"draw": [0], **told}).assign(pair=p, outcome=c))
            draws = expected["draw"] > 0
            if draws.any():
                found = over_draws(rows_of(choice, expected[draws]), arm, control, balance=balance)
                change = over_draws(rows_of(plain, expected[draws]), arm, control, balance=balance)
                found = found.rename(columns={"expected": "effect"}).assign(change=change["expected"])
                # their mean stands at 0, where here the effect at central values does
                tables.append(found[found.index > 0].reset_index().assign(pair=p, outcome=c))
    return pd.concat(tables, ignore_index=True)[["pair", "outcome", "draw", "effect", "error", "change"]]


def spread(effects: pd.DataFrame, pair: int, outcome: int, column: str = "effect") -> FloatArray:
    """Effect of every parameter draw; none where there are too few draws to tell a spread."""
    rows = effects[(effects["pair"] == pair) & (effects["outcome"] == outcome) & (effects["draw"] > 0)]
    values = rows[column].to_numpy(dtype=np.float64)
    return values if len(values) >= LEAST_DRAWS else values[:0]


def characteristics(found: Found) -> pd.DataFrame:
    """One row per size, contrast and outcome.

    Parameters
    ----------
    found : Found
        What was simulated.

    Returns
    -------
    pd.DataFrame
        See `docs/power.md`; every share and mean with its Monte-Carlo error in a column of its own.
    """
    question = found.question
    rows: list[dict[str, Any]] = []
    of_cell = dict(tuple(found.estimates.groupby(["truth", "pair", "outcome", "patients"], sort=False)))
    flows = dict(tuple(found.flow.groupby("patients", sort=False)))
    for p, (arm, control) in enumerate(question.pairs):
        for c, choice in enumerate(question.choices):
            alpha, sign = question.study.analysis.two_sided_alpha, wanted_direction(choice)
            margin = question.margin_of(choice)
            drawn, truth = spread(found.effects, p, c), true_effect(found.effects, p, c)
            possible, than = found.possible(p, c), question.beyond(choice)
            residual = residual_sd(of_cell[("central", p, c, question.sizes[-1])], split=question.plan.split_scalp)
            for size in question.sizes:
                central = Trialled(of_cell[("central", p, c, size)], alpha, sign)
                null = Trialled(of_cell[(NONE, p, c, size)], alpha, sign)
                error, freedom = closed_error(central.rows, residual, split=question.plan.split_scalp)
                row: dict[str, Any] = {
                    "arm": arm,
                    "control": control,
                    "endpoint": choice.endpoint,
                    "week": choice.week,
                    "measure": choice.measure,
                    "threshold": math.nan if choice.threshold is None else choice.threshold,
                    "patients": size,
                    "patients_in_all": question.plan.n_patients * size // question.sizes[-1],
                }
                row |= _named("power", central.succeeds())
                row["power_closed_form"] = float(power_by_t(sign * truth[0] - than, error, freedom, alpha))
                row |= _fixed(found, of_cell, (p, c, size), alpha, sign)
                row |= _named("type_one_error", null.rejects())
                row |= {"effect": truth[0], "effect_error": truth[1]}
                row |= central.estimates(truth)
                row |= _over_draws(of_cell.get(("draws", p, c, size)), drawn, alpha, sign)
                closed = power_by_t(sign * possible - than, error, freedom, alpha) if len(possible) else math.nan
                row["assurance_closed_form"] = float(np.mean(closed))
                row |= _named("ceiling", _ceiling(found, sign * possible, than))
                row |= _margin(found, of_cell, (p, c, size), drawn, margin, alpha, sign)
                row |= {"adjusted_sd": residual, "closed_form_error": error}
                row |= flow_of(flows[size])
                row |= {"analysed_arm": float(central.rows["n_arm"].mean())}
                row |= {"analysed_control": float(central.rows["n_control"].mean())}
                rows.append(row)
    return pd.DataFrame(rows)


def _ceiling(found: Found, wanted: FloatArray, than: float) -> tuple[float, float]:
    """Chance that the claim is true, and its Monte-Carlo error; none where the law is stated.

    `than` is what an effect in the wanted direction has to exceed; not a number for equivalence and a dual criterion.
    """
    if not len(wanted):
        return math.nan, math.nan
    if math.isnan(than):
        hypothesis = found.question.study.analysis.hypothesis
        assert hypothesis is not None  # both are one
        margin = margin_of(hypothesis, found.question.study.endpoints.primary)
        return reached(np.abs(wanted) < margin if hypothesis.type == "equivalence" else wanted >= margin)
    if found.law is None:
        return reached(wanted > than)
    from scipy.special import ndtr

    mean = math.copysign(1.0, wanted.mean()) * abs(found.law[0])
    return float(ndtr((mean - than) / found.law[1])), 0.0


class Trialled:
    """Trials of one kind, size, contrast and outcome.

    Parameters
    ----------
    rows : pd.DataFrame
        Their estimates.
    alpha : float
        Two-sided level.
    sign : float
        1 where a positive effect is wanted, else -1.
    """

    def __init__(self, rows: pd.DataFrame, alpha: float, sign: float) -> None:
        self.rows, self.sign = rows, sign
        self.study = rows["trial"].to_numpy()
        self.draw = rows["draw"].to_numpy()
        self.estimate = rows["estimate"].to_numpy(dtype=np.float64)
        self.success = rows["shown"].to_numpy(dtype=np.bool_)
        claimed = bool(rows["claimed"].iloc[0])
        self.significant = self.success if claimed else rows["p_value"].to_numpy(dtype=np.float64) < alpha

    def succeeds(self) -> tuple[float, float]:
        """Share of trials that succeed, and its error."""
        return reached(self.success, self.study)

    def rejects(self) -> tuple[float, float]:
        """Share of trials that are significant in either direction, or show a claim, and its error."""
        return reached(self.significant, self.study)

    def beyond(self, margin: float) -> BoolArray:
        """Where the whole confidence interval lies beyond a margin in the wanted direction."""
        low, high = (self.rows[name].to_numpy(dtype=np.float64) for name in ("ci_low", "ci_high"))
        return np.asarray((low if self.sign > 0.0 else -high) > margin)

    def estimates(self, truth: tuple[float, float]) -> dict[str, float]:
        """Mean, standard deviation, bias and coverage of the estimate, and its mean in trials that succeed."""
        mean, error = mean_and_error(self.estimate, self.study)
        low, high = (self.rows[name].to_numpy(dtype=np.float64) for name in ("ci_low", "ci_high"))
        share = reached((low <= truth[0]) & (truth[0] <= high), self.study)
        won = self.estimate[self.success]
        return {
            "estimate_mean": mean,
            "estimate_mean_error": error,
            "estimate_sd": float(np.nanstd(self.estimate, ddof=1)) if len(self.estimate) > 1 else math.nan,
            "bias": mean - truth[0],
            "bias_error": math.hypot(error, truth[1]),
            "coverage": share[0],
            "coverage_error": share[1],
            "estimate_given_success": float(won.mean()) if len(won) else math.nan,
            "estimate_given_success_error": float(won.std(ddof=1) / math.sqrt(len(won))) if len(won) > 1 else math.nan,
        }


def reached(which: BoolArray, study: IntArray | None = None) -> tuple[float, float]:
    """A share and its Monte-Carlo standard error, between studies where several trials are of one study.

    Where all or none are counted the error is that of Agresti and Coull's share, which is not 0.

    Parameters
    ----------
    which : BoolArray, shape (n,)
        Who is counted.
    study : IntArray or None, shape (n,)
        To which study each belongs.

    Returns
    -------
    tuple[float, float]
        0 to 1.

    References
    ----------
    .. [1] Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550.

    Examples
    --------
    >>> share, error = reached(np.array([True, True, False, False]))
    >>> share, round(error, 2)
    (0.5, 0.29)
    """
    if not len(which):
        return math.nan, math.nan
    share = float(which.mean())
    if study is not None and share not in (0.0, 1.0):
        found, error = mean_and_error(which.astype(np.float64), study)
        if error > 0.0:
            return found, error
    if study is None and share not in (0.0, 1.0) and len(which) > 1:
        return share, float(which.std(ddof=1)) / math.sqrt(len(which))
    shrunk = (float(which.sum()) + 2.0) / (len(which) + 4.0)
    return share, math.sqrt(shrunk * (1.0 - shrunk) / (len(which) + 4.0))


def mean_and_error(values: FloatArray, study: IntArray) -> tuple[float, float]:
    """Mean of studies' means and its standard error; values that are missing are left out."""
    there = np.isfinite(values)
    _, number = np.unique(study[there], return_inverse=True)
    if not len(number):
        return math.nan, math.nan
    means = np.bincount(number, weights=values[there]) / np.bincount(number)
    return float(means.mean()), float(means.std(ddof=1)) / math.sqrt(len(means)) if len(means) > 1 else math.nan


def true_effect(effects: pd.DataFrame, pair: int, outcome: int) -> tuple[float, float]:
    """The effect at central values and its Monte-Carlo error."""
    row = effects[(effects["pair"] == pair) & (effects["outcome"] == outcome) & (effects["draw"] == 0)].iloc[0]
    return float(row["effect"]), float(row["error"])


def residual_sd(rows: pd.DataFrame, *, split: bool) -> float:
    """Standard deviation that is left of an outcome once the baseline is adjusted for, from the errors of estimates."""
    per_arm = _per_arm(rows, split=split)
    return float(np.sqrt(np.nanmean(rows["standard_error"].to_numpy(dtype=np.float64) ** 2 / per_arm)))


def closed_error(rows: pd.DataFrame, sd: float, *, split: bool) -> tuple[float, float]:
    """Standard error and degrees of freedom of an estimate from as many patients as trials of a size analysed."""
    n, control = float(rows["n_arm"].mean()), float(rows["n_control"].mean())
    return sd * math.sqrt(float(np.mean(_per_arm(rows, split=split)))), n - 2.0 if split else n + control - 3.0


def flow_of(rows: pd.DataFrame) -> dict[str, float]:
    """Mean numbers screened, not admitted, randomised and lost in a trial of a size."""
    screened, randomised = float(rows["screened"].mean()), float(rows["randomised"].mean())
    return {
        "screened": screened,
        "screen_failures": screened - randomised,
        "randomised": randomised,
        "dropouts": float(rows["left"].mean()),
    }


def _per_arm(rows: pd.DataFrame, *, split: bool) -> FloatArray:
    n, control = (rows[name].to_numpy(dtype=np.float64) for name in ("n_arm", "n_control"))
    with np.errstate(divide="ignore"):
        return 1.0 / n if split else 1.0 / n + 1.0 / control


def _named(name: str, value: tuple[float, float]) -> dict[str, float]:
    return {name: value[0], f"{name}_error": value[1]}


def _fixed(
    found: Found, of_cell: Mapping[Any, pd.DataFrame], place: tuple[int, int, int], alpha: float, sign: float
) -> dict[str, float]:
    """Power at a stated effect."""
    effect, rows = float(found.fixed[place[:2]]), of_cell.get((FIXED, *place))
    share = (math.nan, math.nan) if rows is None else Trialled(rows, alpha, sign).succeeds()
    return {"fixed_effect": effect, **_named("power_fixed", share)}


def _over_draws(rows: pd.DataFrame | None, drawn: FloatArray, alpha: float, sign: float) -> dict[str, float]:
    """Assurance, and what its successes are like."""
    names = (
        "assurance", "assurance_error", "wrong_direction", "wrong_direction_error", "sd_of_draws", "sd_over_draws",
        "effect_mean", "effect_given_success", "draws_estimate_given_success", "draws_estimate_given_success_error",
    )  # fmt: skip
    if rows is None or not len(drawn):
        return dict.fromkeys(names, math.nan)
    trials = Trialled(rows, alpha, sign)
    won = trials.success
    estimates, own = trials.estimate[won], drawn[trials.draw[won] - 1]
    wrong = trials.significant & ~won
    return {
        **_named("assurance", reached(won, trials.draw)),
        **_named("wrong_direction", reached(wrong, trials.draw)),
        "sd_of_draws": float(drawn.std(ddof=1)),
        "sd_over_draws": float(np.nanstd(trials.estimate, ddof=1)),
        "effect_mean": float(drawn.mean()),
        "effect_given_success": float(own.mean()) if len(own) else math.nan,
        "draws_estimate_given_success": float(estimates.mean()) if len(own) else math.nan,
        "draws_estimate_given_success_error": (
            mean_and_error(estimates, trials.draw[won])[1] if len(own) > 1 else math.nan
        ),
    }


def _margin(
    found: Found,
    of_cell: Mapping[Any, pd.DataFrame],
    place: tuple[int, int, int],
    drawn: FloatArray,
    margin: float | None,
    alpha: float,
    sign: float,
) -> dict[str, float]:
    """Chance that a margin is met, at central values and over draws, and its ceiling."""
    nothing = (math.nan, math.nan)
    central = over = most = nothing
    if margin is not None:
        trials = Trialled(of_cell[("central", *place)], alpha, sign)
        central = reached(trials.beyond(margin), trials.study)
        rows = of_cell.get(("draws", *place))
        if rows is not None and len(drawn):
            of_draws = Trialled(rows, alpha, sign)
            over = reached(of_draws.beyond(margin), of_draws.draw)
            most = reached(sign * drawn > margin)
    return {
        "margin": math.nan if margin is None else margin,
        **_named("power_margin", central),
        **_named("assurance_margin", over),
        **_named("ceiling_margin", most),
    }
