"""The controls of one therapy, and its keys in a study file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from anagen.core.units import PARTICLES
from anagen.delivery import ROUTES
from anagen.prognoses.asked import MOST_WEEKS
from anagen.studio.forms.field import CHOICE, RANGE, Choice, Field
from anagen.therapies import THERAPIES, Therapy
from anagen.therapies.therapy import RegimenSchedule

GIVEN = "given"
"""Name of the control of a therapy, before its number; what is told of it stands behind: `given1-dose`."""
BILLION = 1.0e9
MOST_TIMES, STEPS = 4.0, 10
"""A dose can be chosen up to so many times the usual one; the usual one is so many steps."""
LONGEST_INTERVAL, MOST_SESSIONS = 26, 52


def controls_of_therapy(slot: int, therapy: Therapy, given: Mapping[str, str]) -> list[Field]:
    """Controls of how a therapy is given; what is not among them is as usual.

    Parameters
    ----------
    slot : int
        Number of the therapy, counted from 1.
    therapy : Therapy
        Which.
    given : Mapping of str to str
        A query: dose and rhythm depend on the route.

    Returns
    -------
    list of Field
        With their defaults.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> [field.name for field in controls_of_therapy(1, THERAPIES["exosome"], {})]
    ['given1-route', 'given1-product', 'given1-dose', 'given1-every', 'given1-sessions']
    """
    name = f"{GIVEN}{slot}"
    fields: list[Field] = []
    asked = given.get(f"{name}-route", "")
    route = asked if asked in therapy.routes else therapy.routes[0]
    if len(therapy.routes) > 1:
        routes = tuple(Choice(each, _capital(ROUTES[each].title)) for each in therapy.routes)
        fields.append(Field(f"{name}-route", "Route", CHOICE, therapy.routes[0], routes))
    by = therapy.by(route)
    if len(by.products) > 1:
        products = tuple(Choice(each, each) for each in by.products)
        fields.append(Field(f"{name}-product", "Product", CHOICE, by.products[0], products))
    if len(by.formulations) > 1:
        forms = tuple(Choice(each, each) for each in by.formulations)
        fields.append(Field(f"{name}-formulation", "Formulation", CHOICE, next(iter(by.formulations)), forms))
    if by.default_dose and by.dose_unit is not None:
        fields.append(_dose(f"{name}-dose", by.default_dose, by.dose_unit, by.per[0]))
    fields += _rhythm(name, by.default_schedule)
    # each control has a name of its own
    return [replace(field, label=f"{field.label}, therapy {slot}") for field in fields] if slot > 1 else fields


def use_of(fields: Mapping[str, Field], slot: int) -> dict[str, Any]:
    """What is given at a place, with the keys of a study file.

    Parameters
    ----------
    fields : Mapping of str to Field
        Controls of the page.
    slot : int
        Number of the therapy.

    Returns
    -------
    dict
        Therapy, route, formulation, dose and schedule, as far as there are controls for them.
    """
    name = f"{GIVEN}{slot}"

    def value(part: str) -> str:
        field = fields.get(f"{name}-{part}")
        return "" if field is None else field.offer or field.value

    use: dict[str, Any] = {"therapy": fields[name].value}
    use |= {part: value(part) for part in ("route", "product", "formulation") if value(part)}
    therapy = THERAPIES[fields[name].value]
    usual = therapy.by(value("route") or therapy.routes[0])
    if value("dose") and usual.default_dose is not None:
        unit = fields[f"{name}-dose"].unit
        scale, unit = (BILLION, PARTICLES) if unit.startswith("billion") else (1.0, unit)
        amount = float(value("dose")) * scale
        # what is not moved is left as usual
        use |= {"dose": f"{amount:g} {unit}"} if f"{amount:g}" != f"{usual.default_dose:g}" else {}
    every, sessions, timing = value("every"), value("sessions"), usual.default_schedule
    if every and (every, sessions) != (f"{timing.every:g}", f"{timing.sessions or ''}"):
        use["schedule"] = {"every": float(every)} | ({"sessions": round(float(sessions))} if sessions else {})
    if value("until") and float(value("until")) < MOST_WEEKS:
        use["schedule"] = {"per_day": timing.per_day, "until": float(value("until"))}
    return use


def _dose(name: str, usual: float, unit: str, per: str) -> Field:
    """A slider of doses from a small one to several times the usual one."""
    scale, shown = (BILLION, f"billion {PARTICLES}") if unit == PARTICLES else (1.0, unit)
    usual = usual / scale
    # the usual dose has to be one that the slider can stand at
    step = usual / STEPS
    return Field(
        name,
        "Dose",
        RANGE,
        f"{usual:g}",
        low=_tidy(step),
        high=_tidy(MOST_TIMES * usual),
        step=_tidy(step),
        unit=shown,
        note=f"Usual: {usual:g} {shown} per {per}.",
    )


def _rhythm(name: str, usual: RegimenSchedule) -> list[Field]:
    """Weeks between sessions and their number; or until when it is taken daily."""
    if usual.per_day is not None:
        note = f"Taken {_often(usual.per_day)}; on to the end where it is {MOST_WEEKS}."
        until = Field(f"{name}-until", "Until week", RANGE, str(MOST_WEEKS), low=1, high=MOST_WEEKS, step=1, note=note)
        return [until]
    if usual.every is None or usual.every < 1.0:
        return []
    every = Field(
        f"{name}-every",
        "Weeks between sessions",
        RANGE,
        f"{usual.every:g}",
        low=1,
        high=LONGEST_INTERVAL,
        step=1,
        unit="weeks",
    )
    if usual.sessions is None:
        return [every]
    most = max(MOST_SESSIONS, usual.sessions)
    sessions = Field(f"{name}-sessions", "Sessions", RANGE, str(usual.sessions), low=1, high=most, step=1)
    return [every, sessions]


def _often(per_day: float) -> str:
    return {1.0: "once a day", 2.0: "twice a day"}.get(per_day, f"{per_day:g} times a day")


def _tidy(number: float) -> float:
    """A number without what binary fractions leave of it."""
    return float(f"{number:.6g}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
