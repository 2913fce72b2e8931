"""Operating characteristics of designs under several truths: one table, always with the row without an effect."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.balance import balance_of
from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.decisions import wanted_direction
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.planning.characteristics import Trialled, closed_error, effects_of_draws, flow_of, residual_sd, spread
from anagen.planning.closed_form import power_by_t
from anagen.planning.question import Question, effect_amount, null_effects, question_of
from anagen.planning.scenario_file import MEDIAN, NULL, OPTIMISTIC, Design, OwnTruth, Scenarios
from anagen.planning.simulating import Setting, simulated
from anagen.study import Study
from anagen.study.overrides import override_of
from anagen.trials.protocol import study_parameters

OPTIMISTIC_QUANTILE = 0.9
NO_EFFECT = "no effect"
"""What the row without an effect is called: readers of CSV files take the word null for a missing value."""
COLUMNS = (
    "design", "truth", "effect", "patients", "patients_in_all", "arm", "control", "endpoint", "week", "measure",
    "success", "success_error", "closed_form", "estimate_mean", "estimate_mean_error", "estimate_sd", "bias",
    "bias_error", "coverage", "coverage_error", "estimate_given_success", "screened", "screen_failures", "dropouts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A design as it is simulated.

    Attributes
    ----------
    name : str
        Of the design.
    question : Question
        Its main outcome and contrasts.
    """

    name: str
    question: Question


def planned_designs(
    study: Study,
    scenarios: Scenarios,
    sizes: Sequence[int],
    *,
    arm: str | None,
    controls: Sequence[str],
    file: str | None = None,
) -> list[Planned]:
    """Every design with the study that it makes.

    Parameters
    ----------
    study : Study
        What the designs change.
    scenarios : Scenarios
        Truths and designs.
    sizes : Sequence[int]
        Patients per arm of designs that state none; those of the study where empty.
    arm : str or None
        The arm; every one that is not a control where left out.
    controls : Sequence[str]
        What it is compared with.
    file : str or None
        Name of the file of scenarios, for messages.

    Returns
    -------
    list[Planned]
        In the order of the file.

    Raises
    ------
    InputError
        With every value of a design that the study refuses, under the design's name.
    """
    planned: list[Planned] = []
    problems: list[Problem] = []
    for i, design in enumerate(scenarios.designs):
        try:
            planned.append(Planned(design.name, _question(study, design, sizes, arm, controls)))
        except InputError as error:
            place = f"designs[{i}] ({design.name})"
            problems += [replace(each, file=file, line=None, field=f"{place}: {each.field}") for each in error.problems]
    if problems:
        raise InputError(problems)
    for truth in scenarios.truths:
        if isinstance(truth, OwnTruth):
            for each in planned:
                effect_amount(f"truths ({truth.name})", truth.effect, each.question.choices[0], endpoint_unit=True)
    return planned


def _question(study: Study, design: Design, sizes: Sequence[int], arm: str | None, controls: Sequence[str]) -> Question:
    changed = study
    if design.set:
        changed = Study.variants(study, [[override_of(path, value) for path, value in design.set.items()]])[0]
    own = (min(each.patients for each in changed.arms),)
    primary = changed.endpoints.primary
    asked = question_of(
        changed,
        design.sizes or tuple(sizes) or own,
        weeks=[primary.week],
        endpoints=[primary.endpoint],
        arm=arm,
        controls=controls,
    )
    return replace(asked, choices=(primary,))


