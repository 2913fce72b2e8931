"""How far a prediction can be trusted, in one call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.core.files import Target
from anagen.core.numbers import MOST_DRAWS, MOST_SAMPLES, seed_of, whole
from anagen.core.plain import plain
from anagen.core.progress import Progress
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.credibility import phrasing
from anagen.credibility.assess import Assessment
from anagen.credibility.assess import assess as assess_study
from anagen.credibility.page import build_page, document_of, draw_pictures, makers_of
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source
from anagen.study import Study, StudyLike
from anagen.validation.folder import shipped_scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class AssessmentResult(Result):
    """Credibility of a prediction after ICH M15 and ASME V&V 40: goals by model risk, and what was achieved.

    Attributes
    ----------
    assessment : Assessment
        Everything that the report holds.
    """

    assessment: Assessment

    _what: ClassVar[str] = "Credibility assessment"
    _then: ClassVar[tuple[str, ...]] = (".limits", ".table", ".plot()", '.save("report.html")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per credibility factor: quantity, goal, achieved, verdict."""
        return pd.DataFrame(document_of(self.assessment)["factors"])

    @property
    def verdict(self) -> str:
        """How far the prediction can be trusted for its context of use, in a sentence."""
        return phrasing.verdict(self.assessment)

    @property
    def limits(self) -> tuple[str, ...]:
        """What the prediction cannot say, one sentence each."""
        return self.assessment.limits

    def headline(self) -> str:
        """The verdict.

        Returns
        -------
        str
            In a sentence.
        """
        return self.verdict

    def _shown(self) -> Shown:
        assessment = self.assessment
        judged, risk = assessment.judgements(), assessment.stakes.risk
        rows = tuple(
            (factor.title, factor.goal_text(risk), factor.printed(assessment.achieved[name]), judged[name])
            for name, factor in assessment.factors.items()
        )
        header, note = ("factor", "goal", "achieved", "verdict"), f"Goals are those of {risk} model risk."
        return Shown(self._what, assessment.study.title, self.headline(), header, rows, note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen credibility --json` prints, without the file.

        Returns
        -------
        dict
            Plain values.
        """
        return plain(document_of(self.assessment))

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            As in the report.
        """
        return tuple(makers_of(self.assessment))

    def _figure(self, name: str) -> Figure:
        from anagen.reports.style import styled

        draw, _ = makers_of(self.assessment)[name]
        with styled():
            return draw(self.assessment)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the report, one self-contained page.

        Parameters
        ----------
        path : str or path
            An HTML file.
        overwrite : bool
            Whether a file there may be replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            Where it exists or cannot be written.
        """
        page = Target(Path(path), overwrite=overwrite)
        page.check()
        return page.write(build_page(self.assessment, draw_pictures(self.assessment)).encode())


def assess(
    study: StudyLike,
    arm: str | None = None,
    *,
    seed: int = 1,
    draws: int = 100,
    samples: int = 64,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> AssessmentResult:
    """Assess the credibility of a study's prediction for its context of use; takes minutes.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    arm : str, optional
        Whose primary effect is assessed; the first treated arm where left out.
    seed : int
        Seed of every random number, 0 to 2**32 - 1.
    draws : int
        Parameter draws, at least 20.
    samples : int
        Base samples of the variance shares, a power of 2.
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
    AssessmentResult
        Verdict, factors, pictures and report.

    Raises
    ------
    InputError
        Where the arm or a number is impossible, or the posterior cannot be read.

    References
    ----------
    ICH M15 (2024), General Principles for Model-Informed Drug Development; ASME V&V 40-2018.
    """
    with progress or Progress() as bar:
        assessment = assess_study(
            Study.of(study),
            arm=arm,
            seed=seed_of(seed),
            draws=whole("draws", draws, 0, MOST_DRAWS),
            samples=whole("samples", samples, 2, MOST_SAMPLES),
            workers=workers_of(workers),
            scores=shipped_scores().table,
            work_dir=None if work_dir is None else Path(work_dir),
            progress=bar.advance,
            stage=bar.stage,
            source=parameter_source(parameters),
        )
    return AssessmentResult(assessment)
