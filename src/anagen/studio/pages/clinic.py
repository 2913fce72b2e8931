"""Clinic: one person with a treatment and without, week by week."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from anagen.core.errors import InputError, Problem
from anagen.reports.numbers import number
from anagen.studio.clinic.case import Case, clinic_of
from anagen.studio.clinic.controls import Controls, controls_of
from anagen.studio.clinic.models import ClinicView, People
from anagen.studio.clinic.shown import Shown, charts, hundreds, scalps
from anagen.studio.clinic.sources import sources_of
from anagen.studio.clinic.view import curves_of, people_of, view_of, week_of
from anagen.studio.clinic.words import to_follow
from anagen.studio.page import Page, render, show

PAGE = Page("/clinic", "Clinic", "What happens to this person, with a treatment and without?", 1)
FILE = "anagen-clinic"
LONGEST_WAIT = 60.0
"""Seconds that a page without scripts waits for people."""
FIRST = ("condition", "sex", "age", "norwood", "ludwig", "salt", "course", "years")
"""Controls of the person that are always in sight."""
router = APIRouter(include_in_schema=False)


@router.get(PAGE.path)
def clinic(request: Request) -> HTMLResponse:
    """Show the person, what is given, both scalps and what follows.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    HTMLResponse
        The page.
    """
    clinic_of(request.app).followers.pictures.asked()
    now = controls_of(request.query_params)
    told: list[tuple[str, str]] = [(f"{f.label} {f.problem}", f"#{f.id}") for f in now.fields.values() if f.problem]
    content: dict[str, Any] = {"view": None, "shown": None}
    if not now.wrong:
        try:
            case = clinic_of(request.app).case(now)
        except InputError as error:
            now, told = now.with_problems(error.problems)
        else:
            if request.query_params.get("people") == "wait":
                _wait_for_people(case)
            content = _content(case, now)
    return show(request, PAGE, "clinic.html.j2", now=now, wrong=told, query=now.query(), first=FIRST, **content)


@router.get(f"{PAGE.path}/week")
def slide(request: Request) -> HTMLResponse:
    """Show both scalps and the numbers of one week: what follows the slider.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    HTMLResponse
        A fragment.
    """
    clinic_of(request.app).followers.pictures.asked()
    case, now = _case(request)
    found = week_of(case, now.week)
    spread = case.spread()
    people = None if spread is None else people_of(case, spread, now.week)
    content = {"week": found, "shown": scalps(case, found), "icons": _icons(people), "number": number}
    return HTMLResponse(render("clinic-slide.html.j2", **content))


@router.get(f"{PAGE.path}/dose")
def moved(request: Request) -> HTMLResponse:
    """Show both scalps, the numbers and the courses: what follows a slider of the person or of the treatment.

    What takes longer (stopping, people alike, harms) is left to the whole page, once the slider rests.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    HTMLResponse
        A fragment.
    """
    clinic_of(request.app).followers.pictures.asked()
    case, now = _case(request, stop=False)
    found = week_of(case, now.week)
    curves = curves_of(case, case.spread())
    content = {"week": found, "shown": scalps(case, found), "charts": charts(curves, now.week, None), "number": number}
    return HTMLResponse(render("clinic-moved.html.j2", **content))


@router.get(f"{PAGE.path}/people")
def followed(request: Request) -> HTMLResponse:
    """Show people like the person, or how far they have been followed.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    HTMLResponse
        A fragment; with status 202 until it is done.
    """
    case, now = _case(request)
    following = case.following()
    if following.result is None:
        progress = {"done": following.done, "total": following.total, "what": to_follow()}
        return HTMLResponse(render("clinic-wait.html.j2", **progress), 202)
    view = view_of(case, now.week)
    drawn = charts(view.curves, now.week, case.asked.stop)
    return HTMLResponse(render("clinic-followed.html.j2", charts=drawn, icons=_icons(view.people), view=view))


@router.get(f"{PAGE.path}/scalps.svg")
def scalps_svg(request: Request) -> Response:
    """Give both scalps in the start and the week that is looked at, true to scale.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    Response
        SVG.
    """
    from anagen.scalp.picture.svg import to_svg

    return _file(to_svg(_sheet(request)), "image/svg+xml", "svg")


@router.get(f"{PAGE.path}/scalps.png")
def scalps_png(request: Request) -> Response:
    """Give the same as PNG.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    Response
        PNG.
    """
    from anagen.core.provenance import package_version
    from anagen.prognoses.scalp import site_of
    from anagen.scalp.picture.picture import SIGNATURE
    from anagen.scalp.picture.png import to_png

    case, _ = _case(request)
    data = to_png(_sheet(request), site_of(case.asked), 20.0, f"{SIGNATURE}, {package_version()}")
    return _file(data, "image/png", "png")


@router.get(f"{PAGE.path}/weeks.csv")
def weeks_csv(request: Request) -> Response:
    """Give all courses week by week.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    Response
        CSV.
    """
    case, _ = _case(request)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    curves = curves_of(case, case.spread())
    writer.writerow(["course", "quantity", "week", "value", "low", "high"])
    for curve in curves:
        for place, at in enumerate(curve.weeks):
            low, high = (ends[place] if ends else "" for ends in (curve.low, curve.high))
            writer.writerow([curve.course, curve.quantity, f"{at:g}", curve.values[place], low, high])
    return _file(stream.getvalue().encode(), "text/csv", "csv")


@router.get(f"{PAGE.path}/study.yaml")
def study_yaml(request: Request) -> Response:
    """Give the study of people like the person.

    Parameters
    ----------
    request : Request
        Its address holds what is shown.

    Returns
    -------
    Response
        A study file.
    """
    case, _ = _case(request)
    return _file(case.asked.study.to_yaml().encode(), "application/yaml", "yaml")


def _case(request: Request, *, stop: bool = True) -> tuple[Case, Controls]:
    """The question of an address, without the course after stopping where it is not wanted; what is wrong with it is
    told as an error.
    """
    now = controls_of(request.query_params)
    if now.wrong:
        raise InputError([Problem(None, None, None, field.name, field.problem) for field in now.wrong])
    return clinic_of(request.app).ask(now.person, now.therapies, now.stop if stop else None), now


def _wait_for_people(case: Case) -> None:
    """Follow people now, for a page that cannot ask again."""
    began = time.monotonic()
    while case.spread() is None and time.monotonic() - began < LONGEST_WAIT:
        case.following().ended.wait(1.0)


def _content(case: Case, now: Controls) -> dict[str, Any]:
    view: ClinicView = view_of(case, now.week)
    seed = round(float(now.value("seed")))
    return {
        "view": view,
        "shown": scalps(case, view.week),
        "charts": charts(view.curves, now.week, case.asked.stop),
        "icons": _icons(view.people),
        "to_follow": to_follow(),
        "another": now.query(seed=seed + 1),
        "beside_field": _beside_field(now, view),
        "sources": sources_of(case),
        "number": number,
    }


def _icons(found: People | None) -> list[Shown]:
    return [] if found is None else hundreds(found)


def _beside_field(now: Controls, view: ClinicView) -> dict[str, list[str]]:
    """For whom a therapy is not, at the control that chose it."""
    return {
        f"given{slot}": [*therapy.forbidden, *therapy.unlike]
        for slot, therapy in zip(now.slots, view.beside.therapies, strict=True)
    }


def _sheet(request: Request) -> Any:
    from anagen.prognoses.scalp import look_at, sheet

    case, now = _case(request)
    courses = [case.course(name) for name in case.names]
    return sheet(case.asked, courses, sorted({0, now.week}), look_at(case.asked))


def _file(data: bytes, kind: str, ending: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{FILE}.{ending}"'})
