"""Pictures of a question for the page: two scalps, charts, a hundred people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from anagen.prognoses.asked import STOPPED, WITH
from anagen.prognoses.scalp import HEADS, drawn, look_at
from anagen.reports.numbers import number
from anagen.studio.clinic.case import Case
from anagen.studio.clinic.models import Curve, People, Week
from anagen.studio.clinic.pictures import Line, chart_svg, hundred_svg, scalp_svg
from anagen.studio.clinic.words import unit_of


@dataclass(frozen=True)
class Shown:
    """A picture with its heading.

    Attributes
    ----------
    name : str
        Of the course or quantity.
    head : str
        In words.
    svg : Markup
        The picture.
    foot : str
        Below it.
    """

    name: str
    head: str
    svg: Markup
    foot: str = ""


def scalps(case: Case, week: Week) -> list[Shown]:
    """The scalp under every course but the stopped one, in a week.

    Parameters
    ----------
    case : Case
        The question.
    week : Week
        With the numbers that stand below them.

    Returns
    -------
    list of Shown
        The treated one first.
    """
    look = look_at(case.asked)
    found: list[Shown] = []
    for numbers in week.courses:
        if numbers.course == STOPPED:
            continue
        name = numbers.course
        head = HEADS[name]
        hairs = f"{number(numbers.hairs, 0)} hairs per cm²"
        label = f"{head}, week {week.week}: {hairs}"
        drawing = drawn(case.asked, case.course(name), week.week, case.places(name), look)
        found.append(Shown(name, head, Markup(scalp_svg(drawing, label)), hairs))
    return found


def charts(curves: tuple[Curve, ...], week: int, stop: float | None) -> list[Shown]:
    """Hairs, and what is seen, over weeks.

    Parameters
    ----------
    curves : tuple of Curve
        Of every course.
    week : int
        Where the cursor stands.
    stop : float or None
        Week from which the stopped course differs.

    Returns
    -------
    list of Shown
        One for each quantity.
    """
    found: list[Shown] = []
    for quantity in dict.fromkeys(curve.quantity for curve in curves):
        words, whole = unit_of(quantity)
        own = [curve for curve in curves if curve.quantity == quantity]
        lines = [_line(curve, stop) for curve in own]
        ends = "; ".join(
            f"{HEADS[curve.course].lower()} {number(curve.values[0], 0 if whole else 2)} in week 0, "
            f"{number(curve.values[-1], 0 if whole else 2)} in week {curve.weeks[-1]:g}"
            for curve in own
        )
        label = f"{words[:1].upper()}{words[1:]} over weeks: {ends}"
        last = round(own[0].weeks[-1])
        svg = chart_svg(lines, week=week, last=last, label=label, whole=whole)
        found.append(Shown(quantity, words[:1].upper() + words[1:], Markup(svg)))
    return found


def hundreds(people: People) -> list[Shown]:
    """A hundred people under every course.

    Parameters
    ----------
    people : People
        Who were followed.

    Returns
    -------
    list of Shown
        The treated ones first.
    """
    found: list[Shown] = []
    for one in people.hundred:
        words = f"{one.gain} gain visibly, {one.stay} stay, {one.lose} lose visibly"
        label = f"{HEADS[one.course]}, week {one.week}, of 100 people: {words}"
        svg = hundred_svg({"gain": one.gain, "stay": one.stay, "lose": one.lose}, label)
        foot = f"{words} (± {number(one.error, 0)})"
        found.append(Shown(one.course, HEADS[one.course], Markup(svg), foot))
    return sorted(found, key=lambda shown: shown.name != WITH)


def _line(curve: Curve, stop: float | None) -> Line:
    first = 0 if curve.course != STOPPED or stop is None else round(stop)
    weeks, values = np.array(curve.weeks)[first:], np.array(curve.values)[first:]
    low, high = (np.array(ends) if ends else None for ends in (curve.low, curve.high))
    return Line(curve.course, HEADS[curve.course], weeks, values, low, high)
