"""The commands `anagen run` and `anagen demo`: a virtual trial, or a response curve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    DRAWS,
    ClusterOption,
    DrawsOption,
    JsonOption,
    NoReportOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    SetOption,
    StudyArgument,
    WithoutOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    read_overrides,
    working,
)
from anagen.core.numbers import MOST_PATIENTS, MOST_REPLICATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from anagen.execution import Workers
    from anagen.sweeps import Sweep

PatientsOption = Annotated[
    int | None, typer.Option("--patients", min=2, max=MOST_PATIENTS, help="Patients per arm. [study's numbers]")
]
ReplicatesOption = Annotated[
    int, typer.Option("--replicates", min=1, max=MOST_REPLICATES, help="Trials, each with its own patients.")
]
KeepOption = Annotated[
    Literal["all", "effects"],
    typer.Option("--keep", help="Of trials after the first: all visits, patients and events, or effects alone."),
]
TrialsAtOption = Annotated[
    Literal["central", "draws"],
    typer.Option(
        "--trials-at",
        help="Parameter values of trials: the central ones, or of a draw of its own for each; the share of significant "
        "trials is then the assurance.",
    ),
]


def run(
    study: StudyArgument,
    seed: SeedOption = 1,
    patients: PatientsOption = None,
    replicates: ReplicatesOption = 1,
    draws: DrawsOption = DRAWS,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    no_report: NoReportOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
    keep: KeepOption = "all",
    trials_at: TrialsAtOption = "central",
) -> None:
    """Run a study as a virtual randomised trial and write a result folder; with several values, a response curve."""
    from anagen.study.shipped import find_study

    find_study(study)
    where = chosen_workers(workers, cluster)
    values, silenced = read_overrides(sets, without)
    if any(len(each) > 1 for each in values):
        _refuse_trials(patients, replicates)

        def planned() -> Sweep:
            from anagen.sweeps import study_sweep

            return study_sweep(study, values, silenced)

        run_curve(planned, seed, draws, where, out, overwrite, not no_report, source, as_json)
        return
    with working() as progress:
        from anagen.runs.ahead import PICTURES, import_ahead
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.runs.result import REPORT, TrialResult
        from anagen.runs.result import run as run_trial
        from anagen.study import Study

        if not no_report:
            import_ahead(PICTURES)
        subject = Study.load(study, [*(each[0] for each in values), *silenced])
        parameters = chosen_source(source)

        documents: list[dict[str, object]] = []

        def work(kept: Path) -> TrialResult:
            return run_trial(
                subject,
                seed=seed,
                patients=patients,
                replicates=replicates,
                draws=draws,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
                keep=keep,
                trials_at=trials_at,
            )

        def write(result: TrialResult, folder: Path) -> None:
            progress.stage("writing results" if no_report else "writing report and results")
            # rows of many trials stay in the folder of the work, which is gone once the results are written
            documents.append(result.document())
            result.save(folder, overwrite=overwrite, report=not no_report)

        _, folder = into_folder(subject.study, FolderOptions(out, overwrite), work, write)
    from anagen.cli.summary import print_summary

    document = {**documents[-1], "folder": str(folder), "report": None if no_report else str(folder / REPORT)}
    emit(document, as_json, lambda: print_summary(document))


def demo(
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Run the shipped study of exosomes against saline."""
    from anagen.study.shipped import DEMO

    run(DEMO, out=out, overwrite=overwrite, as_json=as_json, source=source)


def run_curve(
    planned: Callable[[], Sweep],
    seed: int,
    draws: int,
    workers: Workers,
    out: Path | None,
    overwrite: bool,
    report: bool,
    source: str,
    as_json: bool,
) -> None:
    """Run the response curve of a plan, write its folder and print it.

    Parameters
    ----------
    planned : callable
        Makes the plan.
    seed : int
        Options of the command.
    draws : int
        Options of the command.
    workers : Workers
        From `chosen_workers`.
    out : Path | None
        Options of the command.
    overwrite : bool
        Options of the command.
    report : bool
        Options of the command.
    source : str
        Options of the command.
    as_json : bool
        Options of the command.
    """
    with working() as progress:
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.runs.result import REPORT
        from anagen.sweeps.result import CurveResult, run_planned

        plan, parameters = planned(), chosen_source(source)

        def work(kept: Path) -> CurveResult:
            return run_planned(
                plan,
                seed=seed,
                draws=draws,
                workers=workers,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: CurveResult, folder: Path) -> None:
            progress.stage("writing report and results" if report else "writing results")
            result.save(folder, overwrite=overwrite, report=report)

        result, folder = into_folder(plan.name, FolderOptions(out, overwrite), work, write)
    from anagen.cli.summary import print_curve

    document = {**result.document(), "folder": str(folder), "report": str(folder / REPORT) if report else None}
    emit(document, as_json, lambda: print_curve(document))


def _refuse_trials(patients: int | None, replicates: int) -> None:
    """A response curve holds no trials, so that options of trials would be passed over in silence."""
    from anagen.core.errors import InputError, Problem

    message = "belongs to single trials; a response curve shows expected effects of the same reference patients"
    wrong = {"--patients": patients is not None, "--replicates": replicates != 1}
    problems = [Problem(None, None, None, option, message) for option, is_set in wrong.items() if is_set]
    if problems:
        raise InputError(problems)
