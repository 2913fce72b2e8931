"""Claims keep their significance level, alone and together, with looks and with arms that are dropped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from anagen.analysis.batch import Batch
from anagen.analysis.contrasts import estimates
from anagen.analysis.decisions import Decided, decided_at_end
from anagen.analysis.dose_response import dose_response_table
from anagen.analysis.trial_decisions import decisions, patients_treated
from anagen.statistics.sequential.arm_selection import adjusted_p, adjusted_p_of_trials
from anagen.study.analysis import Analysis
from anagen.trials.protocol import Protocol, protocol
from small_studies import FINASTERIDE, PLACEBO, small_study

TRIALS, SIZE = 3000, 24
CONFIDENCE = 0.9999


def plan_of(analysis: dict[str, Any], arms: int = 2) -> Protocol:
    treated = {name: [FINASTERIDE] for name in ("low", "middle", "high")[-arms:]}
    study = small_study({**treated, "placebo": [PLACEBO]}, patients=SIZE, block=4)
    primary = study.endpoints.primary
    later = primary.model_copy(update={"week": 12.0})
    endpoints = study.endpoints.model_copy(update={"secondary": (later,)})
    return protocol(study.model_copy(update={"analysis": Analysis.model_validate(analysis), "endpoints": endpoints}))


def batch_of_normal(plan: Protocol, effects: dict[str, float], trials: int = TRIALS, seed: int = 3) -> Batch:
    """Trials of Normal changes with standard deviation 1 at every visit, correlated by one half."""
    draw = np.random.default_rng(seed)
    arms, n = len(plan.arms), plan.n_patients
    own = np.array([draw.permuted(np.tile(np.arange(arms), n // arms)) for _ in range(trials)])
    received = own[None] == np.arange(arms)[:, None, None]
    shared = draw.normal(size=(trials, n, 1))
    change = np.sqrt(0.5) * (shared + draw.normal(size=(trials, n, len(plan.weeks))))
    baseline = draw.normal(size=(trials, n))
    value = baseline[..., None] + change
    value[..., 0] = baseline
    for name, effect in effects.items():
        value[..., 1:] += effect * (own == plan.arms.index(name))[..., None]
    measured = np.full((arms, trials, n, len(plan.weeks), len(plan.endpoints)), np.nan)
    measured[...] = np.where(received[..., None], value[None], np.nan)[..., None]
    return Batch(measured, received, np.arange(trials), np.zeros(trials, dtype=np.int64), 1, {}, {})


def any_shown(decided: list[Decided]) -> float:
    return float(np.stack([each.shown for each in decided]).any(axis=0).mean())


def holds(share: float, level: float, trials: int = TRIALS) -> bool:
    low, high = binom.interval(CONFIDENCE, trials, level)
    return bool(low <= share * trials <= high)


@pytest.mark.parametrize("method", ["bonferroni", "holm", "hochberg", "hommel", "dunnett", "fixed_sequence", "graph"])
def test_several_claims_together_keep_the_level(method: str) -> None:
    section: dict[str, Any] = {"method": method}
    if method == "graph":
        section |= {"weights": {"middle": 0.7, "high": 0.3}, "transitions": {"middle": {"high": 1.0}}}
    plan = plan_of({"method": "ancova_all_arms", "sided": 1, "alpha": 0.025, "multiplicity": section})
    share = any_shown(decided_at_end(batch_of_normal(plan, {}), plan))
    assert share <= binom.ppf(CONFIDENCE, TRIALS, 0.025) / TRIALS
    if method == "dunnett":
        # the others give some of the level away, Dunnett none
        assert holds(share, 0.025)


def test_co_primary_endpoints_have_to_be_met_both() -> None:
    section = {"method": "co_primary", "over": "endpoints"}
    plan = plan_of({"sided": 1, "alpha": 0.025, "multiplicity": section}, arms=1)
    batch = batch_of_normal(plan, {"high": 0.8})
    late, early = decided_at_end(batch, plan)
    assert (late.shown == early.shown).all()
    assert (late.adjusted == np.maximum(late.p, early.p)).all()
    assert late.shown.mean() < (late.p <= 0.025).mean()


@pytest.mark.parametrize(
    ("hypothesis", "effect"),
    [
        ({"type": "non_inferiority", "margin": "0.6 hairs/cm^2"}, -0.6),
        ({"type": "equivalence", "margin": "0.9 hairs/cm^2"}, 0.9),
        ({"type": "superiority", "margin": "0.5 hairs/cm^2"}, 0.5),
    ],
)
def test_a_claim_errs_at_its_level_where_it_is_just_not_true(hypothesis: dict[str, str], effect: float) -> None:
    plan = plan_of({"alpha": 0.05, "hypothesis": hypothesis}, arms=1)
    (claim,) = decided_at_end(batch_of_normal(plan, {"high": effect}), plan)
    assert holds(float(claim.shown.mean()), 0.025)


def test_a_dual_criterion_needs_the_estimate_too() -> None:
    plan = plan_of({"hypothesis": {"type": "dual_criterion", "margin": "0.9 hairs/cm^2"}}, arms=1)
    (claim,) = decided_at_end(batch_of_normal(plan, {"high": 0.9}, trials=500), plan)
    large = claim.found.estimate >= 0.9
    assert (claim.shown == (large & (claim.p <= 0.05))).all()
    assert set(claim.verdict) == {"go", "consider", "no-go"}
    assert (claim.verdict[claim.shown] == "go").all()


LOOKS = [
    {"at": [0.5]},
    {"at": [0.4, 0.7], "efficacy": "pocock"},
    {"at": [0.5], "efficacy": "hwang_shih_decani", "gamma": -2.0},
]


@pytest.mark.parametrize("interim", LOOKS, ids=["obrien-fleming", "pocock", "hwang-shih-decani"])
def test_looks_spend_the_level_and_no_more(interim: dict[str, Any]) -> None:
    plan = plan_of({"sided": 1, "alpha": 0.025, "interim": interim}, arms=1)
    decided = decisions(batch_of_normal(plan, {}), plan)
    assert holds(any_shown(decided), 0.025)
    better = batch_of_normal(plan, {"high": 1.0}, trials=400)
    (claim,) = decisions(better, plan)
    early = claim.information < 1.0
    assert claim.shown[early].all() and 0.02 < early.mean() < 0.98
    treated = patients_treated([claim], better, plan)
    assert (treated[~early] == plan.n_patients).all() and (treated[early] < plan.n_patients).all()


def test_a_look_sees_the_first_patients_alone() -> None:
    plan = plan_of({"sided": 1, "alpha": 0.025, "interim": {"at": [0.5], "efficacy": "pocock"}}, arms=1)
    batch = batch_of_normal(plan, {"high": 1.5}, trials=200)
    changed = batch.measured.copy()
    changed[:, :, plan.n_patients // 2 :] = np.where(np.isnan(changed[:, :, plan.n_patients // 2 :]), np.nan, 0.0)
    (before,), (after,) = decisions(batch, plan), decisions(batch.with_measured(changed), plan)
    early = before.information < 1.0
    assert early.any() and (early == (after.information < 1.0)).all()
    assert (before.found.estimate[early] == after.found.estimate[early]).all()


def test_a_binding_futility_bound_keeps_the_level_where_it_is_obeyed() -> None:
    interim = {"at": [0.5], "futility": "pocock", "binding": True}
    plan = plan_of({"sided": 1, "alpha": 0.025, "interim": interim}, arms=1)
    decided = decisions(batch_of_normal(plan, {}), plan)
    assert holds(any_shown(decided), 0.025)
    assert (decided[0].verdict == "futile").mean() > 0.4


def test_dropping_arms_keeps_the_level_of_all_claims() -> None:
    interim = {"at": [0.5], "keep_arms": 1, "efficacy": "none"}
    plan = plan_of({"sided": 1, "alpha": 0.025, "interim": interim}, arms=3)
    decided = decisions(batch_of_normal(plan, {}), plan)
    # the inverse normal takes t statistics for Normal ones, which matters little at these numbers
    assert holds(any_shown(decided), 0.025)
    dropped = np.stack([each.verdict == "dropped" for each in decided])
    assert (dropped.sum(axis=0) == 2).all()
    assert not (np.stack([each.shown for each in decided]) & dropped).any()


def test_arms_with_an_effect_are_kept_and_shown() -> None:
    interim = {"at": [0.5], "keep_arms": 1, "efficacy": "none", "futility": 0.0}
    plan = plan_of({"sided": 1, "alpha": 0.025, "interim": interim}, arms=3)
    batch = batch_of_normal(plan, {"high": 1.2}, trials=300)
    of_arm = {each.claim.arm: each for each in decisions(batch, plan)}
    assert of_arm["high"].shown.mean() > 0.8
    assert of_arm["low"].shown.mean() < 0.05


def test_selection_of_many_trials_is_that_of_one() -> None:
    draw = np.random.default_rng(2)
    first, second = draw.normal(1.0, 1.0, (6, 4)), draw.normal(1.0, 1.0, (6, 4))
    second[draw.random(second.shape) < 0.4] = np.nan
    together = adjusted_p_of_trials(first, second, 0.4, 1.5)
    for trial in range(6):
        going = [None if np.isnan(z) else float(z) for z in second[trial]]
        alone = adjusted_p(first[trial].tolist(), going, 0.4, allocation=1.5)
        assert together[trial] == pytest.approx(alone, abs=1e-9)


def test_a_dose_response_is_shown_at_its_level_and_the_dose_found() -> None:
    section = {
        "doses": {"middle": "1 mg", "high": "4 mg"},
        "shapes": [{"shape": "linear"}, {"shape": "emax", "parameters": {"ed50": 1.0}}],
        "target": "1 hairs/cm^2",
    }
    plan = plan_of({"sided": 1, "alpha": 0.025, "dose_response": section})
    null = dose_response_table(batch_of_normal(plan, {}, trials=300), plan, curves=False)
    assert holds(float(null.groupby("replicate")["shown"].any().mean()), 0.025, trials=300)
    steep = dose_response_table(batch_of_normal(plan, {"middle": 0.5, "high": 2.0}, trials=20), plan)
    linear = steep[(steep["shape"] == "linear") & steep["shown"]]
    assert len(linear) > 15 and linear["target_dose"].median() == pytest.approx(2.0, rel=0.25)
    assert linear["target_low"].notna().sum() <= 1


def shares_batch(plan: Protocol, arm: float, control: float, trials: int = 4000) -> Batch:
    """Trials in which shares of patients pass a threshold of 10 hairs/cm2."""
    batch = batch_of_normal(plan, {}, trials=trials)
    draw = np.random.default_rng(5)
    measured = batch.measured.copy()
    for name, share in (("high", arm), ("placebo", control)):
        place = plan.arms.index(name)
        gained = np.where(draw.random(measured.shape[1:3]) < share, 20.0, 0.0)
        there = batch.received[place]
        measured[place, :, :, -1] = np.where(there, measured[place, :, :, 0, 0] + gained, np.nan)[..., None]
    return batch.with_measured(measured)


@pytest.mark.parametrize(("arm", "control"), [(0.9, 1.0), (0.0, 0.1), (0.5, 0.6)])
def test_shares_are_not_inferior_at_their_level_where_spreads_are_small(arm: float, control: float) -> None:
    plan = plan_of({"sided": 1, "alpha": 0.025, "hypothesis": {"type": "non_inferiority", "margin": "10 %"}}, arms=1)
    responder = plan.study.endpoints.primary.model_copy(update={"measure": "responder", "threshold": 10.0})
    endpoints = plan.study.endpoints.model_copy(update={"primary": responder, "secondary": ()})
    plan = protocol(plan.study.model_copy(update={"endpoints": endpoints}))
    (claim,) = decided_at_end(shares_batch(plan, arm, control), plan)
    assert claim.shown.mean() <= binom.ppf(CONFIDENCE, 4000, 0.025) / 4000
    # a claim is shown where the printed limits lie beyond the margin
    assert (claim.shown == (claim.found.ci_low > -0.1)).all()


def test_a_look_at_which_nothing_can_be_estimated_decides_nothing() -> None:
    plan = plan_of({"interim": {"at": [0.05], "efficacy": "pocock"}}, arms=1)
    (claim,) = decisions(batch_of_normal(plan, {"high": 2.0}, trials=50), plan)
    assert (claim.look == 2).all() and claim.shown.mean() > 0.9


def test_each_control_is_the_reference_of_its_own_arm() -> None:
    analysis = {"missing": "jump_to_reference", "imputations": 5}
    study = small_study(
        {"one": [FINASTERIDE], "other": [FINASTERIDE], "first": [PLACEBO], "second": [PLACEBO]}, patients=SIZE, block=4
    )
    arms = [
        each.model_copy(update={"control": each.name in ("first", "second"),
                                "comparator": {"one": "first", "other": "second"}.get(each.name)})
        for each in study.arms
    ]  # fmt: skip
    plan = protocol(study.model_copy(update={"arms": tuple(arms), "analysis": Analysis.model_validate(analysis)}))
    batch = batch_of_normal(plan, {"second": 10.0}, trials=3)
    measured = batch.measured.copy()
    other = plan.arms.index("other")
    measured[other, :, ::2, -1] = np.nan
    pairs = [("one", "first"), ("other", "second")]
    together = estimates(batch.with_measured(measured), plan.study.endpoints.primary, pairs, plan)
    alone = estimates(batch.with_measured(measured), plan.study.endpoints.primary, pairs[1:], plan)
    assert together[1].estimate == pytest.approx(alone[0].estimate)
    assert (together[1].estimate > -8.0).all()
