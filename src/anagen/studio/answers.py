"""Answers in place of a page: what is wrong, as a page for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from anagen.studio.page import show

API = "/api/v1"
TITLES = {
    400: "This was not understood",
    401: "This studio does not know you",
    403: "This is not let in",
    404: "There is no such page",
    405: "That cannot be done here",
    413: "Too large",
    421: "This studio has another name",
    422: "This cannot be used",
    429: "Too many at once",
    500: "Our fault",
    503: "Not now",
}


class ProblemDocument(BaseModel):
    """One thing that is wrong.

    Attributes
    ----------
    field : str
        Where; empty for the whole.
    message : str
        What, in words.
    line : int or None
        Line in a file.
    allowed : tuple of str
        What would be right, where that can be listed.
    suggestion : str or None
        The nearest right spelling.
    """

    field: str
    message: str
    line: int | None = None
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None


class Refusal(BaseModel):
    """What a program gets in place of what it asked for.

    Attributes
    ----------
    ok : bool
        False.
    problems : tuple of ProblemDocument
        Everything that is wrong.
    """

    ok: bool = False
    problems: tuple[ProblemDocument, ...]


REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "Nobody who is known."},
    404: {"model": Refusal, "description": "There is none, or it is somebody else's."},
    422: {"model": Refusal, "description": "What was sent cannot be used: every problem."},
    429: {"model": Refusal, "description": "Too many at once; Retry-After tells when."},
    503: {"model": Refusal, "description": "The database does not answer, or the disk is full; nothing was saved."},
}
"""Refusals that the document of the API states of every operation."""


def is_for_programs(request: Request) -> bool:
    """Whether a program asks.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    bool
        By its address.
    """
    return request.url.path.startswith(API)


def told(request: Request, status: int, words: Sequence[str], title: str = "") -> Response:
    """Say what is wrong.

    Parameters
    ----------
    request : Request
        The request.
    status : int
        Status of the answer.
    words : Sequence of str
        Sentences.
    title : str
        Title of the page; that of the status where left out.

    Returns
    -------
    Response
        A page, or a document with `problems`.
    """
    if is_for_programs(request):
        return refused(status, [ProblemDocument(field="", message=text) for text in words])
    return show(request, None, "problem.html.j2", status=status, title=title or TITLES.get(status, ""), words=words)


def refused(status: int, problems: Sequence[ProblemDocument]) -> Response:
    """Say what is wrong to a program.

    Parameters
    ----------
    status : int
        Status of the answer.
    problems : Sequence of ProblemDocument
        Everything that is wrong.

    Returns
    -------
    Response
        A document.
    """
    return JSONResponse(Refusal(problems=tuple(problems)).model_dump(mode="json"), status)
