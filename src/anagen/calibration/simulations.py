"""Simulations behind a calibration: what a study's values are at given points, task by task."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from anagen.analysis.expected import expected_table
from anagen.calibration.targets import SPREAD_PATIENTS, SPREAD_ROWS, Source
from anagen.core.arrays import FloatArray
from anagen.core.errors import AnagenError, InputError
from anagen.core.provenance import sha256_of_bytes
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals
from anagen.evidence.between import kind_of
from anagen.evidence.comparison import expected_of, outcomes, patient_error
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key
from anagen.parameters import ParameterSet, load_parameters
from anagen.signalling.network.priors import is_of_edge
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of
from anagen.trials.tables import simulate_trial

POINTS_PER_TASK = 20
SURVEY_PATIENTS = 60
"""Patients per arm of the trial from which the spread between patients is taken, where none was printed."""
UNTREATED_PATIENTS = 1024
"""Reference patients of a study that treats nobody: what is compared there is a level, not a difference of twins, so
that the luck of few patients would stay in it (11 hairs/cm2 with 128 of them)."""
ONE_IN: Mapping[str, int] = {"aa": 3}
"""Conditions whose studies are simulated at one point in so many. In patchy loss every candidate needs a whole scalp of
plots, which takes twenty times as long as a target area."""
UNREAD_DRAW = 1
"""Draw at which parameters that a study is said not to read are moved, to see that nothing moves with them."""
TOLERANCE = 1e-9
Progress = Callable[[int, int], None]


class HiddenParameter(AnagenError):
    """A study reads a parameter that is not among those it is said to read."""


@dataclass(frozen=True, eq=False)
class Points:
    """Work of one task: a study at some points.

    Attributes
    ----------
    names : tuple[str, ...]
        Parameters that are moved.
    z : FloatArray
        Their deviates [point, parameter].
    start : int
        Number of the first point.
    seed : int
        Of the patients.
    """

    source: Source
    names: tuple[str, ...]
    z: FloatArray
    start: int
    seed: int


def prior_points(names: Sequence[str], points: int, seed: int) -> FloatArray:
    """Standard normal deviates [point, parameter] of parameter draws 1 to `points`, as `ParameterSet.draw` has them."""
    items = [address_of(name) for name in names]
    drawn = [
        normals(seed, Purpose.PARAMETER, patient=TRIAL_LEVEL, item=items, index=index) for index in range(1, points + 1)
    ]
    return np.array(drawn, dtype=np.float64).reshape(points, len(names))


def values_at(parameters: ParameterSet, names: Sequence[str], z: FloatArray) -> dict[str, float]:
    """Central values of all parameters, with those of `names` at their deviates z [parameter]."""
    values = parameters.draw(0, 0)
    return values | {name: parameters[name].quantile(float(at)) for name, at in zip(names, z, strict=True)}


def simulate_points(
    sources: Sequence[Source],
    names: Sequence[str],
    z: FloatArray,
    *,
    seed: int,
    first: int = 1,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[tuple[str, int], FloatArray]:
    """Expected value of every target at every point.

    Parameters
    ----------
    sources : Sequence[Source]
        The studies.
    names : Sequence[str]
        Parameters that are moved; a study is moved by those it reads, others stay at their central values.
    z : FloatArray
        Deviates [point, parameter].
    seed : int
        Of the reference patients.
    first : int, default 1
        Number of the first point.
    workers : int or str, default 1
        As in `runs.run_study`.
    work_dir : Path, optional
        As in `runs.run_study`.
    progress : Progress, optional
        As in `runs.run_study`.

    Returns
    -------
    dict[tuple[str, int], FloatArray]
        (study, row) -> values [point]; NaN where nobody could be recruited at a point, and where the study is not
        simulated (see `points_simulated`).
    """
    tasks: list[Task[Points]] = []
    for source in sources:
        deviates = z[: points_simulated(source, len(z)), [names.index(name) for name in source.reads]]
        tasks += [
            _task(Points(source, source.reads, deviates[start : start + POINTS_PER_TASK], first + start, seed))
            for start in range(0, len(deviates), POINTS_PER_TASK)
        ]
    tables = _run(tasks, points_block, workers, work_dir, progress)
    expected: dict[tuple[str, int], FloatArray] = {}
    for key, part in tables["expected"].groupby(["study", "row"], observed=True):
        study, row = cast("tuple[str, int]", key)
        values = np.full(len(z), np.nan)
        values[: len(part)] = part.sort_values("point")["value"].to_numpy(dtype=np.float64)
        expected[study, int(row)] = values
    return expected


def points_simulated(source: Source, points: int) -> int:
    """At how many of the points of a round, from the first on, a study is simulated."""
    return math.ceil(points / ONE_IN.get(source.study.population.condition, 1))


def survey(
    sources: Sequence[Source],
    *,
    seed: int,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """What simulated patients say of every target at central parameter values.

    Returns
    -------
    dict[str, pd.DataFrame]
        Study -> table with columns row, central, level (of the endpoint at baseline) and error (standard error of a
        trial of the published size); the last two are missing for standard deviations.

    Raises
    ------
    HiddenParameter
        Where a study's values depend on a parameter that it is said not to read.
    """
    tasks = [_task(Points(source, (), np.zeros((1, 0)), 0, seed)) for source in sources]
    tables = _run(tasks, survey_block, workers, work_dir, progress)
    return {
        str(study): part.drop(columns="study").reset_index(drop=True)
        for study, part in tables["survey"].groupby("study", observed=True)
    }


def points_block(task: Task[Points]) -> Tables:
    """Table expected of one task: study, point, row, value."""
    block = task.payload
    parameters = study_parameters(block.source.study, load_parameters("prior"))
    rows = [
        (block.source.name, block.start + i, row, value)
        for i, at in enumerate(block.z)
        for row, value in summaries(block.source, values_at(parameters, block.names, at), seed=block.seed).items()
    ]
    return {"expected": pd.DataFrame(rows, columns=["study", "point", "row", "value"])}


def survey_block(task: Task[Points]) -> Tables:
    """Table survey of one study: row, central, level, error."""
    block = task.payload
    source, seed = block.source, block.seed
    parameters = study_parameters(source.study, load_parameters("prior"))
    central, drawn = parameters.draw(seed, 0), parameters.draw(seed, UNREAD_DRAW)
    drawn |= {name: central[name] for name in drawn if is_of_edge(name)}
    read = central | {name: drawn[name] for name in source.reads}
    _same(source, expected_values(source, read, seed=seed), expected_values(source, drawn, seed=seed))
    scene = scene_of(source.study, central, seed=seed)
    table = expected_table(expected_readings(scene, n_patients=patients_of(source)), scene.protocol, draw=0)
    larger = scene_of(source.study.with_patients(SURVEY_PATIENTS), central, seed=seed)
    visits = simulate_trial(larger, replicate=0).visits
    rows: list[dict[str, float]] = []
    for number in source.rows:
        row = source.study.observed[number]
        at_start = row.model_copy(
            update={
                "week": float(scene.protocol.weeks[0]),
                "measure": "value",
                "contrast": None,
                "arm": row.arms[0],
            }
        )
        level, value = expected_of(at_start, table), expected_of(row, table)
        assert level is not None
        printed = sum(scene.protocol.sizes[scene.protocol.arms.index(arm)] for arm in row.arms)
        sized = row.model_copy(
            update={"n": row.n or (scene.protocol.sizes[0] if scene.protocol.same_patients else printed)}
        )
        rows.append(
            {
                "row": number,
                "central": np.nan if value is None else float(value.iloc[0]),
                "level": float(level.iloc[0]),
                "error": patient_error(sized, visits, larger.protocol),
            }
        )
    rows += [
        {"row": row, "central": value, "level": np.nan, "error": np.nan}
        for row, value in spread_values(source, central, seed=seed).items()
    ]
    return {"survey": pd.DataFrame(rows).assign(study=source.name)}


def summaries(source: Source, values: Mapping[str, float], *, seed: int) -> dict[int, float]:
    """Expected value of each row and standard deviation of those whose own was printed, under parameter values."""
    return expected_values(source, values, seed=seed) | spread_values(source, values, seed=seed)


def patients_of(source: Source) -> int | None:
    """Reference patients behind a study's expected values; None for the usual number."""
    treated = any(kind_of(given) != "none" for given in protocol(source.study).prescriptions)
    return None if treated else UNTREATED_PATIENTS