def scenario_table(
    planned: Sequence[Planned],
    scenarios: Scenarios,
    setting: Setting,
    *,
    trials: int,
    draws: int,
    stage: Callable[[str], None],
) -> pd.DataFrame:
    """One row per design, size, contrast and truth.

    Trials of every truth are those without an effect, with the effect added to what the arm's patients measure.

    Parameters
    ----------
    planned : Sequence[Planned]
        From `planned_designs`.
    scenarios : Scenarios
        The truths.
    setting : Setting
        Where and how trials are simulated.
    trials : int
        Trials of each design.
    draws : int
        Parameter draws, of which the median and the optimistic effect are taken.
    stage : Callable[[str], None]
        Shows what is done now.

    Returns
    -------
    pd.DataFrame
        Columns COLUMNS; without an effect `success` counts trials that are significant in either direction.

    Raises
    ------
    InputError
        Where quantiles of the effect are asked for and there are too few draws.
    """
    truths = scenarios.all_truths
    of_draws = any(truth in (MEDIAN, OPTIMISTIC) for truth in truths)
    if of_draws and draws < LEAST_DRAWS:
        message = f"the truths median and optimistic are quantiles over parameter draws; give {LEAST_DRAWS} or more"
        raise InputError([Problem(None, None, None, "draws", message)])
    known: dict[str, pd.DataFrame] = {}
    tables: list[pd.DataFrame] = []
    for design in planned:
        question = design.question
        changes: dict[str, FloatArray] = {}
        if of_draws:
            stage(f"{design.name}: effects under parameter draws")
            same = _expects(question)
            if same not in known:
                known[same] = simulated(question, setting, draws=draws)["expected"]
            parameters = study_parameters(question.study, setting.source.load())
            balance = balance_of(parameters, seed=setting.seed, draws=draws)
            effects = effects_of_draws(known[same], question, balance)
            for name, share in ((MEDIAN, 0.5), (OPTIMISTIC, OPTIMISTIC_QUANTILE)):
                sign = wanted_direction(question.choices[0])
                drawn = [sign * spread(effects, p, 0, "change") for p in range(len(question.pairs))]
                changes[name] = np.array([[sign * float(np.quantile(each, share))] for each in drawn])
        added = [(_name(truth), _added(truth, changes, question)) for truth in truths]
        stage(f"{design.name}: trials")
        found = simulated(question, setting, trials=trials, added=added)
        tables.append(_rows(design, dict(added), found))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _expects(question: Question) -> str:
    """What decides the effects of a design under parameter draws: everything but how many take part and who leaves."""
    data = question.study.model_dump(mode="json", exclude={"design": {"randomisation", "dropout"}, "analysis": True})
    for arm in data["arms"]:
        arm["patients"] = 0
    return repr((data, question.choices, question.pairs))


def _name(truth: str | OwnTruth) -> str:
    return truth if isinstance(truth, str) else truth.name


def _added(truth: str | OwnTruth, changes: dict[str, FloatArray], question: Question) -> FloatArray:
    shape = (len(question.pairs), 1)
    if isinstance(truth, OwnTruth):
        return np.full(shape, effect_amount("effect", truth.effect, question.choices[0], endpoint_unit=True))
    return null_effects(question) if truth == NULL else changes[truth]


def _rows(design: Planned, added: dict[str, FloatArray], found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    question, choice = design.question, design.question.choices[0]
    alpha, sign, split = question.study.analysis.two_sided_alpha, wanted_direction(choice), question.plan.split_scalp
    flows = dict(tuple(found["flow"].groupby("patients", sort=False)))
    cells = dict(tuple(found["estimates"].groupby(["truth", "pair", "patients"], sort=False)))
    rows: list[dict[str, Any]] = []
    for size in question.sizes:
        for p, (arm, control) in enumerate(question.pairs):
            sd = residual_sd(cells[(NULL, p, question.sizes[-1])], split=split)
            for name, effects in added.items():
                trials, effect = Trialled(cells[(name, p, size)], alpha, sign), float(effects[p, 0])
                share = trials.rejects() if name == NULL or effect == 0.0 else trials.succeeds()
                error, freedom = closed_error(trials.rows, sd, split=split)
                plain = choice.measure not in ("percent_change", *RESPONDERS)
                wanted = sign * effect - question.beyond(choice)
                closed = alpha if effect == 0.0 and wanted == 0.0 else float(power_by_t(wanted, error, freedom, alpha))
                told = trials.estimates((effect, 0.0))
                if not plain and effect != 0.0:
                    # an effect in hairs is another one in per cent or as a share: what it is there is not known
                    told |= dict.fromkeys(("bias", "bias_error", "coverage", "coverage_error"), math.nan)
                    closed = math.nan
                truth = NO_EFFECT if name == NULL else name
                labels = {"design": design.name, "truth": truth, "effect": effect, "patients": size}
                labels["patients_in_all"] = question.plan.n_patients * size // question.sizes[-1]
                outcome = {"endpoint": choice.endpoint, "week": choice.week, "measure": choice.measure}
                numbers = {"success": share[0], "success_error": share[1], "closed_form": closed}
                rows.append(labels | {"arm": arm, "control": control} | outcome | numbers | told | flow_of(flows[size]))
    return pd.DataFrame(rows)
