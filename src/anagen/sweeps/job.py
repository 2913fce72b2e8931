"""Runs a response curve and writes its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.errors import InputError, Problem
from anagen.results import write_curve
from anagen.runs.folders import REPORT, claimed, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.analysis.response import ResponseCurve
    from anagen.sweeps import Sweep


@dataclass(frozen=True)
class FinishedCurve:
    """What a response curve left behind."""

    curve: ResponseCurve
    folder: Path
    report: Path | None


def curve_to_folder(
    sweep: Sweep, options: RunOptions, *, progress: Callable[[int, int], None], stage: Callable[[str], None]
) -> FinishedCurve:
    """Runs a response curve and writes its folder; goes on where a stopped call left off, as `run_to_folder` does.

    Args:
        sweep: what is varied. options: how it is run; patients and replicates have no meaning for expected effects.
        progress: called with (done, total) as parts finish. stage: called with what is being done now.

    Raises:
        InputError: where patients or replicates are given, the folder may not be written or a study not be simulated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.sweeps import run_sweep

    source = parameter_source(options.source)
    _refuse_trials(options)
    with claimed(sweep.name, options) as (folder, store):
        with kept(store):
            stage("simulating")
            curve = run_sweep(
                sweep,
                seed=options.seed,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing report and results" if options.report else "writing results")
            write_curve(
                curve.table,
                curve.draws,
                curve.studies,
                curve.manifest,
                folder,
                overwrite=options.overwrite,
                add=(lambda partial: _add_curve_report(curve, partial)) if options.report else None,
            )
        store.clear()
    return FinishedCurve(curve, folder, folder / REPORT if options.report else None)


def _refuse_trials(options: RunOptions) -> None:
    """A response curve holds no trials, so that options of trials would be passed over in silence."""
    message = "belongs to single trials; a response curve shows expected effects of the same reference patients"
    given = {"--patients": options.patients is not None, "--replicates": options.replicates != 1}
    problems = [Problem(None, None, None, option, message) for option, wrong in given.items() if wrong]
    if problems:
        raise InputError(problems)


def _add_curve_report(curve: ResponseCurve, folder: Path) -> None:
    from anagen.reports.curve import write_curve_report

    write_curve_report(curve, folder)
