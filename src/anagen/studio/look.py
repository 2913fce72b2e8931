"""A study looked at before it is run: what is wrong with it, or what will be simulated and what that takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REPLICATES, seed_of, whole
from anagen.studio.forms.draft import Draft

DRAWS = 200


class Told(BaseModel):
    """A problem, as the API gives it.

    Attributes
    ----------
    field : str
        Place in the study.
    line : int or None
        Line of the file.
    message : str
        What is wrong.
    allowed : tuple of str
        What would be right, where that can be listed.
    suggestion : str or None
        The nearest right spelling.
    """

    model_config = ConfigDict(frozen=True)

    field: str
    line: int | None
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None


class Paragraph(BaseModel):
    """A part of the description.

    Attributes
    ----------
    heading : str
        Its heading; "" of the first.
    text : str
        Text before its points.
    points : tuple of str
        What is listed.
    """

    model_config = ConfigDict(frozen=True)

    heading: str
    text: str
    points: tuple[str, ...] = ()


class Estimate(BaseModel):
    """What a run takes.

    Attributes
    ----------
    seconds : float
        Processor time [s].
    bytes : float
        Memory [byte].
    words : str
        Both in words.
    """

    model_config = ConfigDict(frozen=True)

    seconds: float
    bytes: float
    words: str


class Look(BaseModel):
    """A study looked at.

    Attributes
    ----------
    ok : bool
        Whether it can be run.
    title : str
        What it is called.
    sha256 : str or None
        Hash of what it says; None where something is wrong.
    problems : tuple of Told
        What is wrong.
    description : tuple of Paragraph
        What will be simulated; empty where something is wrong.
    estimate : Estimate or None
        What a run takes.
    text : str
        The study file.
    """

    model_config = ConfigDict(frozen=True)

    ok: bool
    title: str
    sha256: str | None
    problems: tuple[Told, ...] = ()
    description: tuple[Paragraph, ...] = ()
    estimate: Estimate | None = None
    text: str


class RunOptions(BaseModel):
    """How often and with which parameters a study is run.

    Attributes
    ----------
    replicates : int
        Trials, each with its own patients.
    draws : int
        Parameter draws beside the central values.
    seed : int
        Of every random number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicates: int = 1
    draws: int = DRAWS
    seed: int = 1

    def checked(self) -> RunOptions:
        """The options, each within its bounds.

        Returns
        -------
        RunOptions
            The same.

        Raises
        ------
        InputError
            Naming every one that is not.
        """
        problems: list[Problem] = []
        for check in (
            lambda: whole("replicates", self.replicates, 1, MOST_REPLICATES),
            lambda: whole("draws", self.draws, 0, MOST_DRAWS),
            lambda: seed_of(self.seed),
        ):
            try:
                check()
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return self


def looked_at(draft: Draft, options: RunOptions | None = None, *, screened: bool = False) -> Look:
    """What is wrong with a study, or what will be simulated.

    Parameters
    ----------
    draft : Draft
        The study as it stands.
    options : RunOptions, optional
        Of the run that is estimated.
    screened : bool
        Whether some patients are screened as well, as `anagen check` does: who is let pass can then be recruited.

    Returns
    -------
    Look
        As a page and the API show it.
    """
    study = draft.study
    if study is None:
        return Look(ok=False, title=draft.title, sha256=None, problems=told(draft.problems), text=draft.text)
    problems: tuple[Told, ...] = ()
    estimate: Estimate | None = None
    try:
        estimate = estimate_of(draft, options or RunOptions())
    except InputError as error:
        problems = told(error.problems)
    from anagen.study.describe import parts_of

    before: tuple[Paragraph, ...] = ()
    if screened and not problems:
        before, faults = _screened(draft.text)
        problems = told(faults)
    return Look(
        ok=not problems,
        title=draft.title,
        sha256=study.sha256,
        problems=problems,
        description=(*(_paragraph(heading, text) for heading, text in parts_of(study)[1:]), *before),
        estimate=estimate,
        text=draft.text,
    )


def estimate_of(draft: Draft, options: RunOptions) -> Estimate:
    """What a run of a study takes.

    Parameters
    ----------
    draft : Draft
        One that is right.
    options : RunOptions
        Of the run.

    Returns
    -------
    Estimate
        Time and memory.

    Raises
    ------
    InputError
        Where something is wrong with the study or the options, or the machine has no room for the run.
    """
    from anagen.runs.rehearsal import room_for
    from anagen.trials.cost import cost_in_words, estimated_memory, estimated_seconds

    if draft.study is None:
        raise InputError(draft.problems)
    asked = options.checked()
    size = room_for(draft.study, trials=asked.replicates, draws=asked.draws)
    return Estimate(
        seconds=estimated_seconds(size), bytes=estimated_memory(size), words=f"A run takes {cost_in_words(size)}."
    )


def told(problems: tuple[Problem, ...]) -> tuple[Told, ...]:
    """Problems as the API gives them.

    Parameters
    ----------
    problems : tuple of Problem
        What is wrong.

    Returns
    -------
    tuple of Told
        In the same order.
    """
    return tuple(
        Told(field=p.field, line=p.line, message=p.message, allowed=p.allowed, suggestion=p.suggestion)
        for p in problems
    )


@lru_cache(maxsize=64)
def _screened(text: str) -> tuple[tuple[Paragraph, ...], tuple[Problem, ...]]:
    """What screening some patients of a right study gives, in words, or why nobody can be recruited."""
    from anagen.runs.rehearsal import design_notes, rehearse
    from anagen.study import Study

    study = Study.parse(text)
    try:
        notes, rehearsal = design_notes(study), rehearse(study)
    except InputError as error:
        return (), error.problems
    words = {"Before it is run": " ".join(notes), "Screening": "" if rehearsal is None else rehearsal.text()}
    return tuple(Paragraph(heading=heading, text=each) for heading, each in words.items() if each), ()


def _paragraph(heading: str, text: str) -> Paragraph:
    before, *points = text.split("\n  - ")
    return Paragraph(heading=heading, text=before.strip(), points=tuple(point.strip() for point in points))


def read_options(given: Mapping[str, Any]) -> tuple[RunOptions, dict[str, str]]:
    """Options of a run from what a form or an address holds, and what is wrong with them.

    Parameters
    ----------
    given : Mapping of str to object
        Text by name.

    Returns
    -------
    options : RunOptions
        The usual ones in place of those that are wrong.
    wrong : dict of str to str
        What is wrong, by name.

    Examples
    --------
    >>> read_options({"draws": "50", "seed": "x"})
    (RunOptions(replicates=1, draws=50, seed=1), {'seed': "seed: 'x' is no whole number"})
    """
    found: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for name in RunOptions.model_fields:
        text = str(given.get(name) or "").strip()
        if not text:
            continue
        try:
            found[name] = int(text)
        except ValueError:
            wrong[name] = f"{name}: {text[:40]!r} is no whole number"
            continue
        try:
            RunOptions(**{name: found[name]}).checked()
        except InputError as error:
            wrong[name] = error.problems[0].text()
            del found[name]
    return RunOptions(**found), wrong
