"""The calibration of parameters against published results, in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.calibration.calibrate import calibrate as calibrate_parameters
from anagen.calibration.calibrate import confirm_simulated
from anagen.calibration.folder import manifest_of, read_left_out, read_simulated, write_calibration
from anagen.calibration.further import Further, FurtherOptions, ask
from anagen.calibration.leave_one_out import leave_one_out
from anagen.calibration.records import Calibration, Settings
from anagen.calibration.tables import diagnostics, parameter_rows, target_table
from anagen.core.arrays import FloatArray
from anagen.core.digits import significant
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.execution import Workers, workers_of
from anagen.results.folder import write_folder

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False, eq=False)
class CalibrationResult(Result):
    """A posterior of the uncertain parameters, and what is known of it.

    Attributes
    ----------
    calibration : Calibration
        Targets, draws, what was simulated.
    further : Further
        Studies left out, the sampler's recovery, the worth of a new trial, where they were asked for.
    """

    calibration: Calibration
    further: Further

    _what: ClassVar[str] = "Calibration"
    _then: ClassVar[tuple[str, ...]] = (".table", ".diagnostics", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per parameter: prior, posterior, contraction, verdict."""
        return parameter_rows(self.calibration.joint, self.calibration.chains)

    @property
    def diagnostics(self) -> dict[str, Any]:
        """How many values of how many studies inform how many parameters, and how the sampler did."""
        return diagnostics(self.calibration, target_table(self.calibration), self.table)

    def headline(self) -> str:
        """How many parameters the published values inform.

        Returns
        -------
        str
            A sentence.
        """
        facts = self.diagnostics
        return (
            f"{facts['targets']} published values of {facts['studies']} studies inform "
            f"{facts['verdicts']['data inform']} of {facts['parameters']} parameters, "
            f"{facts['verdicts']['some']} somewhat"
        )

    def _shown(self) -> Shown:
        from anagen.reports.numbers import interval

        rows = tuple(
            (
                str(row["name"]),
                *(
                    f"{significant(row[f'{of}_median'])} "
                    f"({interval(row[f'{of}_low90'], row[f'{of}_high90'], None, signed=False)})"
                    for of in ("prior", "posterior")
                ),
                str(row["unit"]),
                f"{row['contraction']:.2f}",
                str(row["verdict"]),
            )
            for row in records(self.table)
        )
        header = ("parameter", "prior (90 %)", "posterior (90 %)", "unit", "contraction", "verdict")
        return Shown(self._what, "", self.headline(), header, rows, "The most informed first.", self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen calibrate --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return {"diagnostics": plain(self.diagnostics), "parameters": records(self.table)}

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False, report: bool = True) -> Path:
        """Write a folder with posterior, tables, simulations and, where asked, page and pictures.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.
        report : bool
            Whether to write the page and the pictures too.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written.
        """

        def fill(folder: Path) -> None:
            write_calibration(self.calibration, self.further, folder, report=report)

        return write_folder(Path(path), fill, manifest_of(self.calibration), overwrite=overwrite)


def calibrate(
    settings: Settings | None = None,
    *,
    further: FurtherOptions | None = None,
    earlier: Path | None = None,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> CalibrationResult:
    """Calibrate the parameters against the published results of the shipped studies; 20 to 30 minutes on 2 cores.

    Parameters
    ----------
    settings : Settings, optional
        What is calibrated and how.
    further : FurtherOptions, optional
        What is asked besides.
    earlier : Path, optional
        Folder of a calibration whose simulations are used again.
    workers : int or str
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Folder that keeps finished parts.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    CalibrationResult
        Posterior, tables and page.

    Raises
    ------
    InputError
        Where the settings or the earlier folder cannot be used.
    """
    chosen, simulated = settings or Settings(), None
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        chosen = replace(chosen, seed=before.seed, points=before.points, studies=before.studies)
    with progress or Progress() as bar:
        work: dict[str, Any] = {
            "workers": workers_of(workers),
            "work_dir": work_dir,
            "progress": bar.advance,
            "stage": bar.stage,
        }
        calibration = calibrate_parameters(chosen, simulated=simulated, **work)
        return CalibrationResult(calibration, ask(calibration, further or FurtherOptions(), **work))


def left_out_samples(
    seed: int, workers: Workers, work_dir: Path | None, earlier: Path | None, progress: Progress
) -> Mapping[tuple[str, int], FloatArray]:
    """Predictive draws of every value that informs parameters, calibrated without its study.

    Parameters
    ----------
    seed : int
        Seed of the calibration, where there is no earlier one.
    workers : int or str
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path or None
        Folder that keeps finished parts.
    earlier : Path or None
        Folder of a calibration whose simulations, and predictions of studies left out if it made them, are used again.
    progress : Progress
        Shows what is done.

    Returns
    -------
    mapping
        Draws by (study, row).

    Raises
    ------
    InputError
        Where the earlier folder cannot be used or nothing can be calibrated.
    """
    settings, simulated = Settings(seed=seed), None
    work: dict[str, Any] = {"workers": workers, "work_dir": work_dir, "progress": progress.advance}
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        known = read_left_out(earlier)
        if known is not None:
            progress.stage("simulating the first point of the calibration again")
            confirm_simulated(simulated, before, **work)
            return known
        settings = replace(settings, seed=before.seed, points=before.points, studies=before.studies)
    progress.stage("calibrating")
    calibration = calibrate_parameters(settings, simulated=simulated, stage=progress.stage, **work)
    progress.stage("calibrating without each study")
    left = leave_one_out(calibration, **work)
    keys = zip(left.table["study"], left.table["row"], strict=True)
    return {(str(study), int(row)): draws for (study, row), draws in zip(keys, left.draws, strict=True)}
