"""Treatments ranked in the same patients, in one call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.comparative.admission import not_admitted
from anagen.comparative.design import LONGEST, SHORTEST, comparison
from anagen.comparative.folder import result_of, write_comparison
from anagen.comparative.page import PICTURE, figure_of, headline, standing_of, taken_over
from anagen.comparative.ranking import ComparisonResult, simulate_gains
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REFERENCE, real, seed_of, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source
from anagen.results.folder import write_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PATIENTS = 200
"""Reference patients of a comparison where none are asked for."""
SUMMARY = (
    "rank", "arm", "control", "gain", "gain_low", "gain_high", "best", "beats", "nnt", "grade", "grade_from",
    "certainty", "not_known",
)  # fmt: skip


@dataclass(frozen=True, repr=False, eq=False)
class Ranking(Result):
    """Treatments ranked by their gain over their own controls, in the same patients.

    Attributes
    ----------
    result : ComparisonResult
        The comparison, its tables and manifest.
    """

    result: ComparisonResult

    _what: ClassVar[str] = "Comparison of treatments"
    _then: ClassVar[tuple[str, ...]] = (".plot()", ".table", ".courses", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per treatment: gain with its range, chance of being best, NNT, adverse events, cost, evidence."""
        return self.result.table

    @property
    def courses(self) -> pd.DataFrame:
        """Gain per parameter draw, treatment and week."""
        return self.result.tables["courses"]

    @property
    def manifest(self) -> dict[str, Any]:
        """What was compared, with which seed, versions and hashes."""
        return dict(self.result.manifest)

    def headline(self) -> str:
        """The largest gain, and how far the parameters are known.

        Returns
        -------
        str
            Two sentences.
        """
        return f"{headline(self.result)} {standing_of(self.result.manifest)}"

    def summary(self) -> pd.DataFrame:
        """The essential columns of the table.

        Returns
        -------
        DataFrame
            One row per treatment.
        """
        return self.table[list(SUMMARY)]

    def _shown(self) -> Shown:
        from anagen.comparative.page import CANNOT_TELL, ESSENTIAL, HEADER, rows_of, title_of

        rows = tuple(tuple(row[name] for name in ESSENTIAL) for row in rows_of(self.result))
        header = tuple(HEADER[name] for name in ESSENTIAL)
        return Shown(self._what, title_of(self.result), self.headline(), header, rows, CANNOT_TELL, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen compare --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "how_to_read": taken_over(int(self.manifest["draws"])),
            "not_admitted": not_admitted(self.result.comparison),
            "ranking": records(self.table),
        }

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            One picture.
        """
        return (PICTURE,)

    def _figure(self, name: str) -> Figure:
        return figure_of(self.result)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables, picture and page, whole or not at all.

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
            write_comparison(self.result, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def compare(
    *treatments: str,
    condition: str = "aga",
    sex: str = "male",
    weeks: float = 48.0,
    endpoint: str = "total_density",
    zone: str = "vertex",
    keep_up: bool = False,
    exclude: Sequence[str] = (),
    menopause: str | None = None,
    responder: float = 10.0,
    patients: int = PATIENTS,
    seed: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Rank treatments and combinations in the same patients, each against its own control.

    Parameters
    ----------
    *treatments : str
        Therapies; "a+b" is a combination, "exosome@microneedle" names the route.
    condition : str
        Who and where; sex is "male", "female" or "both".
    sex : str
        Who and where; sex is "male", "female" or "both".
    weeks : float
        Last visit [week].
    endpoint : str
        What is ranked.
    zone : str
        Who and where; sex is "male", "female" or "both".
    keep_up : bool
        Whether sessions go on at their interval until the last visit.
    exclude : sequence of str
        Who is not admitted, such as "pregnancy_potential" or "malignancy".
    menopause : str, optional
        "before" or "after": women of that age only.
    responder : float
        Least own measured change of a responder, in the unit of the endpoint, for the number needed to treat.
    patients : int
        Reference patients.
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
    Ranking
        Table, picture and page.

    Raises
    ------
    InputError
        Where a name is unknown or a treatment is named twice.

    Examples
    --------
    >>> ranking = compare("minoxidil", "finasteride", weeks=12, patients=10, draws=0)
    >>> sorted(ranking.table["arm"])
    ['finasteride', 'minoxidil']
    """
    if not all(isinstance(name, str) for name in treatments):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = 'treatments are names, such as compare("minoxidil", "finasteride")'
        raise InputError([Problem(None, None, None, "treatments", message)])
    seed, draws = seed_of(seed), whole("draws", draws, 0, MOST_DRAWS)
    patients, workers = whole("patients", patients, 10, MOST_REFERENCE), workers_of(workers)
    weeks, responder = real("weeks", weeks, SHORTEST, LONGEST), real("responder", responder, -1e4, 1e4)
    plan = comparison(
        treatments,
        condition=condition,
        sex=sex,
        weeks=weeks,
        endpoint=endpoint,
        zone=zone,
        keep_up=keep_up,
        exclude=exclude,
        menopause=menopause,
    )
    source = parameter_source(parameters)
    with progress or Progress() as bar:
        bar.stage("simulating")
        tables = simulate_gains(
            plan,
            seed=seed,
            patients=patients,
            draws=draws,
            threshold=responder,
            workers=workers,
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            source=source,
        )
    return Ranking(
        result_of(plan, tables, seed=seed, patients=patients, draws=draws, threshold=responder, source=source)
    )