def spread_values(source: Source, values: Mapping[str, float], *, seed: int) -> dict[int, float]:
    """Standard deviation between the patients of a simulated trial, as measured: SPREAD_ROWS + row -> value.

    The patients and their errors are the same under all values, so that it is a smooth function of them. Those who
    left, or whom nobody could recruit, are missing.
    """
    if not source.spreads:
        return {}
    try:
        scene = scene_of(source.study.with_patients(SPREAD_PATIENTS), values, seed=seed)
        visits = simulate_trial(scene, replicate=0).visits
    except InputError:
        return {SPREAD_ROWS + row: float("nan") for row in source.spreads}
    spreads: dict[int, float] = {}
    for row in source.spreads:
        observed = source.study.observed[row]
        change = outcomes(observed.arms[0], observed, visits)
        spreads[SPREAD_ROWS + row] = float(np.nanstd(change, ddof=1))
    return spreads


def expected_values(source: Source, values: Mapping[str, float], *, seed: int) -> dict[int, float]:
    """Expected value of each row under parameter values; NaN where nobody can be recruited under them."""
    try:
        scene = scene_of(source.study, values, seed=seed)
        table = expected_table(expected_readings(scene, n_patients=patients_of(source)), scene.protocol, draw=0)
    except InputError:
        # far out in the priors a published baseline and the inclusion criteria can exclude each other
        return dict.fromkeys(source.rows, float("nan"))
    expected = {row: expected_of(source.study.observed[row], table) for row in source.rows}
    return {row: float("nan") if value is None else float(value.iloc[0]) for row, value in expected.items()}


