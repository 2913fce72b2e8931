"""A virtual trial in one call: `run` gives a result with tables, pictures, a report and a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_PATIENTS, MOST_REPLICATES, seed_of, whole
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.core.words import counted
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source
from anagen.reports.numbers import has_band
from anagen.results import ResultContents, read_results, write_results
from anagen.runs.study import run_study
from anagen.runs.summary import effect_rows, headline_of, summarise
from anagen.runs.tasks import At, Kept
from anagen.study import Study, StudyLike

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from anagen.reports.gallery import Draw
    from anagen.scalp.picture.picture import ScalpPicture

REPORT = "report.html"
Word = TypeVar("Word", bound=str)
OPTIONS = {"keep": "all", "trials_at": "central"}
"""Options of two words each, with the first."""
SUMMARY = (
    "arm",
    "control",
    "estimate",
    "ci_low",
    "ci_high",
    "p_value",
    "expected",
    "parameter_low",
    "parameter_high",
)


@dataclass(frozen=True, repr=False, eq=False)
class TrialResult(Result):
    """What a virtual trial gave.

    Attributes
    ----------
    contents : ResultContents
        Every table, the study and the manifest.

    Examples
    --------
    >>> result = run("exosome-vs-saline", patients=4, draws=0)
    >>> result.effects["estimate"].notna().any()
    np.True_
    """

    contents: ResultContents

    _what: ClassVar[str] = "Virtual trial"
    _then: ClassVar[tuple[str, ...]] = ('.plot("trajectories")', ".effects", ".arms", ".visits", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """Estimates with their intervals, one row per contrast, trial and parameter draw."""
        return self.contents.effects

    @property
    def effects(self) -> pd.DataFrame:
        """Estimates with their intervals, one row per contrast, trial and parameter draw."""
        return self.contents.effects

    @property
    def arms(self) -> pd.DataFrame:
        """Summaries per arm, endpoint, visit and measure."""
        return self.contents.arms

    @property
    def visits(self) -> pd.DataFrame:
        """True, expected and measured value of every patient, arm, visit and endpoint."""
        return self.contents.visits

    @property
    def patients(self) -> pd.DataFrame:
        """Covariates and baselines, one row per patient."""
        return self.contents.patients

    @property
    def safety(self) -> pd.DataFrame:
        """Adverse events per arm, against the control arm."""
        return self.contents.safety

    @property
    def comparison(self) -> pd.DataFrame:
        """Predicted against published values; empty where the study holds none."""
        return self.contents.comparison

    @property
    def parameters(self) -> pd.DataFrame:
        """Every parameter with unit, prior, source and grade."""
        return self.contents.parameters

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run, with which seed, versions and hashes."""
        return dict(self.contents.manifest)

    @property
    def study(self) -> Study:
        """The study as it was simulated."""
        return Study.from_dict(self.contents.study)

    def headline(self) -> str:
        """The primary effect in one line: expected, its range over parameters, and this trial's interval.

        Returns
        -------
        str
            One line per contrast, joined by semicolons.
        """
        return headline_of(self.contents)

    def summary(self) -> pd.DataFrame:
        """The primary effect of every contrast, with the uncertainty from patients and from parameters apart.

        Returns
        -------
        DataFrame
            One row per contrast: arm, control, estimate, ci_low, ci_high, p_value of the first trial; expected, and
            where there are enough parameter draws parameter_low and parameter_high.
        """
        import pandas as pd

        columns = list(SUMMARY if has_band(int(self.contents.manifest["draws"])) else SUMMARY[:-2])
        return pd.DataFrame(effect_rows(self.contents), columns=columns)

    def document(self) -> dict[str, Any]:
        """What `anagen run --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return summarise(self.contents)

    def _shown(self) -> Shown:
        from anagen.reports.outline import outline_of
        from anagen.reports.tables import effects_table
        from anagen.reports.wording import endpoint_names

        effects, manifest = self.contents.effects, self.contents.manifest
        outline = outline_of(self.contents.study)
        table = effects_table(effects, endpoint_names(list(map(str, effects["endpoint"].unique()))), outline)
        trials, draws = counted(manifest["replicates"], "trial"), counted(manifest["draws"], "parameter draw")
        doubts = " ".join(f"Implausible: {flag['message']}." for flag in manifest.get("flags") or ())
        note = f"{table.note} {trials}, {draws}, seed {manifest['seed']}. {doubts}".strip()
        return Shown(self._what, outline.title, self.headline(), table.columns, table.texts(), note, self._then)

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            As in the folder `figures` of a result folder: those that this run has something to draw in.
        """
        return tuple(name for name, draw in self._figures().items() if not isinstance(draw, str))

    def _figure(self, name: str) -> Figure:
        from anagen.reports.style import styled

        draw = self._figures()[name]
        assert not isinstance(draw, str), "`plot` asks for what `figures` names"
        with styled():
            return draw()[0]

    def _why_missing(self, name: str) -> str:
        why = self._figures().get(name)
        return f"{name} is not drawn: {why}" if isinstance(why, str) else super()._why_missing(name)

    def _figures(self) -> dict[str, Draw | str]:
        from anagen.reports.gallery import figures_of

        return figures_of(self.contents)

    def picture(
        self,
        patient: int,
        weeks: Sequence[float] | None = None,
        *,
        twins: bool = False,
        view: str = "phototrichogram",
        days: Sequence[float] = (3,),
        replicate: int = 0,
        hair: str | None = None,
        skin: str | None = None,
        scale: float | None = None,
        parameters: Source | None = None,
    ) -> ScalpPicture:
        """Draw the target area of a simulated patient at visits, or the whole scalp from above.

        The patient is simulated again, follicle by follicle, and must show what the run holds.

        Parameters
        ----------
        patient : int
            Number in the table `patients`.
        weeks : Sequence[float] or None
            Visits; the first and that of the primary endpoint where left out.
        twins : bool
            Whether to draw the same patient under every arm.
        view : {"phototrichogram", "trichoscopy", "vertex"}
            Hair shaved on the day of the visit, or grown, or the whole scalp from above.
        days : Sequence[float]
            Days after shaving, 0 and 3.
        replicate : int
            Number of the trial.
        hair : {"black", "brown", "blond", "grey"}, optional
            Colour; by ethnicity where left out.
        skin : {"light", "medium", "dark"}, optional
            Colour; by ethnicity where left out.
        scale : float, optional
            Skin to a pixel of the PNG [um], 4 to 100, from above 100 to 2000; 20 and 400 where left out.
        parameters : str, path or ParameterSource, optional
            Where the run's parameters came from, where it was a posterior in a file.

        Returns
        -------
        ScalpPicture
            With `save`, `png`, `svg`, the follicles in `truth` and their numbers in `counts`.

        Raises
        ------
        InputError
            Where the run has no such patient or visit, or the patient cannot be simulated again.

        Examples
        --------
        >>> result = run("exosome-vs-saline", patients=4, draws=0)
        >>> drawn = result.picture(int(result.patients["patient"][0]), [0, 24])
        >>> drawn.svg()[:4]
        b'<svg'
        """
        from anagen.reports.pictures import picture_of

        return picture_of(
            self.contents,
            whole("patient", patient, 0, 2**32 - 1),
            weeks=weeks,
            twins=twins,
            view=view,
            days=days,
            replicate=whole("replicate", replicate, 0, MOST_REPLICATES),
            hair=hair,
            skin=skin,
            scale=scale,
            parameters=parameters,
        )

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False, report: bool = True) -> Path:
        """Write a result folder, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.
        report : bool
            Whether to write the report and the pictures too.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written.
        """

        def add(contents: ResultContents, folder: Path) -> None:
            from anagen.reports.report import write_report

            write_report(contents, folder)

        folder = Path(path)
        write_results(self.contents, folder, overwrite=overwrite, add=add if report else None)
        return folder


