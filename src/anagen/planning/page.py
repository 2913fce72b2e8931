"""The page of a planned study: one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from anagen.planning import wording
from anagen.planning.picture import alt_of
from anagen.planning.printed import printed_tables
from anagen.reports.cells import plain_table
from anagen.reports.glossary import Word, glossary
from anagen.reports.page import DrawnFigure, draw_all, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.planning.result import Power

WORDS = (
    Word("Power", "Chance that a trial succeeds if the effect is what is assumed."),
    Word("Type I error", "Chance that a trial finds a difference where there is none."),
    Word("Assurance", "Chance that a trial succeeds, over all that is not known of the effect; also expected power."),
    Word("Ceiling", "What assurance cannot exceed: the chance that the effect lies in the wanted direction at all."),
    Word("Bias", "Mean estimate less the true effect."),
    Word("Interval covers", "Share of trials whose confidence interval holds the true effect; 95 % are meant to."),
    Word("Mean if significant", "Mean estimate of trials that succeed: larger than the truth, the winner's curse."),
    Word("Closed form", "The same by the noncentral t distribution, from effect, spread and numbers alone."),
    Word("Monte-Carlo error", "How far another seed could lie, the standard error of the simulation itself."),
)


def draw_pictures(result: Power) -> dict[str, DrawnFigure]:
    """Pictures of a result, as SVG and PNG.

    Parameters
    ----------
    result : Power
        What is drawn.

    Returns
    -------
    dict[str, DrawnFigure]
        By name.
    """
    makers: dict[str, Callable[[], tuple[Figure, str] | str]] = {
        name: partial(_drawn, result, name) for name in result.figures()
    }
    return draw_all(makers)


def build_page(result: Power, pictures: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page, with the pictures inside it.

    Parameters
    ----------
    result : Power
        What is told.
    pictures : Mapping[str, DrawnFigure]
        From `draw_pictures`.

    Returns
    -------
    str
        The page.
    """
    tables = [plain_table(each.title, each.header, each.rows, each.note) for each in printed_tables(result)]
    return render(
        "planning/templates/power.html.j2",
        title=wording.title_of(result),
        headline=result.headline(),
        findings=wording.findings(result),
        reading=wording.how_to_read(result),
        standing=wording.standing_words(result.manifest),
        disclaimer=wording.DISCLAIMER,
        glossary=glossary(terms=WORDS),
        pictures=list(pictures.values()),
        tables=tables,
        method=_method(result),
    )


def _drawn(result: Power, name: str) -> tuple[Figure, str]:
    return result.plot(name), alt_of(result, name)


def _method(result: Power) -> list[tuple[str, str]]:
    manifest = result.manifest
    normal = manifest["normal"]
    return [
        ("Software", f"{manifest['package']} {manifest['version']}"),
        ("Trials", f"{manifest['replicates']:,} of the largest size; seed {manifest['seed']}"),
        ("Parameter draws", str(manifest["draws"]) if normal is None else "none: an effect was stated"),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
        ("Study", f"SHA-256 {manifest['study_sha256']}; manifest.json holds the whole study"),
        *((("Options", manifest["options"]),) if "options" in manifest else ()),
    ]