def _same(source: Source, read: Mapping[int, float], drawn: Mapping[int, float]) -> None:
    for row in source.rows:
        if not np.isclose(read[row], drawn[row], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True):
            raise HiddenParameter(
                f"{source.name}: observed[{row}] is {read[row]:g} with the parameters it is said to read and "
                f"{drawn[row]:g} with all; the table of parameters that studies read is not whole"
            )


def _task(block: Points) -> Task[Points]:
    key = task_key(
        study_sha256=block.source.sha256,
        parameters_sha256=load_parameters("prior").sha256(),
        seed=block.seed,
        replicates=(0, 0),
        draws=(block.start, block.start + len(block.z) - 1),
        settings={
            "study": block.source.name,
            "names": sha256_of_bytes("\n".join(block.names).encode()),
            "z": sha256_of_bytes(np.ascontiguousarray(block.z).tobytes()),
            "rows": str(block.source.rows),
            **({"spreads": str(block.source.spreads)} if block.source.spreads else {}),
        },
    )
    last = block.start + len(block.z) - 1
    return Task(f"{block.source.name}, points {block.start} to {last}", key, block)


def _run(
    tasks: Sequence[Task[Points]],
    function: Callable[[Task[Points]], Tables],
    workers: Workers,
    work_dir: Path | None,
    progress: Progress | None,
) -> dict[str, pd.DataFrame]:
    store = None if work_dir is None else ChunkStore(work_dir)
    return gather(run_tasks(tasks, function, workers=workers, store=store, progress=progress))


def read_names(sources: Iterable[Source]) -> tuple[str, ...]:
    """Every parameter that a study reads, in order."""
    return tuple(sorted(set().union(*(source.reads for source in sources))))
