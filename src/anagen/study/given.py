"""How a therapy is given, in plain words: product, route, dose, timing, and what a file leaves to another arm."""

from __future__ import annotations

from collections.abc import Iterable

from anagen.study.dosing import PER_AREA
from anagen.study.treatment import Arm, Schedule, TherapyUse
from anagen.study.values import Quantity
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy
from anagen.therapies.names import meant_by

MUCH = 20.0
"""A dose so many times the usual one is remarked on."""


def on_intact_skin(arm: Arm, words: Vocabulary) -> str:
    """What is laid on beside a needle or laser and does not meet its channels, with the way to say that it does."""
    openers = [use.route for use in arm.therapies if "delay" in (s.name for s in words.routes[use.route].settings)]
    laid = {
        words.therapies[use.therapy].title: route
        for use in arm.therapies
        for route in openers
        if use.route == "topical" and route in words.therapies[use.therapy].routes
    }
    return "".join(
        f" Laid on intact skin, whatever was opened before: {title}; for what meets the channels write route: {route}, "
        "with the setting delay."
        for title, route in laid.items()
    )


def use_in_words(use: TherapyUse, last: float, words: Vocabulary) -> str:
    """What is given, how, how much and when, until the last visit."""
    therapy = words.therapies[use.therapy]
    file = "" if use.product_file is None else f" (from {use.product_file.file})"
    product = None if use.product is None else f"{use.product}{file}"
    what = therapy.title + "".join(f", {name}" for name in (product, use.formulation) if name)
    if use.called is not None:
        synonym = meant_by(use.called)
        what += f" (the file says {use.called}{f': {synonym.what}' if synonym is not None else ''})"
    route = words.routes[use.route]
    parts = [what] if use.route == "none" else [what, route.title]
    titles = {setting.name: setting.title for setting in route.settings}
    parts += [f"{titles.get(name, name)} {quantity.text}" for name, quantity in use.settings.items()]
    if use.dose is not None:
        parts.append(_dose(use, use.dose) + _unusual(use, use.dose, therapy.by(use.route)))
    timing = _timing(use.schedule, last)
    if timing:
        parts.append(timing)
    if use.adherence is not None:
        spread = f" (standard deviation {100.0 * use.adherence.sd:g} %)" if use.adherence.sd else ""
        parts.append(f"{100.0 * use.adherence.mean:g} % of doses taken on average{spread}")
    for arm in dict.fromkeys(use.follows.values()):
        keys = listed("schedule" if key == "rhythm" else key for key, other in use.follows.items() if other == arm)
        parts.append(f"{keys} as in {arm}, as the file gives none")
    return ", ".join(parts)


def _dose(use: TherapyUse, dose: Quantity) -> str:
    """A dose with what it is per; where it is given by area, the area and the other of the two amounts."""
    area = use.treated_area
    if area is None:
        return f"{dose.text} per {use.per}"
    if use.per == PER_AREA:
        return f"{dose.text} per cm2 on {_area(area)} = {dose.value * area.value:.4g} in all per session"
    return f"{dose.text} per session on {_area(area)} = {dose.value / area.value:.4g} per cm2"


def _unusual(use: TherapyUse, dose: Quantity, therapy: Therapy) -> str:
    """A remark on a dose far above the usual one, which may be a slip of the unit."""
    usual = therapy.default_dose
    if usual is None or usual <= 0.0 or therapy.dose_unit is None:
        return ""
    in_all = dose.value * use.treated_area.value if use.per == PER_AREA and use.treated_area is not None else dose.value
    times = in_all / usual
    if times < MUCH:
        return ""
    return f" ({times:,.4g} times the usual {usual:g} {therapy.dose_unit}: is the unit right?)"


def _area(area: Quantity) -> str:
    return area.text.replace("cm^2", "cm2")


def _timing(schedule: Schedule, last: float) -> str:
    weeks = [f"{week:g}" for week in schedule.session_weeks()]
    if weeks:
        when = listed(weeks) if len(weeks) <= 12 else f"{', '.join(weeks[:3])} … {weeks[-1]}"
        late = sum(week >= last for week in schedule.session_weeks())
        remark = f" ({late} of them not before the last visit, so without a visible effect)" if late else ""
        return f"{counted(len(weeks), 'session')} in {'week' if len(weeks) == 1 else 'weeks'} {when}{remark}"
    if schedule.per_day is not None:
        times = {1.0: "once a day", 2.0: "twice a day"}.get(schedule.per_day, f"{schedule.per_day:g} times a day")
        end = last if schedule.until is None else schedule.until
        late = f" (seen until the last visit in week {last:g})" if end > last else ""
        return f"{times} from week {schedule.start:g} to week {end:g}{late}"
    return ""


def listed(names: Iterable[str]) -> str:
    """Names joined by commas and a final "and".

    Examples
    --------
    >>> listed(["0", "4", "8"])
    '0, 4 and 8'
    """
    each = list(names)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "session"), counted(3, "session")
    ('1 session', '3 sessions')
    """
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
