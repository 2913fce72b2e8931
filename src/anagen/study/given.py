"""How a therapy is given, in plain words: product, route, dose, timing, and what a file leaves to another arm."""

from __future__ import annotations

import math
from collections.abc import Iterable

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.words import counted
from anagen.study.dosing import PER_AREA
from anagen.study.strength import beyond_strengths, strength_words
from anagen.study.treatment import TAKEN, Arm, Phase, TherapyUse
from anagen.study.unreported import unreported_words
from anagen.study.values import Quantity
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy
from anagen.therapies.kinetics import Depot
from anagen.therapies.names import meant_by

MANY = 12
"""Weeks or doses that are listed one by one."""
ACTING = ("wound", "channels")
"""Settings of opened skin that change what a depot laid on it does; the others change the wound or nothing."""
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


def through_channels(arm: Arm, words: Vocabulary) -> str:
    """What gets in of a medium that is laid on opened skin, of which nothing was measured; empty where none is."""
    told: dict[str, None] = {}
    for use in arm.therapies:
        kinetics = words.therapies[use.therapy].kinetics.get(use.route)
        settings = [setting.name for setting in words.routes[use.route].settings]
        if not isinstance(kinetics, Depot) or "channels" not in settings:
            continue
        what = words.therapies[use.therapy].title
        if kinetics.device is not None:
            told[
                f" How much of {what} gets in here was never measured: taken is the share after needling times how "
                "freely a channel of this device lets particles pass against one of a needle "
                f"({' × '.join(kinetics.shares(use.route))}, assumptions of grade C)."
            ] = None
        idle = [name for name in use.settings if name in settings and name not in ACTING]
        if idle:
            told[f" What is set of {listed(idle)} moves the wound or nothing, not how much of {what} gets in."] = None
    return "".join(told)


def use_in_words(use: TherapyUse, last: float, words: Vocabulary, others: Iterable[Arm] = ()) -> str:
    """What is given, how, how much and when, until the last visit; `others` are the study's arms."""
    therapy = words.therapies[use.therapy]
    file = "" if use.product_file is None else f" (from {use.product_file.file})"
    product = None if use.product is None else f"{use.product}{file}"
    form = use.formulation
    if use.strength is not None:
        beyond = beyond_strengths(therapy.by(use.route), use.strength.value)
        form = strength_words(form, use.strength.model_dump()) + (f" ({beyond})" if beyond else "")
    what = therapy.title + "".join(f", {name}" for name in (product, form) if name)
    if use.called is not None:
        synonym = meant_by(use.called)
        what += f" (the file says {use.called}{f': {synonym.what}' if synonym is not None else ''})"
    route = words.routes[use.route]
    way = "" if use.route == "none" else route.way_of(therapy)
    parts = [what, way] if way else [what]
    titles = {setting.name: setting.title for setting in route.settings}
    parts += [f"{titles.get(name, name)} {quantity.text}" for name, quantity in use.settings.items()]
    phases = use.schedule.parts
    if use.dose is not None and any(phase.dose is None and phase.doses is None for phase in phases):
        first = next(phase for phase in phases if phase.dose is None and phase.doses is None)
        parts.append(_dose(use, use.dose, first) + _unusual(use, use.dose, therapy.by(use.route)))
    timing = _timing(use, last, therapy.by(use.route))
    if timing:
        parts.append(timing)
    if use.unreported:
        parts.append(unreported_words(use.unreported))
    if use.adherence is not None:
        spread = f" (standard deviation {100.0 * use.adherence.sd:g} %)" if use.adherence.sd else ""
        what = "doses taken" if use.taken else "sessions attended, each by chance,"
        parts.append(f"{100.0 * use.adherence.mean:g} % of {what} on average{spread}")
    for arm in dict.fromkeys(use.follows.values()):
        keys = listed("schedule" if key == "rhythm" else key for key, other in use.follows.items() if other == arm)
        parts.append(f"{keys} as in {arm}, as the file gives none{_unlike(use, arm, others, words)}")
    return ", ".join(parts)


