"""Validation: published values predicted, scored, and set beside reference forecasters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.provenance import package_version
from anagen.execution import Workers
from anagen.parameters import Source, parameter_source, source_facts
from anagen.study.blinding import blinding_warnings
from anagen.study.content import HASH_VERSION
from anagen.study.strength import strength_remarks
from anagen.study.unreported import unreported_remarks
from anagen.study.vocabulary import vocabulary
from anagen.study.zones import zone_remarks
from anagen.validation.cases import Case, facts, of_its_zone
from anagen.validation.references import REFERENCES, forecasts
from anagen.validation.scores import Key, counted, net_change, score_samples, total, totals
from anagen.validation.simulation import simulate

MODEL = "model"
DRAWS = 100
NOT_LEFT_OUT = "not predicted with its study left out; run without --leave-one-out"


@dataclass(frozen=True, eq=False)
class Validation:
    """Published values and how well they were predicted.

    Attributes
    ----------
    rows : pd.DataFrame
        One per value, see `cases.facts` and `scores.score_samples`; values that are differences of printed arms are
        marked derived.
    references : pd.DataFrame
        One per value and reference.
    totals : pd.DataFrame
        Of the model.
    net : pd.DataFrame
        Of the model.
    skill : pd.DataFrame
        Model and references on the values that all of them predict.
    comparisons : Mapping[str, pd.DataFrame]
        The table `comparison` of each study.
    manifest : Mapping[str, Any]
        What is needed to repeat it.
    statements : pd.DataFrame
        Results that were printed without a number, each with its probability; in no score that needs a number.
    remarks : Mapping[str, tuple[str, ...]]
        Study -> what to bear in mind of how it is written down: blinding, doses that were not reported.
    """

    rows: pd.DataFrame
    references: pd.DataFrame
    totals: pd.DataFrame
    net: pd.DataFrame
    skill: pd.DataFrame
    comparisons: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    statements: pd.DataFrame = field(default_factory=pd.DataFrame)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def validate(
    cases: Sequence[Case],
    *,
    seed: int = 1,
    draws: int = DRAWS,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    left_out: Callable[[], Mapping[Key, FloatArray]] | None = None,
    source: Source = "default",
) -> Validation:
    """Predict every published value of some studies and score the predictions.

    Parameters
    ----------
    cases : Sequence[Case]
        From `cases_of`.
    seed : int, default 1
        As in `runs.run_study`.
    draws : int, default DRAWS
        As in `runs.run_study`.
    workers : int or str, default 1
        As in `runs.run_study`.
    work_dir : Path, optional
        As in `runs.run_study`.
    progress : Callable[[int, int], None], optional
        As in `runs.run_study`.
    left_out : Callable[[], Mapping[Key, FloatArray]], optional
        Gives predictive samples by (study, row) of values under parameters calibrated without their study, which then
        take the place of the simulated ones; values without such samples are left out.
    source : Source, default "default"
        Of the parameters.

    Returns
    -------
    Validation
        The values with their scores, totals, references and skill.

    Examples
    --------
    >>> from anagen.validation.cases import cases_of
    >>> validation = validate(cases_of(["olsen-2002-minoxidil"]), draws=5)  # doctest: +SKIP
    """
    source = parameter_source(source)
    simulated = simulate(
        cases, seed=seed, draws=draws, workers=workers, work_dir=work_dir, progress=progress, source=source
    )
    rows = pd.concat([facts(case) for case in cases], ignore_index=True)
    keys = zip(rows["study"], rows["row"], strict=True)
    rows["se_patients"] = [simulated.se_patients.get((str(study), int(row)), float("nan")) for study, row in keys]
    samples = simulated.samples if left_out is None else with_differences(cases, left_out())
    parameters = source.load()
    manifest = {
        "kind": "validation",
        "package": "anagen",
        "version": package_version(),
        "seed": seed,
        "draws": draws,
        "parameters_sha256": parameters.sha256(),
        **source_facts(source, parameters),
        "leave_one_out": left_out is not None,
        "studies": {case.name: case.sha256 for case in cases},
        "study_hash": HASH_VERSION,
    }
    said = simulated.statements if left_out is None else without_probability(simulated.statements)
    return replace(scored(rows, samples, simulated.comparisons, manifest), statements=said, remarks=remarks_of(cases))


def remarks_of(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """What to bear in mind of each study before its predictions are read; studies without a remark are left out.

    Parameters
    ----------
    cases : sequence of Case
        The studies.

    Returns
    -------
    dict
        Name of the study -> sentences without a full stop.
    """
    words = vocabulary()
    told = {
        case.name: (
            *unreported_remarks(case.study.model_dump(mode="json")),
            *strength_remarks(case.study.model_dump(mode="json")),
            *zone_remarks(case.study),
            *blinding_warnings(case.study, words),
        )
        for case in cases
    }
    return {name: sentences for name, sentences in told.items() if sentences}


def without_probability(statements: pd.DataFrame) -> pd.DataFrame:
    """Results without a number where each study is left out: the emulators predict numbers only.

    Parameters
    ----------
    statements : pd.DataFrame
        As simulated with parameters that other values of the same study may have informed.
    """
    numbers = dict.fromkeys(("probability", "probability_error", "low90", "high90", "brier"), math.nan)
    return statements.assign(**numbers, comparable=False, remark=NOT_LEFT_OUT)


def with_differences(cases: Sequence[Case], samples: Mapping[Key, FloatArray]) -> dict[Key, FloatArray]:
    """Samples with those of contrasts whose two arms have samples, draw by draw.

    Parameters
    ----------
    cases : Sequence[Case]
        The studies.
    samples : Mapping[Key, FloatArray]
        Random draws by (study, row), in which the same place is the same draw for all values of a study, so that the
        offset that its arms share cancels.
    """
    whole = dict(samples)
    for case in cases:
        rows = {(case.name, place): row for place, row in of_its_zone(case)}
        arms = {(row.arm, row.outcome): samples[key] for key, row in rows.items() if row.arm and key in samples}
        for key, row in rows.items():
            if row.is_contrast and key not in samples:
                first, second = (arms.get((arm, row.outcome)) for arm in row.arms)
                if first is not None and second is not None:
                    whole[key] = first - second
    return whole


def scored(
    rows: pd.DataFrame,
    samples: Mapping[Key, FloatArray],
    comparisons: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
) -> Validation:
    """Everything that follows from rows of facts and their predictive samples.

    Parameters
    ----------
    rows : pd.DataFrame
        `cases.facts` with a column se_patients.
    samples : Mapping[Key, FloatArray]
        By (study, row).
    comparisons : Mapping[str, pd.DataFrame]
        Study -> its table of predicted against published values.
    manifest : Mapping[str, Any]
        What was run.
    """
    table = score_samples(rows, samples)
    references = forecasts(table)
    return Validation(
        rows=table,
        references=references,
        totals=totals(table),
        net=net_change(table),
        skill=skill(table, references),
        comparisons=comparisons,
        manifest=manifest,
    )


def skill(rows: pd.DataFrame, references: pd.DataFrame) -> pd.DataFrame:
    """Model and references on the same values: those, as published and counted, that all of them predict.

    Returns
    -------
    pd.DataFrame
        One row per unit, kind and forecaster with n, coverage and errors; kind "all" is over all kinds.
    """
    kept = counted(rows).set_index(["study", "row"], drop=False)
    predicted = {name: references[references["reference"] == name].set_index(["study", "row"]) for name in REFERENCES}
    shared = kept.index
    for forecast in predicted.values():
        shared = shared.intersection(forecast.index, sort=False)
    kept = kept.loc[shared]
    parts: list[dict[str, Any]] = []
    for _, of_unit in kept.groupby("unit", sort=True):
        kinds = [("all", of_unit), *of_unit.groupby("kind", sort=True)]
        for kind, of_kind in kinds:
            parts.append({"kind": kind, "forecaster": MODEL, **total(of_kind)})
            for name, forecast in predicted.items():
                scores = forecast.loc[of_kind.index, ["predicted", "inside50", "inside90", "crps"]]
                parts.append({"kind": kind, "forecaster": name, **total(of_kind.assign(**scores))})
    return pd.DataFrame(parts, columns=["kind", "forecaster", *total(rows.iloc[:0])])