def run(
    study: StudyLike,
    *,
    seed: int = 1,
    patients: int | None = None,
    replicates: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
    keep: Kept = "all",
    trials_at: At = "central",
) -> TrialResult:
    """Run a study as a virtual randomised trial.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    seed : int
        Seed of every random number, 0 to 2**32 - 1.
    patients : int, optional
        Patients per arm; the study's own numbers where left out.
    replicates : int
        Trials, each with its own patients.
    draws : int
        Parameter draws besides the central values.
    workers : int or str
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    work_dir : Path, optional
        Folder that keeps finished parts, so that a run that was stopped goes on.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.
    keep : {"all", "effects"}
        What is kept of trials after the first: all rows of visits, patients and events, or the effects alone.
    trials_at : {"central", "draws"}
        Parameter values of trials: the central ones for all, or a draw of its own for each, so that the share of
        significant trials is the assurance.

    Returns
    -------
    TrialResult
        Tables, pictures and report.

    Raises
    ------
    InputError
        Where the study is wrong, its population cannot be recruited or the posterior cannot be read.

    Examples
    --------
    >>> run("exosome-vs-saline", patients=4, draws=0).manifest["seed"]
    1
    """
    subject = Study.of(study)
    source = parameter_source(parameters)
    with progress or Progress() as bar:
        bar.stage("simulating")
        contents = run_study(
            subject,
            seed=seed_of(seed),
            patients=None if patients is None else whole("patients", patients, 2, MOST_PATIENTS),
            replicates=whole("replicates", replicates, 1, MOST_REPLICATES),
            draws=whole("draws", draws, 0, MOST_DRAWS),
            workers=workers_of(workers),
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            source=source,
            keep=keep if keep == "all" else _chosen("keep", keep, "effects"),
            trials_at=trials_at if trials_at == "central" else _chosen("trials_at", trials_at, "draws"),
        )
    return TrialResult(contents.conformed())


def _chosen(name: str, value: str, other: Word) -> Word:
    """The other of two words that an option takes; InputError for a third."""
    if value == other:
        return other
    raise InputError([Problem(None, None, None, name, f"{value!r} is not known", (OPTIONS[name], other))])


def load(folder: str | os.PathLike[str], *, verify: bool = True) -> TrialResult:
    """Read a result folder that a run wrote.

    Parameters
    ----------
    folder : str or path
        The folder.
    verify : bool
        Whether to compare every file with its size and hash in the manifest first.

    Returns
    -------
    TrialResult
        As it was when it was written.

    Raises
    ------
    InputError
        Naming every file that is missing, changed or of another version.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     saved = run("exosome-vs-saline", patients=4, draws=0).save(f"{folder}/mine", report=False)
    ...     load(saved).manifest["seed"]
    1
    """
    return TrialResult(read_results(Path(folder), verified=verify))
