"""Evidence: what was published, and how well the model holds it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from anagen.studio.page import Page, show

PAGE = Page("/evidence", "Evidence", "What was published, and does the model hold it?", 6)
router = APIRouter(include_in_schema=False)


@router.get(PAGE.path)
def evidence(request: Request) -> HTMLResponse:
    """Show the published trials.

    Returns
    -------
    HTMLResponse
        The page.
    """
    return show(request, PAGE, "evidence.html.j2", trials=len(_published()))


def _published() -> list[str]:
    from anagen.study.shipped import shipped_studies

    return list(shipped_studies())
