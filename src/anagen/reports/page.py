"""One self-contained HTML page: template, style sheet and pictures in one file that fetches nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.disk import write_durably
from anagen.core.extras import MissingExtra, pictures_there, without_pictures
from anagen.reports.wording import sentence_case

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = "reports/templates/report.css"


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as files, with its text alternative; without files, `reason` says why it is not drawn."""

    name: str
    alt: str
    svg: bytes = b""
    png: bytes = b""
    reason: str | None = None


def draw_all(
    makers: Mapping[str, Callable[[], tuple[Figure, str] | str]], *, png: bool = True
) -> dict[str, DrawnFigure]:
    """Draw every picture of a page in the style of all pages.

    Parameters
    ----------
    makers : Mapping of str to callable
        By name, what gives the figure with its text alternative, or in words why there is none.
    png : bool
        False where nobody wants files of the pictures beside the page.

    Returns
    -------
    dict of str to DrawnFigure
        The pictures in the same order, as SVG and PNG; without the extra that draws, what says so.
    """
    from anagen.reports import style

    drawn: dict[str, DrawnFigure] = {}
    with style.styled() if pictures_there() else nullcontext():
        for name, make in makers.items():
            try:
                picture = make()
            except MissingExtra:
                picture = sentence_case(f"{without_pictures('this picture')}.")
            if isinstance(picture, str):
                drawn[name] = DrawnFigure(name, alt="", reason=picture)
            else:
                figure, alt = picture
                drawn[name] = DrawnFigure(name, alt, style.to_svg(figure), style.to_png(figure) if png else b"")
    return drawn


def write_figures(figures: Mapping[str, DrawnFigure], folder: Path) -> tuple[Path, ...]:
    """Write every picture that was drawn as `<name>.svg` and `<name>.png` into a folder, which is made.

    Returns
    -------
    tuple of Path
        The files written.
    """
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    for figure in figures.values():
        for suffix, data in ((".svg", figure.svg), (".png", figure.png)) if figure.reason is None else ():
            written.append(folder / f"{figure.name}{suffix}")
            write_durably(written[-1], data)
    return tuple(written)


def render(template: str, *, styles: tuple[str, ...] = (), **content: object) -> str:
    """HTML of a page; everything that is put into the template is escaped.

    Parameters
    ----------
    template : str
        Path of the template in the package, such as "reports/templates/report.html.j2"; it extends
        "reports/templates/page.html.j2" and takes tables and pictures from "reports/templates/parts.html.j2".
    styles : tuple of str
        Paths of style sheets after the common one.
    **content : object
        What the template names; every name must be there.

    Returns
    -------
    str
        The whole page.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(_text))
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    css = Markup("".join(_text(name) for name in (STYLE, *styles)))
    return environment.get_template(template).render(css=css, **content)


def _text(name: str) -> str:
    return (files("anagen") / name).read_text(encoding="utf-8")
