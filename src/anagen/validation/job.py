"""Validates predictions against published results and writes the folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.runs.folders import claimed, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.core.arrays import FloatArray
    from anagen.validation.cases import Case
    from anagen.validation.validate import Validation


@dataclass(frozen=True)
class FinishedValidation:
    """What a validation left behind."""

    result: Validation
    folder: Path


def validation_to_folder(
    cases: Sequence[Case],
    options: RunOptions,
    *,
    left_out: Callable[[Path], Mapping[tuple[str, int], FloatArray]] | None = None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedValidation:
    """Validates with some studies and writes the folder; goes on where a stopped call left off.

    Args:
        cases: studies with published results. options: how it is run; patients and replicates have no meaning here.
        left_out: gives, from the folder where finished work is kept, the predictions of every study from parameters
        calibrated on the others; None where studies are predicted with the parameters of `options`.
        progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written, a study cannot be simulated, or nothing can be calibrated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.results.folder import write_folder
    from anagen.validation.folder import write_validation
    from anagen.validation.validate import validate

    source = parameter_source(options.source)
    with claimed("validation", options) as (folder, store):
        with kept(store):
            stage("simulating")
            result = validate(
                cases,
                seed=options.seed,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                left_out=None if left_out is None else lambda: left_out(store.folder),
                source=source,
            )
            stage("writing tables and pictures")
            write_folder(
                folder, lambda partial: write_validation(result, partial), result.manifest, overwrite=options.overwrite
            )
        store.clear()
    return FinishedValidation(result, folder)
