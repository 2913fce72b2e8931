"""Simulations behind a validation: every study once, its values compared and their predictive samples kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.evidence.comparison import ValuesByDraw, comparison_table, not_compared, predictive_of
from anagen.evidence.events import event_samples
from anagen.evidence.significance import STATEMENT_COLUMNS, predicted_statement, statement_row
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, threads_for
from anagen.parameters import ParameterSource, Source, parameter_source
from anagen.runs.tasks import FIRST_VISITS, Block, simulate_block, tasks_of
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.validation.cases import Case, of_its_zone
from anagen.validation.scores import Key


@dataclass(frozen=True, eq=False)
class Simulated:
    """What was simulated of the studies.

    Attributes
    ----------
    comparisons : Mapping[str, pd.DataFrame]
        The table `comparison` of each study, by name.
    samples : Mapping[Key, FloatArray]
        Predictive samples of each value by (study, row).
    se_patients : Mapping[Key, float]
        Standard error of a trial of the published size by (study, row).
    statements : pd.DataFrame
        One row per result that was printed without a number: study, row, and `significance.STATEMENT_COLUMNS`.
    """

    comparisons: Mapping[str, pd.DataFrame]
    samples: Mapping[Key, FloatArray]
    se_patients: Mapping[Key, float]
    statements: pd.DataFrame


def simulate(
    cases: Sequence[Case],
    *,
    seed: int,
    draws: int,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> Simulated:
    """Simulate one trial and the expected courses of every parameter draw of each study, all in one run of tasks.

    Parameters
    ----------
    cases : Sequence[Case]
        The studies.
    seed : int
        Of every random number.
    draws : int
        Parameter draws beside the central values.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished tasks, so that a stopped run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameters.parameter_source`.

    Returns
    -------
    Simulated
        Comparisons with published values, predictive samples and errors.
    """
    source = parameter_source(source)
    threads = threads_for(workers)
    planned = [_tasks(case, source, seed=seed, draws=draws, threads=threads) for case in cases]
    store = None if work_dir is None else ChunkStore(work_dir)
    tasks = [task for case_tasks in planned for task in case_tasks]
    outputs = iter(run_tasks(tasks, simulate_block, workers=workers, store=store, progress=progress))
    comparisons: dict[str, pd.DataFrame] = {}
    samples: dict[Key, FloatArray] = {}
    errors: dict[Key, float] = {}
    statements: list[dict[str, object]] = []
    for case, case_tasks in zip(cases, planned, strict=True):
        tables = gather([next(outputs) for _ in case_tasks])
        parameters = study_parameters(case.study, source.load())
        values = {draw: parameters.draw(seed, draw) for draw in range(draws + 1)}
        plan = protocol(case.study)
        comparisons[case.name] = comparison_table(
            tables[FIRST_VISITS],
            tables["expected"],
            plan,
            values_by_draw=values,
            expected_events=tables["expected_events"],
        )
        for place, row in of_its_zone(case):
            if not row.has_number:
                found = predicted_statement(row, tables[FIRST_VISITS], tables["expected"], plan, values)
                statements.append({"study": case.name, "row": place, **statement_row(row, plan, found)})
                continue
            predicted = _samples(row, tables, plan, values)
            if predicted is not None:
                samples[case.name, place], errors[case.name, place] = predicted
    said = pd.DataFrame(statements, columns=["study", "row", *STATEMENT_COLUMNS])
    return Simulated(comparisons, samples, errors, said)


def _tasks(case: Case, source: ParameterSource, *, seed: int, draws: int, threads: int) -> list[Task[Block]]:
    parameters = study_parameters(case.study, source.load())
    tasks = tasks_of(case.study, parameters, source=source, seed=seed, replicates=1, draws=draws, threads=threads)
    # nobody is compared with his own twin here, so twins need not be simulated
    return [Task(f"{case.name}: {task.name}", task.key, replace(task.payload, twins=False)) for task in tasks]


def _samples(row: Observed, tables: Tables, plan: Protocol, values: ValuesByDraw) -> tuple[FloatArray, float] | None:
    if row.is_event:
        shares = event_samples(row, tables["expected_events"], plan)
        # the error of its patients is part of the binomial counts
        return None if shares is None else (shares, float(shares.std()))
    if not_compared(row):
        return None
    predicted = predictive_of(row, tables[FIRST_VISITS], tables["expected"], plan, values)
    if predicted is None or not math.isfinite(predicted.se_patients):
        return None
    return predicted.samples, predicted.se_patients
