"""What is simulated for an answer: trials of the model with and without its effect, or of a Normal model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from anagen.analysis.balance import balance_of
from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.progress import Progress
from anagen.planning.characteristics import FIXED, NONE, Found, effects_of_draws, spread
from anagen.planning.normal import NormalModel, baseline_correlation, simulated_normal
from anagen.planning.question import Question, null_effects
from anagen.planning.simulating import Setting, simulated
from anagen.trials.protocol import study_parameters


def of_model(
    question: Question, setting: Setting, bar: Progress, *, trials: int, draws: int, own: float | None
) -> Found:
    """Trials of the model: with its effect, under parameter draws, and without an effect."""
    several = draws if draws >= LEAST_DRAWS else 0
    bar.stage("simulating trials")
    first = simulated(
        question, setting, trials=trials, draws=several, each=-(-trials // several) if several else 0, truth=True
    )
    balance = balance_of(study_parameters(question.study, setting.source.load()), seed=setting.seed, draws=several)
    effects = effects_of_draws(first["expected"], question, balance)
    fixed = np.full((len(question.pairs), len(question.choices)), np.nan)
    for p in range(len(question.pairs)):
        for c, choice in enumerate(question.choices):
            drawn = spread(effects, p, c, "change")
            if own is not None and choice.endpoint == question.choices[0].endpoint:
                fixed[p, c] = own
            elif len(drawn):
                fixed[p, c] = float(np.median(drawn))
    added = [(NONE, null_effects(question))]
    if np.isfinite(fixed).any():
        added.append((FIXED, np.nan_to_num(fixed)))
    bar.stage("simulating trials without an effect")
    without = simulated(question, setting, trials=trials, added=added)
    estimates = pd.concat([first["estimates"], without["estimates"]], ignore_index=True)
    if np.isfinite(fixed).any():
        # where no effect is stated none was added, so that nothing is told of it
        stated = np.isfinite(fixed)[estimates["pair"], estimates["outcome"]]
        estimates = estimates[(estimates["truth"] != FIXED) | stated].reset_index(drop=True)
    claims = [each["claims"] for each in (first, without) if "claims" in each]
    decided = pd.concat(claims, ignore_index=True) if claims else None
    return Found(question, estimates, first["flow"], effects, fixed, decided=decided)


def of_normal(
    question: Question,
    model: NormalModel,
    correlation: float | None,
    setting: Setting,
    bar: Progress,
    *,
    trials: int,
) -> tuple[Found, NormalModel]:
    """Trials of a Normal model, and the model with the correlation that was used."""
    if correlation is None:
        bar.stage("reading how the change hangs on the baseline")
        model = replace(model, correlation=baseline_correlation(question, setting))
    bar.stage("simulating trials of a Normal model")
    tables = simulated_normal(question, model, setting, trials=trials)
    estimates, drawn = tables["estimates"], tables["effects"]
    effects: list[pd.DataFrame] = []
    unknown = model.effect_sd > 0.0
    for p in range(len(question.pairs)):
        central = pd.DataFrame({"draw": [0], "effect": [model.effect]})
        both = pd.concat([central, drawn], ignore_index=True) if unknown else central
        effects.append(both.assign(pair=p, outcome=0, error=0.0, change=both["effect"]))
    if not unknown:
        estimates = estimates[estimates["kind"] != "draws"].reset_index(drop=True)
    nothing = np.full((len(question.pairs), 1), np.nan)
    every, law = pd.concat(effects, ignore_index=True), (model.effect, model.effect_sd)
    decided = tables.get("claims")
    if decided is not None and not unknown:
        decided = decided[decided["kind"] != "draws"].reset_index(drop=True)
    found = Found(question, estimates, tables["flow"], every, nothing, law if unknown else None, decided)
    return found, model
