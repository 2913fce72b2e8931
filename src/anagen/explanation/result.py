"""Why an arm does what it does, in one call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REFERENCE, seed_of, whole
from anagen.core.plain import plain
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.execution import Workers, workers_of
from anagen.explanation import wording
from anagen.explanation.case import arm_named
from anagen.explanation.explain import Explanation, explain_arm
from anagen.explanation.folder import document_of, write_explanation
from anagen.parameters import Source, parameter_source
from anagen.results.folder import write_folder
from anagen.signalling.network.coupling import without_model
from anagen.study import Study, StudyLike
from anagen.trials.protocol import protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REFERENCE_PATIENTS = 128


@dataclass(frozen=True, repr=False, eq=False)
class ExplanationResult(Result):
    """Shares of an arm's gain among therapies, levers, edges and paths.

    Attributes
    ----------
    explanation : Explanation
        Its tables, what it is about, and the signalling network.
    """

    explanation: Explanation

    _what: ClassVar[str] = "Explanation of an arm"
    _then: ClassVar[tuple[str, ...]] = ('.plot("gain")', ".paths", ".levers", ".ablation", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """Shares of the gain among therapies and levers."""
        return self.explanation.gain

    @property
    def gain(self) -> pd.DataFrame:
        """Shares of the gain among therapies and levers."""
        return self.explanation.gain

    @property
    def levers(self) -> pd.DataFrame:
        """Shares of every lever among the edges by which therapies enter the network."""
        return self.explanation.levers

    @property
    def paths(self) -> pd.DataFrame:
        """Paths through the network with what each carries, the largest first."""
        return self.explanation.paths

    @property
    def ablation(self) -> pd.DataFrame:
        """The gain without each edge, node or input, the largest change first."""
        return self.explanation.ablation

    @property
    def manifest(self) -> dict[str, Any]:
        """What was explained, with which seed, versions and hashes."""
        return {"kind": "explanation", **self.explanation.about}

    def headline(self) -> str:
        """The gain and what carries it, in a sentence.

        Returns
        -------
        str
            With its range over parameters.
        """
        return wording.headline(self.explanation)

    def _shown(self) -> Shown:
        from anagen.explanation.printed import GAIN_HEADER, printed_gain

        about = self.explanation.about
        rows = tuple(tuple(map(str, row)) for row in printed_gain(self.explanation))
        note = f"Shares of the gain in {wording.unit_of(about)}."
        return Shown(self._what, str(about["title"]), self.headline(), GAIN_HEADER, rows, note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen explain --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return plain(document_of(self.explanation))

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            Shares of the gain where there is one, and the network where the arm acts through it.
        """
        about = self.explanation.about
        return (*(("gain",) if about["acts"] else ()), *(("network",) if about["through_network"] else ()))

    def _figure(self, name: str) -> Figure:
        from anagen.explanation.picture import gain_figure, network_figure
        from anagen.reports.style import styled

        with styled():
            return gain_figure(self.explanation) if name == "gain" else network_figure(self.explanation)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables, pictures and page, whole or not at all.

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
            write_explanation(self.explanation, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def explain(
    study: StudyLike,
    arm: str | None = None,
    *,
    seed: int = 1,
    patients: int = REFERENCE_PATIENTS,
    draws: int = 20,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> ExplanationResult:
    """Explain an arm of a study against its control.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    arm : str, optional
        Name of the arm; the only one that is not a control where left out.
    seed : int
        Seed of every random number, 0 to 2**32 - 1.
    patients : int
        Reference patients; with 128 the gain is what a run without draws expects.
    draws : int
        Parameter draws, for the ranges of the shares.
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
    ExplanationResult
        Tables, pictures and page.

    Raises
    ------
    InputError
        Where the arm is unknown or has to be named, or the posterior cannot be read.

    Examples
    --------
    >>> explained = explain("olsen-2002-minoxidil", arm="minoxidil 5 %", draws=0)
    >>> explained.paths["player"].unique().tolist()
    ['minoxidil']
    """
    subject = Study.of(study)
    without_model(protocol(subject).network, "an explanation")
    with progress or Progress() as bar:
        bar.stage("explaining")
        explanation = explain_arm(
            subject,
            explained_arm(subject, arm),
            seed=seed_of(seed),
            patients=whole("patients", patients, 2, MOST_REFERENCE),
            draws=whole("draws", draws, 0, MOST_DRAWS),
            workers=workers_of(workers),
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            source=parameter_source(parameters),
        )
    return ExplanationResult(explanation)


def explained_arm(study: Study, arm: str | None = None) -> str:
    """The arm that is explained.

    Parameters
    ----------
    study : Study
        The study.
    arm : str, optional
        Name of the arm; the only one that is not a control where left out.

    Returns
    -------
    str
        Name of an arm of the study.

    Raises
    ------
    InputError
        Where the study has no such arm, or several where none is named.
    """
    if arm is not None:
        return arm_named([each.name for each in study.arms], arm)
    arms = tuple(each.name for each in study.arms if not each.control)
    if len(arms) != 1:
        raise InputError([Problem(None, None, None, "arm", f"the study has {len(arms)} such arms; name one", arms)])
    return arms[0]
