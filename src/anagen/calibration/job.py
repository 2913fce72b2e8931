"""Calibrates the parameters against published results and writes the folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.runs.folders import REPORT, claimed, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.calibration.calibrate import Calibration, Settings
    from anagen.calibration.further import Asked
    from anagen.core.arrays import FloatArray


@dataclass(frozen=True)
class FinishedCalibration:
    """What a calibration left behind."""

    found: Calibration
    facts: dict[str, Any]
    folder: Path
    report: Path | None


def calibration_to_folder(
    settings: Settings,
    options: RunOptions,
    *,
    asked: Asked | None = None,
    earlier: Path | None = None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedCalibration:
    """Calibrates the parameters and writes the folder; goes on where a stopped call left off.

    Args:
        settings: what is calibrated and how. options: workers, out, overwrite and report; no other has a meaning here.
        asked: what is asked of it further. earlier: folder of a calibration whose simulations are used
            again. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written, or the settings or the earlier folder cannot be used.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.calibration.calibrate import calibrate
    from anagen.calibration.folder import manifest_of, read_simulated, write_calibration
    from anagen.calibration.further import Asked, ask
    from anagen.results.folder import write_folder

    simulated = None
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        settings = replace(settings, seed=before.seed, points=before.points, studies=before.studies)
    facts: dict[str, Any] = {}
    with claimed("calibration", options) as (folder, store):
        with kept(store):
            found = calibrate(
                settings,
                workers=options.workers,
                work_dir=store.folder,
                simulated=simulated,
                progress=progress,
                stage=stage,
            )
            further = ask(
                found,
                asked or Asked(),
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                stage=stage,
            )
            stage("writing")
            write_folder(
                folder,
                lambda partial: facts.update(write_calibration(found, further, partial, report=options.report)),
                manifest_of(found),
                overwrite=options.overwrite,
            )
        store.clear()
    return FinishedCalibration(found, facts, folder, folder / REPORT if options.report else None)


def left_out_samples(
    options: RunOptions,
    work_dir: Path,
    earlier: Path | None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> Mapping[tuple[str, int], FloatArray]:
    """Predictive draws of every value that informs parameters, calibrated without its study.

    Args:
        options: seed and workers. work_dir: keeps finished tasks. earlier: folder of a calibration whose simulations,
        and predictions of studies left out if it made them, are used again. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the earlier folder cannot be used or nothing can be calibrated.
    """
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
