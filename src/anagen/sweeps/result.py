"""A response curve in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.analysis.response import ResponseCurve
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, seed_of, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source
from anagen.results import write_curve
from anagen.study import StudyLike
from anagen.study.overrides import override_of
from anagen.sweeps.plan import Sweep, study_sweep
from anagen.sweeps.running import run_sweep

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PICTURE = "response_curve"


@dataclass(frozen=True, repr=False, eq=False)
class CurveResult(Result):
    """Expected effects of a study at several settings.

    Attributes
    ----------
    curve : ResponseCurve
        Tables, axes, the study of every setting, and the manifest.
    """

    curve: ResponseCurve

    _what: ClassVar[str] = "Response curve"
    _then: ClassVar[tuple[str, ...]] = (".plot()", ".table", ".draws", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per setting and contrast: expected effect with its bands over parameter draws."""
        return self.curve.table

    @property
    def draws(self) -> pd.DataFrame:
        """One row per setting, parameter draw and contrast."""
        return self.curve.draws

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run, with which seed, versions and hashes."""
        return dict(self.curve.manifest)

    def headline(self) -> str:
        """The range of the curve in a sentence.

        Returns
        -------
        str
            Least and greatest expected effect with their settings.
        """
        from anagen.reports.curve import headline
        from anagen.reports.wording import endpoint_names

        endpoint = str(self.curve.primary["endpoint"])
        return headline(self.curve, endpoint_names([endpoint])[endpoint])

    def _shown(self) -> Shown:
        from anagen.reports.curve import curve_table
        from anagen.reports.wording import endpoint_names

        endpoint = str(self.curve.primary["endpoint"])
        table = curve_table(self.curve, endpoint_names([endpoint])[endpoint])
        title, rows = self.curve.title, table.texts()
        return Shown(self._what, title, self.headline(), table.columns, rows, table.note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen run --set PATH=A,B --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        from anagen.reports.curve import HOW_TO_READ

        curve, manifest = self.curve, self.curve.manifest
        return plain(
            {
                "study": manifest["study"],
                "title": curve.title,
                "seed": manifest["seed"],
                "draws": manifest["draws"],
                "parameters": manifest["parameter_source"],
                "posterior": manifest.get("posterior"),
                "primary": manifest["primary"],
                "axes": manifest["axes"],
                "how_to_read": " ".join(HOW_TO_READ),
                "notes": curve.notes,
                "curve": records(curve.table),
            }
        )

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            One picture.
        """
        return (PICTURE,)

    def _figure(self, name: str) -> Figure:
        from anagen.reports.figures.response_curve import draw_response_curve
        from anagen.reports.style import styled
        from anagen.reports.wording import endpoint_names

        endpoint = str(self.curve.primary["endpoint"])
        with styled():
            return draw_response_curve(self.curve, endpoint_names([endpoint])[endpoint])

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False, report: bool = True) -> Path:
        """Write a folder with tables and, where asked, page and picture, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.
        report : bool
            Whether to write the page and the picture too.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written.
        """

        def add(folder: Path) -> None:
            from anagen.reports.curve import write_curve_report

            write_curve_report(self.curve, folder)

        curve = self.curve
        return write_curve(
            curve.table,
            curve.draws,
            curve.studies,
            curve.manifest,
            Path(path),
            overwrite=overwrite,
            add=add if report else None,
        )


def sweep(
    study: StudyLike,
    path: str | Mapping[str, Sequence[object]],
    values: Sequence[object] = (),
    *,
    seed: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> CurveResult:
    """Expected effects of a study over several values of a field, or of several fields.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    path : str or mapping
        The field, as in `Study.set`; or fields with their values, all combinations of which are run.
    values : sequence
        Values of the field, where one is named.
    seed : int
        Seed of every random number, 0 to 2**32 - 1.
    draws : int
        Parameter draws besides the central values.
    workers : int or str
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    work_dir : Path, optional
        Folder that keeps finished parts.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    CurveResult
        Table, picture and page.

    Raises
    ------
    InputError
        Where there is no such field, a value is wrong, or there are too many settings.

    Examples
    --------
    >>> curve = sweep("exosome-vs-saline", "arms.exosome.dose", ["1e9 particles", "1e10 particles"], draws=0)
    >>> len(curve.table)
    2
    """
    axes = dict(path) if isinstance(path, Mapping) else {path: values}
    wrong = [field for field, several in axes.items() if isinstance(several, str) or not isinstance(several, Sequence)]
    wrong += [field for field, several in axes.items() if field not in wrong and len(several) == 0]
    if wrong or not axes:
        message = 'needs a list of values, such as ["1e9 particles", "1e10 particles"]'
        raise InputError([Problem(None, None, None, str(field), message) for field in wrong or ["path"]])
    sets = [tuple(override_of(field, value) for value in several) for field, several in axes.items()]
    return run_planned(
        study_sweep(study, sets),
        seed=seed,
        draws=draws,
        workers=workers,
        parameters=parameters,
        work_dir=work_dir,
        progress=progress,
    )


def run_planned(
    plan: Sweep,
    *,
    seed: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> CurveResult:
    """The response curve of a plan: of a study (`study_sweep`) or of a product (`product_sweep`).

    Parameters
    ----------
    plan : Sweep
        What is varied.
    seed : int, default 1
        As in `sweep`.
    draws : int, default 200
        As in `sweep`.
    workers : int or str, default 1
        As in `sweep`.
    parameters : Source, default "default"
        As in `sweep`.
    work_dir : Path, optional
        As in `sweep`.
    progress : Progress, optional
        As in `sweep`.

    Returns
    -------
    CurveResult
        Table, picture and page.

    Raises
    ------
    InputError
        Where a population cannot be recruited or the posterior cannot be read.
    """
    source = parameter_source(parameters)
    with progress or Progress() as bar:
        bar.stage("simulating")
        curve = run_sweep(
            plan,
            seed=seed_of(seed),
            draws=whole("draws", draws, 0, MOST_DRAWS),
            workers=workers_of(workers),
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            source=source,
        )
    return CurveResult(curve)
