"""Product: of the library, composed or uploaded: what is potent, how it keeps, what it lacks, what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from anagen.core.errors import InputError, Problem
from anagen.exosomes import library, parse_product
from anagen.reports.numbers import percent, significant
from anagen.studio.page import Page, show
from anagen.studio.product.asked import GROUPS, Asked, asked, product_of
from anagen.studio.product.checked import certificate_for, checked_of, making_of
from anagen.studio.product.pictures import storage_picture, waterfall
from anagen.studio.product.tables import items_csv, making_csv, sources_of, steps_csv
from anagen.studio.product.view import ProductView, view_of
from anagen.studio.uploads import MOST_BYTES, Uploads

PAGE = Page("/product", "Product", "How much of a vesicle product is potent, what does it lack, what does it cost?", 2)
router = APIRouter(include_in_schema=False)
SVG, PNG = "image/svg+xml", "image/png"
MARKS = {"met": "✓", "passes": "✓", "missing": "○", "not shown": "○", "failed": "✗", "fails": "✗"}
"""Marks beside the words of a status."""
MAIN_FIGURES = ("batches started", "cells per batch", "released doses per batch", "people", "time to the last dose",
                "capital", "cost per dose", "donors per batch")  # fmt: skip


@router.get(PAGE.path)
def product(request: Request) -> HTMLResponse:
    """Show a product, or the library where none is chosen.

    Parameters
    ----------
    request : Request
        Its query says which, and what is changed.

    Returns
    -------
    HTMLResponse
        The page.
    """
    now = read_query(request)
    wrong = [(f"{field.label} {field.problem}", f"#{field.id}") for field in now.fields.values() if field.problem]
    if now.product is None:
        cards = [] if wrong and now.text else [product_of(_text(name)) for name in library()]
        return show(
            request, PAGE, "product.html.j2", now=now, groups=GROUPS, wrong=wrong, cards=cards, view=None,
            number=significant,
        )  # fmt: skip
    checked = checked_of(now)
    view = view_of(now, checked)
    return show(
        request,
        PAGE,
        "product.html.j2",
        now=now,
        groups=GROUPS,
        wrong=wrong,
        cards=[],
        view=view,
        query=f"?{now.query}",
        given=now.given_words(),
        waterfall=Markup(waterfall(view)),
        storage=Markup(storage_picture(now, view)),
        sources=sources_of(now, view),
        marks=MARKS,
        drivers=bool(checked.making.drivers),
        shown=[figure for figure in view.making.figures if figure.name in MAIN_FIGURES],
        number=significant,
        percent=percent,
    )


@router.post("/product", response_model=None)
def upload(
    request: Request, file: Annotated[UploadFile | None, File()] = None, text: Annotated[str, Form()] = ""
) -> Response:
    """Keep a product file that was uploaded or typed; where it cannot be read, say what is wrong with it.

    Parameters
    ----------
    request : Request
        The request.
    file : UploadFile or None
        A file.
    text : str
        A text, where there is no file.

    Returns
    -------
    Response
        To the page of the product.
    """
    name = "the text"
    try:
        if file is not None and file.filename:
            name, text = "the file", _decoded(file.file.read(MOST_BYTES + 1))
        parse_product(text, None)
        kept = Uploads(request.app.state.settings.folder).keep(text)
    except InputError as error:
        many = len(error.problems)
        written = text.splitlines()
        numbers = sorted({problem.line for problem in error.problems if problem.line is not None})
        return show(
            request,
            PAGE,
            "product_wrong.html.j2",
            status=422,
            title=f"This product cannot be read: {many} {'problem' if many == 1 else 'problems'} in {name}",
            wrong=[(_words(problem), "#upload-text") for problem in error.problems],
            text=text,
            lines=[(number, written[number - 1]) for number in numbers if number <= len(written)],
            most=MOST_BYTES,
        )
    return RedirectResponse(f"{PAGE.path}?product={kept}", 303)


@router.post("/product/keep")
def keep(request: Request, text: Annotated[str, Form()]) -> RedirectResponse:
    """Keep a product as it was composed, so that other pages can give it.

    Parameters
    ----------
    request : Request
        The request.
    text : str
        Of the product file.

    Returns
    -------
    RedirectResponse
        To the page of the product.
    """
    parse_product(text, None)
    return RedirectResponse(f"{PAGE.path}?product={Uploads(request.app.state.settings.folder).keep(text)}", 303)


@router.get("/product/file/{name}")
def download(request: Request, name: str) -> Response:
    """Give what the page shows as a file.

    Parameters
    ----------
    request : Request
        Its query as for the page.
    name : str
        Of the file, which says what is in it.

    Returns
    -------
    Response
        The file.
    """
    now = read_query(request)
    if now.product is None:
        raise HTTPException(404, "No product is chosen, or it cannot be read.")
    if name in ("potent.svg", "storage.svg", "potent.csv", "checklist.csv", "making.csv"):
        return _of_view(name, now, view_of(now, checked_of(now)))
    if name == "product.toml":
        return PlainTextResponse(now.text, media_type="application/toml")
    if name == "study.yaml":
        from anagen.study import Study

        return PlainTextResponse(Study.from_dict(now.study()).to_yaml(), media_type="application/yaml")
    return _of_reports(name, now)


def read_query(request: Request) -> Asked:
    """What an address asks for.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    Asked
        With what is wrong at its field.
    """
    return asked(request.query_params, uploaded=Uploads(request.app.state.settings.folder).text_of)


def _of_view(name: str, now: Asked, view: ProductView) -> Response:
    if name.endswith(".svg"):
        return Response(waterfall(view) if name == "potent.svg" else storage_picture(now, view), media_type=SVG)
    table = {"potent.csv": steps_csv, "checklist.csv": items_csv, "making.csv": making_csv}[name]
    return PlainTextResponse(table(view), media_type="text/csv")


def _of_reports(name: str, now: Asked) -> Response:
    """What the reports of the product draw and write."""
    from anagen.reports import style

    assert now.product is not None
    if name in ("cost.svg", "cost.png"):
        from anagen.reports.figures.cost_drivers import draw_cost_drivers

        making = making_of(now.text, now.doses)
        if not making.drivers:
            raise HTTPException(404, "No uncertain number moves the cost of this product.")
        figure = draw_cost_drivers(making)
    elif name in ("vesicle.svg", "vesicle.png"):
        from anagen.reports.figures.vesicle import draw_vesicle

        figure = draw_vesicle(now.product)
    else:
        return _of_release(name, now)
    return (
        Response(style.to_svg(figure), media_type=SVG)
        if name.endswith(".svg")
        else Response(style.to_png(figure), media_type=PNG)
    )


def _of_release(name: str, now: Asked) -> Response:
    from anagen.reports.certificate import certificate_page, certificate_pdf

    certificate = certificate_for(now.text, now.use)
    if name == "certificate.html":
        return HTMLResponse(certificate_page(certificate), headers=_attached(name))
    if name == "certificate.pdf":
        return Response(certificate_pdf(certificate), media_type="application/pdf")
    if name == "ev-track.csv":
        from anagen.formats.evtrack import ev_track_form, form_csv

        assert now.product is not None
        return PlainTextResponse(form_csv(ev_track_form(now.product)), media_type="text/csv")
    raise HTTPException(404, "There is no such file.")


def _attached(name: str) -> dict[str, str]:
    """A page of its own style is saved, not shown: the policy of content would take its style away."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise InputError([Problem(None, None, None, "file", f"is longer than {MOST_BYTES:,} bytes")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is no text: byte {error.start + 1} is not UTF-8; a product file is TOML, as the library's are"
        raise InputError([Problem(None, None, None, "file", message)]) from None


def _words(problem: Problem) -> str:
    """A problem as the command line tells it, with the line in words."""
    place = "" if problem.line is None else f"line {problem.line}: "
    return place + replace(problem, line=None, column=None).text()


def _text(name: str) -> str:
    return library()[name].read_text(encoding="utf-8-sig")
