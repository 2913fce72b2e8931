"""Studies for programs: checked, described and estimated, as the page Trial shows them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED, MOST_DRAWS, MOST_REPLICATES
from anagen.studio.answers import API, REFUSED
from anagen.studio.look import DRAWS, Estimate, Look, Paragraph, RunOptions

router = APIRouter(prefix=f"{API}/trial", tags=["trial"], responses=REFUSED)


class StudyBody(BaseModel):
    """A study, in one of three forms.

    Attributes
    ----------
    study : dict or None
        Keys of a study file.
    text : str or None
        Text of a study file (YAML).
    name : str or None
        Name of a shipped study.
    """

    model_config = ConfigDict(extra="forbid")

    study: dict[str, Any] | None = Field(default=None, description="Keys of a study file.")
    text: str | None = Field(default=None, description="A study file (YAML).")
    name: Annotated[str, Field(max_length=200)] | None = Field(default=None, description="Name of a shipped study.")

    @model_validator(mode="after")
    def _one(self) -> StudyBody:
        if sum(each is not None for each in (self.study, self.text, self.name)) != 1:
            raise ValueError("give one of study, text and name")
        return self


class RunBody(StudyBody):
    """A study and how it is to be run.

    Attributes
    ----------
    replicates : int
        Trials, each with its own patients.
    draws : int
        Parameter draws beside the central values.
    seed : int
        Of every random number.
    """

    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] = 1
    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = DRAWS
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 1


class Description(BaseModel):
    """A study in plain words.

    Attributes
    ----------
    title : str
        What it is called.
    paragraphs : tuple of Paragraph
        One per part of the study.
    """

    title: str
    paragraphs: tuple[Paragraph, ...]


@router.post("/check")
def check(body: RunBody) -> Look:
    """Tell what is wrong with a study, or what will be simulated; wrong studies are no error here.

    Parameters
    ----------
    body : RunBody
        The study.

    Returns
    -------
    Look
        Problems, or description and estimate.
    """
    from anagen.studio.forms.draft import draft_of
    from anagen.studio.look import looked_at

    options = RunOptions(replicates=body.replicates, draws=body.draws, seed=body.seed)
    return looked_at(draft_of(_data(body)), options, screened=True)


@router.post("/describe")
def describe(body: StudyBody) -> Description:
    """Tell in plain words what will be simulated.

    Parameters
    ----------
    body : StudyBody
        The study.

    Returns
    -------
    Description
        Paragraphs.
    """
    look = _right(body)
    return Description(title=look.title, paragraphs=look.description)


@router.post("/estimate")
def estimate(body: RunBody) -> Estimate:
    """Tell what a run takes, or that this machine has no room for it.

    Parameters
    ----------
    body : RunBody
        The study and how it is to be run.

    Returns
    -------
    Estimate
        Time and memory.
    """
    from anagen.studio.forms.draft import draft_of
    from anagen.studio.look import estimate_of

    return estimate_of(draft_of(_data(body)), RunOptions(replicates=body.replicates, draws=body.draws, seed=body.seed))


def _right(body: StudyBody) -> Look:
    from anagen.studio.forms.draft import draft_of
    from anagen.studio.look import looked_at

    draft = draft_of(_data(body))
    if draft.study is None:
        raise InputError(draft.problems)
    return looked_at(draft)


def _data(body: StudyBody) -> dict[str, Any]:
    from anagen.studio.forms.beginnings import shipped_study
    from anagen.studio.forms.study_file import read_text, refuse_unwritable

    if body.text is not None:
        return read_text(body.text)
    if body.name is not None:
        return shipped_study(body.name)
    if body.study is None:
        raise InputError([Problem(None, None, None, "study", "is missing")])
    refuse_unwritable(body.study)
    return body.study
