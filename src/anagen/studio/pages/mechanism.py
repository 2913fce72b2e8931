"""Mechanism: the network lit by what is given, with a switch on every edge, and what it does to the levers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from anagen.reports.numbers import percent
from anagen.studio.mechanism.asked import Asked, asked, lever_titles
from anagen.studio.mechanism.own_edges import own_fields, read_own
from anagen.studio.mechanism.pictures import lever_picture, network_picture, ways_shown
from anagen.studio.mechanism.tables import edges_csv, levers_csv, sources_of
from anagen.studio.mechanism.view import MechanismView, view_of
from anagen.studio.page import Page, show
from anagen.studio.uploads import Uploads

PAGE = Page("/mechanism", "Mechanism", "Through which signals does a therapy act, and how sure is each step?", 3)
router = APIRouter(include_in_schema=False)
SVG = "image/svg+xml"


@router.get(PAGE.path)
def mechanism(request: Request) -> HTMLResponse:
    """Show the network lit by what is given.

    Parameters
    ----------
    request : Request
        Its query says what is given and what is silenced.

    Returns
    -------
    HTMLResponse
        The page.
    """
    return _page(request, request.query_params, {}, ())


@router.get("/mechanism/own", response_model=None)
def add(request: Request) -> Response:
    """Add an edge of the reader's own to the address; where it cannot be, the page with what is wrong.

    Parameters
    ----------
    request : Request
        Its query holds the edge, and as `state` the address that it is added to.

    Returns
    -------
    Response
        Back to the page.
    """
    state = QueryParams(parse_qsl(request.query_params.get("state", "").removeprefix("?")))
    now = read_query(request, state)
    _, edge, problems = read_own(request.query_params, now.case.own)
    if edge is not None:
        return RedirectResponse(f"{PAGE.path}?{now.query(own=(*now.case.own, edge), edge=edge.name)}#edge", 303)
    return _page(request, state, request.query_params, problems)


@router.get("/mechanism/network.svg")
def network_svg(request: Request) -> Response:
    """Give the network as a file.

    Parameters
    ----------
    request : Request
        As for the page.

    Returns
    -------
    Response
        SVG.
    """
    now = read_query(request, request.query_params)
    view = view_of(now)
    return Response(network_picture(now, view, title=title_of(now, view), link=None, legend=True), media_type=SVG)


@router.get("/mechanism/lever/{name}.svg")
def lever_svg(request: Request, name: str) -> Response:
    """Give the course of one lever as a file.

    Parameters
    ----------
    request : Request
        As for the page.
    name : str
        Of the lever.

    Returns
    -------
    Response
        SVG.
    """
    view = view_of(read_query(request, request.query_params))
    for lever in view.levers:
        if lever.name == name:
            return Response(lever_picture(lever, view.week, view.weeks), media_type=SVG)
    raise HTTPException(404, "Nothing moves a lever of that name here.")


@router.get("/mechanism/edges.csv")
def edges_table(request: Request) -> PlainTextResponse:
    """Give every edge as a table.

    Parameters
    ----------
    request : Request
        As for the page.

    Returns
    -------
    PlainTextResponse
        CSV.
    """
    return PlainTextResponse(edges_csv(view_of(read_query(request, request.query_params))), media_type="text/csv")


@router.get("/mechanism/levers.csv")
def levers_table(request: Request) -> PlainTextResponse:
    """Give the courses of the levers as a table.

    Parameters
    ----------
    request : Request
        As for the page.

    Returns
    -------
    PlainTextResponse
        CSV.
    """
    return PlainTextResponse(levers_csv(view_of(read_query(request, request.query_params))), media_type="text/csv")


@router.get("/mechanism/study.yaml")
def study_file(request: Request) -> PlainTextResponse:
    """Give a study file with what is given and the edited network.

    Parameters
    ----------
    request : Request
        As for the page.

    Returns
    -------
    PlainTextResponse
        YAML, as `anagen run` and `anagen explain` take it.
    """
    from anagen.study import Study

    now = read_query(request, request.query_params)
    return PlainTextResponse(Study.from_dict(now.case.data()).to_yaml(), media_type="application/yaml")


def read_query(request: Request, query: QueryParams) -> Asked:
    """What an address asks for.

    Parameters
    ----------
    request : Request
        The request, for what was uploaded.
    query : QueryParams
        Of the page.

    Returns
    -------
    Asked
        With what is wrong at its field.
    """
    uploads = Uploads(request.app.state.settings.folder)
    return asked(
        dict(query), query.getlist("without"), query.getlist("own"), query.get("edge", ""), uploaded=uploads.text_of
    )


def title_of(now: Asked, view: MechanismView) -> str:
    """What is given, in words.

    Parameters
    ----------
    now : Asked
        From the address.
    view : MechanismView
        What is shown.

    Returns
    -------
    str
        One line.
    """
    labels = [_label(now, name) for name in ("given", "beside") if now.case.given and now.fields[name].value]
    what = " and ".join(labels) or "Nothing given"
    return f"{what}, {view.condition.replace('_', ' ')}, week {view.week}"


def _label(now: Asked, name: str) -> str:
    field = now.fields[name]
    return next((choice.label for choice in field.choices if choice.value == field.value), field.value)


def _page(request: Request, query: QueryParams, added: Mapping[str, str], problems: tuple[str, ...]) -> HTMLResponse:
    now = read_query(request, query)
    view = view_of(now)
    title = title_of(now, view)
    here = now.query()
    own = own_fields() if not added else read_own(added, now.case.own)[0]

    def link(edge: str) -> str:
        return f"{PAGE.path}?{now.query(edge=edge)}#edge"

    wrong = [(f"{field.label} {field.problem}", f"#{field.id}") for field in now.fields.values() if field.problem]
    wrong += [(words, "") for words in now.unknown]
    wrong += [(f"Your edge: {words}", "#own") for words in problems]
    wrong += [(f"Your edge: {field.label} {field.problem}", f"#{field.id}") for field in own if field.problem]
    return show(
        request,
        PAGE,
        "mechanism.html.j2",
        now=now,
        view=view,
        here=here,
        query=f"?{here}" if here else "",
        picture=Markup(network_picture(now, view, title=title, link=link, legend=False)),
        picture_title=title,
        levers=[(lever, Markup(lever_picture(lever, view.week, view.weeks))) for lever in view.levers],
        looked=next((edge for edge in view.edges if edge.name == now.edge), None),
        link=link,
        shown_edges=ways_shown(view),
        share=_share,
        titles=lever_titles(),
        others=lambda name: tuple(other for other in now.case.without if other != name),
        also=lambda name: (*now.case.without, name),
        own_fields=own,
        own_edges=[(edge, f"{PAGE.path}?{now.query(own=_without(now, edge.name))}") for edge in now.case.own],
        sources=sources_of(view),
        wrong=wrong,
    )


def _share(share: float) -> str:
    return percent(share, 0 if abs(share) >= 0.0995 else 1)


def _without(now: Asked, name: str) -> tuple[object, ...]:
    return tuple(edge for edge in now.case.own if edge.name != name)
