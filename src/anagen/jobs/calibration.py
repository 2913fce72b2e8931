"""Calibrates the parameters against published results and writes the folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.jobs.folders import REPORT, claimed, kept
from anagen.jobs.options import RunOptions

if TYPE_CHECKING:
    from anagen.calibration.calibrate import Calibration, Settings
    from anagen.calibration.further import Asked


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
