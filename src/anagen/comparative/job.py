"""Compares treatments in the same patients and writes the folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.runs.folders import REPORT, claimed, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.comparative.design import Comparison
    from anagen.comparative.folder import ComparisonResult

COMPARED_PATIENTS = 200
"""Reference patients of a comparison where none are asked for."""


@dataclass(frozen=True)
class FinishedComparison:
    """What a comparison left behind."""

    result: ComparisonResult
    folder: Path
    report: Path


def comparison_to_folder(
    comparison: Comparison,
    options: RunOptions,
    *,
    threshold: float,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedComparison:
    """Compares treatments in the same patients and writes the folder; goes on where a stopped call left off.

    Args:
        comparison: treatments. options: how it is run; replicates have no meaning for expected effects.
        threshold: least own gain of a responder. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written or the patients cannot be recruited.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.comparative.folder import result_of, write_comparison
    from anagen.comparative.ranking import compare
    from anagen.parameters import parameter_source
    from anagen.results.folder import write_folder

    source = parameter_source(options.source)
    patients = options.patients or COMPARED_PATIENTS
    with claimed("comparison", options) as (folder, store):
        with kept(store):
            stage("simulating")
            tables = compare(
                comparison,
                seed=options.seed,
                patients=patients,
                draws=options.draws,
                threshold=threshold,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing")
            result = result_of(
                comparison,
                tables,
                seed=options.seed,
                patients=patients,
                draws=options.draws,
                threshold=threshold,
                source=source,
            )
            write_folder(
                folder, lambda partial: write_comparison(result, partial), result.manifest, overwrite=options.overwrite
            )
        store.clear()
    return FinishedComparison(result, folder, folder / REPORT)
