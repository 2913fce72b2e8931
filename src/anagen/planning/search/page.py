"""The page of a search: one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anagen.planning.search import wording
from anagen.planning.search.picture import alt_of
from anagen.planning.search.printed import printed_tables
from anagen.planning.wording import DISCLAIMER
from anagen.reports.cells import plain_table
from anagen.reports.glossary import Word, glossary
from anagen.reports.page import DrawnFigure, draw_all, render

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch

WORDS = (
    Word("Design", "A trial but for its size: what is given, when it ends, and how its arms are laid out."),
    Word("Candidate", "A design with its arms, the ratio of their patients, and how many there are."),
    Word("Assurance", "Chance that a trial succeeds, over all that is not known of the effect; also expected power."),
    Word("Ceiling", "What assurance cannot exceed: the chance that the effect lies in the wanted direction at all."),
    Word("Power", "Chance that a trial succeeds if the effect is that of the central parameter values."),
    Word(
        "Not beaten", "No other candidate is as good in cost, months and chance of success and better in one of them."
    ),
    Word("Monte-Carlo error", "How far another seed could lie, the standard error of the simulation itself."),
)


def draw_pictures(result: DesignSearch) -> dict[str, DrawnFigure]:
    """The picture of a search, as SVG and PNG.

    Parameters
    ----------
    result : DesignSearch
        What is drawn.

    Returns
    -------
    dict[str, DrawnFigure]
        By name.
    """
    return draw_all({"front": lambda: (result.plot("front"), alt_of(result))})


def build_page(result: DesignSearch, pictures: Mapping[str, DrawnFigure], files: tuple[str, ...]) -> str:
    """HTML of the page, with the picture inside it.

    Parameters
    ----------
    result : DesignSearch
        What is told.
    pictures : Mapping[str, DrawnFigure]
        From `draw_pictures`.
    files : tuple[str, ...]
        Studies written beside the page.

    Returns
    -------
    str
        The page.
    """
    written = result.study or result.closest_study
    return render(
        "planning/templates/design.html.j2",
        title=wording.title_of(result),
        headline=result.headline(),
        findings=wording.findings(result),
        reading=wording.how_to_read(result),
        standing=wording.standing_of(result),
        disclaimer=DISCLAIMER,
        glossary=glossary(terms=WORDS),
        pictures=list(pictures.values()),
        tables=[plain_table(each.title, each.header, each.rows, each.note) for each in printed_tables(result)],
        varied=[(name, ", ".join(values)) for name, values in _varied(result).items()],
        study="" if written is None else written.to_yaml(),
        best=result.study is not None,
        files=files,
        method=_method(result),
    )


def _varied(result: DesignSearch) -> dict[str, list[str]]:
    """What varied, by name; ranges in words."""
    told = {name: list(values) for name, values in result.manifest["vary"].items()}
    if result.manifest["patients_between"]:
        low, high = told["patients"]
        told["patients"] = [f"{low} to {high} in the smallest arm"]
    return told


def _method(result: DesignSearch) -> list[tuple[str, str]]:
    manifest = result.manifest
    return [
        ("Software", f"{manifest['package']} {manifest['version']}"),
        ("Search", f"{manifest['trials']:,} candidates asked for, NSGA-II; seed {manifest['seed']}"),
        ("Of each design", f"{manifest['replicates']} trials, {manifest['draws']} parameter draws"),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
        ("Study", f"SHA-256 {manifest['study_sha256']}; manifest.json holds the whole study"),
        *((("Options", manifest["options"]),) if "options" in manifest else ()),
    ]
