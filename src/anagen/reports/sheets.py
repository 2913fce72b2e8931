"""A target area of a patient at visits: what is drawn, counted and written down of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.follicles.follicle_states import CLASSES, PHASES, FollicleStates
from anagen.reports.courses import Course
from anagen.scalp.picture.layout import Layout, Site, layout
from anagen.scalp.picture.looks import Look
from anagen.scalp.picture.page import Panel
from anagen.scalp.picture.picture import TRUTH
from anagen.scalp.picture.shapes import Hair, drawing
from anagen.trials.observation import Scene

TERMINAL = CLASSES.index("terminal")


@dataclass(frozen=True, slots=True)
class Followed:
    """A patient under an arm, simulated again and found to be the one of the run.

    Attributes
    ----------
    arm : str
        Its name.
    course : Course
        On which he was.
    visits : FloatArray, shape (n_visits,)
        Weeks of the trial.
    states : tuple[FollicleStates, ...]
        His target area on these: native follicles, then the grafts of each session.
    seen : dict[float, bool]
        Whether he came, by week of the arm.
    site : Site
        Address of the draws.
    """

    arm: str
    course: Course
    visits: FloatArray
    states: tuple[FollicleStates, ...]
    seen: dict[float, bool]
    site: Site

    def at(self, week: float, day: int = 0) -> int:
        """Place among the visits of some days after a week of the arm."""
        return int(np.argmin(np.abs(self.visits - self.course.start - week - day / DAYS_PER_WEEK)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pictures of a patient under an arm.

    Attributes
    ----------
    panels : list[Panel]
        One for each week and day.
    truth : list[pandas.DataFrame]
        Follicles behind each.
    counts : list[dict[str, Any]]
        What can be counted in each week.
    """

    panels: list[Panel]
    truth: list[pd.DataFrame]
    counts: list[dict[str, Any]]


def close_up(scene: Scene, followed: Followed, weeks: Sequence[float], days: Sequence[int], look: Look) -> Sheet:
    """Draw the target area of a patient.

    Parameters
    ----------
    scene : Scene
        Of the run.
    followed : Followed
        The patient under an arm.
    weeks : Sequence[float]
        Of the arm.
    days : Sequence[int]
        After shaving.
    look : Look
        A phototrichogram, or trichoscopy.

    Returns
    -------
    Sheet
        True to scale.
    """
    area, states = scene.protocol.area, followed.states
    shaved = look.view == "phototrichogram"
    placed = layout([len(part.follicle) for part in states], 10.0 * math.sqrt(area), followed.site, look.ethnicity)
    sheet = Sheet([], [], [])
    for week in weeks:
        before = hair_of(states, followed.at(week))
        count = count_of(before, area)
        sheet.counts.append({"arm": followed.arm, "week": week, **count})
        foot = foot_of(count) + ("" if followed.seen[week] else "; visit missed")
        for day in days:
            then = hair_of(states, followed.at(week, day))
            drawn = drawing(then, before if shaved else None, float(day), placed, followed.site, look)
            when = f", {day} days after shaving" if day else (", shaved" if shaved else "")
            sheet.panels.append(Panel(drawn, f"week {week:g}{when}", foot))
            sheet.truth.append(_truth(followed.arm, week, day, states, then, placed, drawn.length))
    return sheet


def hair_of(states: Sequence[FollicleStates], at: int) -> Hair:
    """Follicles of an area on one visit, those of each part behind the other."""

    def together(name: str) -> Any:
        return np.concatenate([getattr(part, name)[:, at] for part in states])

    return Hair(*(together(name) for name in ("phase", "diameter", "growth", "length", "hair_class")))


def count_of(hair: Hair, area: float) -> dict[str, float]:
    """Hairs and terminal hairs [1/cm2] and mean diameter [um]."""
    shown = hair.shown
    return {
        "hairs": float(shown.sum()) / area,
        "terminal": float((hair.hair_class == TERMINAL).sum()) / area,
        "diameter": float(hair.diameter[shown].mean()) if shown.any() else math.nan,
    }


def foot_of(count: dict[str, float]) -> str:
    """Counts in words."""
    thick = "" if math.isnan(count["diameter"]) else f", mean {count['diameter']:.0f} um"
    return f"{count['hairs']:.0f} hairs/cm\u00b2, {count['terminal']:.0f} terminal{thick}"


def states_table(states: Sequence[FollicleStates], hair: Hair) -> dict[str, Any]:
    """Columns of the table of follicles that a drawing does not decide."""
    return {
        "follicle": np.concatenate([part.follicle for part in states]),
        "graft_session": np.repeat(np.arange(len(states)), [len(part.follicle) for part in states]),
        "phase": np.array(PHASES)[hair.phase],
        "class": np.array(CLASSES)[hair.hair_class],
        "diameter": hair.diameter.round(3),
        "growth": hair.growth.round(4),
        "length": hair.length.round(3),
    }


def _truth(
    arm: str, week: float, day: int, states: Sequence[FollicleStates], hair: Hair, placed: Layout, drawn: FloatArray
) -> pd.DataFrame:
    columns = {
        "arm": arm,
        "week": week,
        "day": day,
        "unit": placed.unit,
        "x": placed.exit[:, 0].round(4),
        "y": placed.exit[:, 1].round(4),
        "drawn": drawn.round(3),
        **states_table(states, hair),
    }
    return pd.DataFrame(columns)[list(TRUTH)]