def _unlike(use: TherapyUse, followed: str, arms: Iterable[Arm], words: Vocabulary) -> str:
    """Arms with the same control whose schedule is another than that of the arm which a control follows."""
    if not {"schedule", "rhythm"} & use.follows.keys():
        return ""
    timings = {
        arm.name: {
            _when(other)
            for other in arm.therapies
            if words.therapies[other.therapy].by(other.route).control == use.therapy
        }
        for arm in arms
    }
    unlike = [name for name, found in timings.items() if found and found != timings.get(followed, found)]
    if not unlike:
        return ""
    other = f"{listed(unlike)}, whose schedule{' differs' if len(unlike) == 1 else 's differ'}"
    return f" (the first arm that it is the control of; not as in {other}: give the control a schedule of its own)"


def _when(use: TherapyUse) -> tuple[object, ...]:
    """When something is given, so that two schedules can be told apart."""
    return tuple(
        (phase.session_weeks(), phase.per_day, None if phase.per_day is None else (phase.start, phase.until))
        for phase in use.schedule.parts
    )


def _dose(use: TherapyUse, dose: Quantity, phase: Phase) -> str:
    """A dose with what it is per; where it is given by area, the area and the other of the two amounts."""
    area = use.treated_area
    if use.per in TAKEN and phase.per_day is None:
        return f"{dose.text} each time"
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


def _timing(use: TherapyUse, last: float, therapy: Therapy) -> str:
    phases = use.schedule.phases
    if phases is None:
        return _stretch(use, use.schedule, last, therapy)
    return "; then ".join(
        f"nothing from week {phase.start:g}{_to(phase.until)}" if phase.pause else _stretch(use, phase, last, therapy)
        for phase in phases
    )


def _stretch(use: TherapyUse, phase: Phase, last: float, therapy: Therapy) -> str:
    """When and how much is given in one phase."""
    dose = "" if phase.dose is None else f"{_dose(use, phase.dose, phase)}{_unusual(use, phase.dose, therapy)}, "
    end = last if phase.until is None else phase.until
    late = f" (seen until the last visit in week {last:g})" if end > last else ""
    stretch = f" from week {phase.start:g} to week {end:g}{late}"
    if phase.per_day is not None:
        return dose + often(phase.per_day) + stretch
    weeks = phase.session_weeks()
    if not weeks:
        return ""
    doses = ""
    if phase.doses is not None:
        each = [quantity.text for quantity in phase.doses]
        doses = f", of {_some(each)}"
    if use.per in TAKEN:
        return f"{dose}{interval(phase)}{stretch}{doses}"
    when = f"in {'week' if len(weeks) == 1 else 'weeks'} {_some([f'{week:g}' for week in weeks])}"
    if phase.days is not None:
        when = f"{interval(phase)} from week {math.floor(weeks[0]):g} to week {math.floor(weeks[-1]):g}"
    missed = sum(week >= last for week in weeks)
    remark = f" ({missed} of them not before the last visit, so without a visible effect)" if missed else ""
    return f"{dose}{counted(len(weeks), 'session')} {when}{remark}{doses}"


def often(per_day: float) -> str:
    """How many times a day.

    Examples
    --------
    >>> often(1.0), often(3.0)
    ('once a day', '3 times a day')
    """
    return {3.0 / 7.0: "three times a week", 1.0: "once a day", 2.0: "twice a day"}.get(
        per_day, f"{per_day:g} times a day"
    )


def interval(phase: Phase) -> str:
    """How often something is given that is neither given so many times a day nor in sessions.

    Examples
    --------
    >>> interval(Phase(every=2 / 7)), interval(Phase(every=1)), interval(Phase(days=("monday", "friday")))
    ('every 2 days', 'once a week', 'on Mondays and Fridays')
    """
    if phase.days is not None:
        return f"on {listed(f'{day.title()}s' for day in phase.days)}"
    if phase.every is None:
        return "once"
    days = round(phase.every * DAYS_PER_WEEK, 6)
    if days % DAYS_PER_WEEK:
        return "every day" if days == 1.0 else f"every {days:g} days"
    return "once a week" if days == DAYS_PER_WEEK else f"every {days / DAYS_PER_WEEK:g} weeks"


def _some(names: list[str]) -> str:
    """All names, or the first and the last of many."""
    return listed(names) if len(names) <= MANY else f"{', '.join(names[:3])} … {names[-1]}"


def _to(until: float | None) -> str:
    return "" if until is None else f" to week {until:g}"


def listed(names: Iterable[str]) -> str:
    """Names joined by commas and a final "and".

    Examples
    --------
    >>> listed(["0", "4", "8"])
    '0, 4 and 8'
    """
    each = list(names)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
