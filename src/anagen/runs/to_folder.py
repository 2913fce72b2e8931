"""Runs a study and writes its result folder with tables, report and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from anagen.results import ResultContents, write_results
from anagen.runs.ahead import import_ahead
from anagen.runs.folders import REPORT, claimed, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.study import Study


@dataclass(frozen=True)
class FinishedRun:
    """What a run left behind."""

    contents: ResultContents
    folder: Path
    report: Path | None


def run_to_folder(
    loaded: Study,
    options: RunOptions,
    *,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedRun:
    """Runs a study and writes its result folder.

    Finished parts are kept in `<folder>.work` until the folder is written, so that the same call goes on where a
    killed or interrupted one stopped. Where nothing was finished, nothing is left.

    Args:
        loaded: the study.
        options: how it is run.
        progress: called with (done, total) as parts finish.
        stage: called with what is being done now.

    Raises:
        InputError: where the result folder may not be written or the study cannot be simulated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.runs.study import run_study

    source = parameter_source(options.source)
    Thread(target=import_ahead, args=(options.report,), daemon=True).start()
    with claimed(loaded.study, options) as (folder, store):
        with kept(store):
            stage("simulating")
            contents = run_study(
                loaded,
                seed=options.seed,
                patients=options.patients,
                replicates=options.replicates,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing report and results" if options.report else "writing results")
            write_results(contents, folder, overwrite=options.overwrite, add=_add_report if options.report else None)
        store.clear()
    report = folder / REPORT
    return FinishedRun(contents.conformed(), folder, report if options.report else None)


def _add_report(contents: ResultContents, folder: Path) -> None:
    from anagen.reports.report import write_report

    write_report(contents, folder)
