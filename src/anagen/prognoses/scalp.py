"""The scalp of one person in one week, drawn: the same follicles at the same places under every course."""

from __future__ import annotations

import math
from collections.abc import Sequence

from anagen.prognoses.asked import AREA, STOPPED, WITH, WITHOUT, Asked
from anagen.prognoses.course import Course
from anagen.reports.sheets import hair_of
from anagen.scalp.picture.layout import Layout, Site, layout
from anagen.scalp.picture.looks import Look, look_of
from anagen.scalp.picture.page import Page, Panel, page
from anagen.scalp.picture.shapes import Drawing, drawing

HEADS = {WITH: "With treatment", WITHOUT: "Without treatment", STOPPED: "Stopped"}
"""Courses in words."""
DRAWN = (
    "Every follicle that was simulated is there, its hair as thick as it is and cut short. Where follicles stand and "
    "how skin looks is drawing and no part of the model."
)


def look_at(asked: Asked, *, view: str = "trichoscopy", hair: str | None = None, skin: str | None = None) -> Look:
    """Hair and skin of the person; by ethnicity where they are left out.

    Parameters
    ----------
    asked : Asked
        The question.
    view : str
        "trichoscopy" or "phototrichogram".
    hair : str or None
        Colour.
    skin : str or None
        Colour.

    Returns
    -------
    Look
        For `drawn`.
    """
    person = asked.person
    return look_of(view=view, condition=person.condition, ethnicity=person.ethnicity, hair=hair, skin=skin)


def site_of(asked: Asked) -> Site:
    """Address of the person's picture, which no therapy moves."""
    return Site(asked.person.seed, 0, 0)


def places_of(asked: Asked, course: Course) -> Layout:
    """Where the follicles of a course stand; native ones stand in the same places under every course.

    Parameters
    ----------
    asked : Asked
        The question.
    course : Course
        With its follicles.

    Returns
    -------
    Layout
        Of all weeks.
    """
    counts = [len(part.follicle) for part in course.states]
    return layout(counts, 10.0 * math.sqrt(AREA), site_of(asked), asked.person.ethnicity)


def drawn(asked: Asked, course: Course, week: int, placed: Layout, look: Look) -> Drawing:
    """The scalp of a course in a week, with grown hair that is cut short.

    Parameters
    ----------
    asked : Asked
        The question.
    course : Course
        One of its courses.
    week : int
        Which.
    placed : Layout
        From `places_of`.
    look : Look
        From `look_at`.

    Returns
    -------
    Drawing
        One stroke for every hair that is counted.
    """
    return drawing(hair_of(course.states, week), None, 0.0, placed, site_of(asked), look)


def sheet(asked: Asked, courses: Sequence[Course], weeks: Sequence[int], look: Look) -> Page:
    """Courses one below the other, weeks side by side, laid out for a file.

    Parameters
    ----------
    asked : Asked
        The question.
    courses : Sequence[Course]
        Its courses.
    weeks : Sequence[int]
        Weeks to be drawn.
    look : Look
        From `look_at`.

    Returns
    -------
    Page
        Ready to be written.
    """
    rows: list[tuple[str, list[Panel]]] = []
    for course in courses:
        placed, counts = places_of(asked, course), course.counts()
        panels = [
            Panel(
                drawn(asked, course, week, placed, look),
                f"week {week}",
                f"{counts.hairs[week]:.0f} hairs/cm², mean {counts.diameter[week]:.0f} um",
            )
            for week in weeks
        ]
        rows.append((HEADS[course.name], panels))
    return page(rows, asked.person.words(), f"simulated person of seed {asked.person.seed}: {asked.person.words()}")
