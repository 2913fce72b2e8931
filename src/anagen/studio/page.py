"""A page of the studio: its name in the bar, and how its template is filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from anagen.core.provenance import package_version
from anagen.reports import wording

if TYPE_CHECKING:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse


@dataclass(frozen=True)
class Page:
    """One of the pages in the bar.

    Attributes
    ----------
    path : str
        Its address, such as "/clinic".
    title : str
        Its name in the bar and its heading.
    question : str
        What it answers, in one sentence.
    place : int
        Its place in the bar, counted from 1.
    """

    path: str
    title: str
    question: str
    place: int


@dataclass(frozen=True)
class Source:
    """Where a figure on a page comes from, under "How sure is this?".

    Attributes
    ----------
    what : str
        The figure or the statement.
    grade : str
        Grade of its evidence, or "prior", "posterior", "assumption".
    source : str
        Citation, or the page of the documentation that tells.
    """

    what: str
    grade: str
    source: str


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of the studio; everything that is put into them is escaped, and a missing name is an error.

    Returns
    -------
    Environment
        With the macros of `parts.html.j2` as `parts`, and the formats of numbers as `wording`;
        `begun` begins a sentence with a capital and leaves the rest (LDL, CO2) as it is.
    """
    made = Environment(
        loader=PackageLoader("anagen.studio"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["begun"] = lambda words: words[:1].upper() + words[1:]
    made.globals["version"] = package_version()
    made.globals["wording"] = wording
    made.globals["parts"] = made.get_template("parts.html.j2").module
    return made


def modules_of(package: str) -> Iterator[Any]:
    """Modules of a folder of the studio, in alphabetical order: each page is one file, found by its folder.

    Parameters
    ----------
    package : str
        "anagen.studio.pages" or "anagen.studio.api".

    Returns
    -------
    Iterator of module
        Every module in it.
    """
    home = import_module(package)
    for module in sorted(iter_modules(home.__path__), key=lambda found: found.name):
        yield import_module(f"{package}.{module.name}")


@lru_cache(maxsize=1)
def pages() -> tuple[Page, ...]:
    """Pages in the order of the bar.

    Returns
    -------
    tuple of Page
        Every `PAGE` of the files in `pages/`.
    """
    found = [module.PAGE for module in modules_of("anagen.studio.pages") if hasattr(module, "PAGE")]
    return tuple(sorted(found, key=lambda page: page.place))


def routers() -> Iterator[APIRouter]:
    """Routers of all pages, then those of the API.

    Returns
    -------
    Iterator of APIRouter
        Every `router` of the files in `pages/` and `api/`.
    """
    for package in ("anagen.studio.pages", "anagen.studio.api"):
        for module in modules_of(package):
            if hasattr(module, "router"):
                yield module.router


def render(template: str, **content: object) -> str:
    """A fragment of a page.

    Parameters
    ----------
    template : str
        Name of the template.
    **content : object
        What it shows.

    Returns
    -------
    str
        HTML.
    """
    return environment().get_template(template).render(**content)


def show(
    request: Request, page: Page | None, template: str, *, status: int = 200, title: str = "", **content: object
) -> HTMLResponse:
    """A whole page in the frame that all share.

    Parameters
    ----------
    request : Request
        The request; with the header `X-Fragment: 1` only the block `main` of the template is sent.
    page : Page or None
        The page in the bar that this belongs to.
    template : str
        Name of a template that extends `frame`.
    status : int
        Status of the answer.
    title : str
        Title of the window where it is not that of the page.
    **content : object
        What the template shows.

    Returns
    -------
    HTMLResponse
        The page.
    """
    from fastapi.responses import HTMLResponse

    content |= {"request": request, "page": page, "pages": pages(), "title": title or (page.title if page else "")}
    # a live form asks for the content alone
    frame = "fragment.html.j2" if request.headers.get("X-Fragment") == "1" else "base.html.j2"
    warming = getattr(request.app.state, "warming", None)
    content |= {
        "user": getattr(request.state, "user", None),
        "getting_ready": warming is not None and warming.is_active,
    }
    return HTMLResponse(render(template, frame=frame, **content), status)
