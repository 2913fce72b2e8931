"""Validates predictions against published results and writes the folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.jobs.folders import claimed, kept
from anagen.jobs.options import RunOptions

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
    leave_one_out: bool = False,
    earlier: Path | None = None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedValidation:
    """Validates with some studies and writes the folder; goes on where a stopped call left off.

    Args:
        cases: studies with published results. options: how it is run; patients and replicates have no meaning here.
        leave_one_out: whether each study is predicted with parameters calibrated on the other shipped studies; earlier:
        folder of a calibration whose simulations, and predictions of studies left out if it made them, are used again.
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

            def left_out() -> Mapping[tuple[str, int], FloatArray]:
                return _left_out_samples(options, store.folder, earlier, progress, stage)

            stage("simulating")
            result = validate(
                cases,
                seed=options.seed,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                left_out=left_out if leave_one_out else None,
                source=source,
            )
            stage("writing tables and pictures")
            write_folder(
                folder, lambda partial: write_validation(result, partial), result.manifest, overwrite=options.overwrite
            )
        store.clear()
    return FinishedValidation(result, folder)


def _left_out_samples(
    options: RunOptions,
    work_dir: Path,
    earlier: Path | None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> Mapping[tuple[str, int], FloatArray]:
    """Predictive draws of every value that informs parameters, calibrated without its study."""
    from anagen.calibration.calibrate import Settings, calibrate, confirm_simulated
    from anagen.calibration.folder import read_left_out, read_simulated
    from anagen.calibration.leave_one_out import leave_one_out

    settings, simulated = Settings(seed=options.seed), None
    work: dict[str, Any] = {"workers": options.workers, "work_dir": work_dir, "progress": progress}
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        known = read_left_out(earlier)
        if known is not None:
            stage("simulating the first point of the calibration again")
            confirm_simulated(simulated, before, **work)
            return known
        settings = replace(settings, seed=before.seed, points=before.points, studies=before.studies)
    stage("calibrating")
    found = calibrate(settings, simulated=simulated, stage=stage, **work)
    stage("calibrating without each study")
    left = leave_one_out(found, **work)
    keys = zip(left.table["study"], left.table["row"], strict=True)
    return {(str(study), int(row)): draws for (study, row), draws in zip(keys, left.draws, strict=True)}
