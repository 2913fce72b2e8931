"""Published results predicted and scored, in one call."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.digits import DASH
from anagen.core.numbers import MOST_DRAWS, seed_of, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown, cell
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source
from anagen.results.folder import write_folder
from anagen.study import StudyLike
from anagen.validation.cases import cases_of
from anagen.validation.folder import write_validation
from anagen.validation.scores import Key
from anagen.validation.validate import DRAWS, Validation
from anagen.validation.validate import validate as validate_cases

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class ValidationResult(Result):
    """Published values with their predictions, and how well they were predicted beside three simple forecasters.

    Attributes
    ----------
    validation : Validation
        Its tables and manifest.
    """

    validation: Validation

    _what: ClassVar[str] = "Validation"
    _then: ClassVar[tuple[str, ...]] = (".table", ".totals", ".plot()", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per published value: observed, predicted, intervals, scores."""
        return self.validation.rows

    @property
    def totals(self) -> pd.DataFrame:
        """Coverage and errors over all values, by unit and by kind of treatment."""
        return self.validation.totals

    @property
    def statements(self) -> pd.DataFrame:
        """Results printed without a number, each with the probability that the model gives it; no score counts them."""
        return self.validation.statements

    @property
    def net_change(self) -> pd.DataFrame:
        """Coverage and errors of net changes in hair density at weeks 16 to 52."""
        return self.validation.net

    @property
    def references(self) -> pd.DataFrame:
        """The model and three simple forecasters, on the values that all of them predict."""
        return self.validation.skill

    @property
    def manifest(self) -> dict[str, Any]:
        """What was predicted, with which seed, versions and hashes."""
        return dict(self.validation.manifest)

    def headline(self) -> str:
        """How many published values lie inside their 90 % intervals.

        Returns
        -------
        str
            A sentence.
        """
        whole = self.totals[self.totals["by"] == "all"].to_dict(orient="records")
        parts = [
            f"{round(float(row['coverage90']) * int(row['n']))} of {row['n']} values inside their 90 % interval"
            for row in whole
            if row["n"]
        ]
        if len(self.statements):
            parts.append(f"{len(self.statements)} published without a number, outside these counts")
        left_out = ", each study left out" if self.manifest["leave_one_out"] else ""
        return f"{'; '.join(parts) or 'no value can be compared'}{left_out}"

    def summary(self) -> pd.DataFrame:
        """Coverage and errors.

        Returns
        -------
        DataFrame
            `totals`.
        """
        return self.totals

    def _shown(self) -> Shown:
        totals = self.totals[self.totals["by"].isin(["all", "unit", "kind"])]
        rows = tuple(
            (
                "all" if row["by"] == "all" else str(row["group"]),
                str(row["unit"]),
                str(row["n"]),
                *(_inside(row, level) for level in (50, 90)),
                cell(row["median_absolute_error"]),
                cell(row["bias"]),
            )
            for row in records(totals)
        )
        header = ("values", "unit", "n", "inside 50 %", "inside 90 %", "median error", "bias")
        return Shown(self._what, "", self.headline(), header, rows, "", self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen validate --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        tables = {
            "values": self.table,
            "totals": self.totals,
            "net_change": self.net_change,
            "references": self.references,
            "statements": self.statements,
        }
        remarks = {study: list(told) for study, told in self.validation.remarks.items()}
        plain_tables = {name: records(table) for name, table in tables.items()}
        return {"manifest": plain(self.manifest), "remarks": remarks, **plain_tables}

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            Forest plots by kind and unit, calibration, references.
        """
        return tuple(self._drawn())

    def _figure(self, name: str) -> Figure:
        return self._drawn()[name]

    def _drawn(self) -> dict[str, Figure]:
        from anagen.reports.style import styled
        from anagen.validation.picture import pictures

        with styled():
            return pictures(self.validation.rows, self.validation.skill)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables and pictures, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.

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
            write_validation(self.validation, folder)

        return write_folder(Path(path), fill, self.manifest, overwrite=overwrite)


def validate(
    studies: StudyLike | Sequence[StudyLike] = (),
    *,
    seed: int = 1,
    draws: int = DRAWS,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    left_out: Callable[[Path | None], Mapping[Key, FloatArray]] | None = None,
    progress: Progress | None = None,
) -> ValidationResult:
    """Predict published results and say how well, beside three simple forecasters.

    Parameters
    ----------
    studies : sequence of Study, mapping, str or path
        Studies with published results; every shipped one where left out.
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
    left_out : callable, optional
        Gives, from `work_dir`, predictions of every study from parameters calibrated on the others, which then take
        the place of the simulated ones; see `anagen.calibration.result.left_out_samples`.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    ValidationResult
        Tables and pictures.

    Raises
    ------
    InputError
        Where a study is wrong or holds no published results.

    Examples
    --------
    >>> found = validate(["van-neste-2000-finasteride"], draws=1)
    >>> bool((found.totals["n"] > 0).all())
    True
    """
    cases = cases_of(studies)
    with progress or Progress() as bar:
        bar.stage("simulating")
        validation = validate_cases(
            cases,
            seed=seed_of(seed),
            draws=whole("draws", draws, 0, MOST_DRAWS),
            workers=workers_of(workers),
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            left_out=None if left_out is None else lambda: left_out(work_dir),
            source=parameter_source(parameters),
        )
    return ValidationResult(validation)


def _inside(row: Mapping[str, Any], level: int) -> str:
    """Share of values inside an interval, with its 95 % interval."""
    if not row["n"]:
        return DASH
    share, low, high = (f"{100.0 * row[f'coverage{level}{end}']:.0f}" for end in ("", "_low", "_high"))
    return f"{share} % ({low} to {high})"
