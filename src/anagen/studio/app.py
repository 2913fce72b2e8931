"""The application: pages, API, guard and errors put together."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from anagen.core.errors import InputError
from anagen.core.provenance import package_version
from anagen.studio.guard import Guard
from anagen.studio.page import pages, routers, show
from anagen.studio.settings import Settings

API = "/api/v1"
TITLES = {404: "There is no such page", 405: "That cannot be done here", 413: "Too large", 429: "Too many requests"}


def create_app(settings: Settings) -> FastAPI:
    """The studio as an ASGI application.

    Parameters
    ----------
    settings : Settings
        Where it keeps its things and what it lets in.

    Returns
    -------
    FastAPI
        With every page of `pages/`, and the API under /api/v1 with its OpenAPI document at /api/v1/openapi.json.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        yield

    app = FastAPI(
        title="Anagen studio",
        version=package_version(),
        description="Virtual patients and trials of hair-loss therapies. Research software, not medical advice.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    for router in routers():
        app.include_router(router)
    app.add_api_route("/", _first_page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(files("anagen.studio") / "static")), name="static")
    app.add_exception_handler(InputError, _bad_input)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Guard, settings=settings)
    return app


def _first_page() -> RedirectResponse:
    return RedirectResponse(pages()[0].path, 302)


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(API)


def _bad_input(request: Request, error: Exception) -> Response:
    """What a user gave is wrong: every problem, in the words of the command line."""
    assert isinstance(error, InputError)
    if _for_programs(request):
        found = [
            {"field": p.field, "line": p.line, "message": p.message, "allowed": p.allowed, "suggestion": p.suggestion}
            for p in error.problems
        ]
        return JSONResponse({"ok": False, "problems": found}, 422)
    return _told(request, 422, "This cannot be used", [problem.text() for problem in error.problems])


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [(".".join(map(str, one["loc"][1:])), str(one["msg"])) for one in error.errors()]
    if _for_programs(request):
        return JSONResponse({"ok": False, "problems": [{"field": f, "message": m} for f, m in found]}, 422)
    return _told(request, 422, "This cannot be used", [f"{field}: {message}" for field, message in found])


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = str(error.detail)
    answer = _told(request, error.status_code, TITLES.get(error.status_code, words), [words])
    answer.headers.update(error.headers or {})
    return answer


def _fault(request: Request, error: Exception) -> Response:
    """Our fault: told without the details, which are in the log."""
    logging.getLogger("anagen.studio").error("fault at %s", request.url.path, exc_info=error)
    words = "The studio could not make this page. The reason is in its log; nothing that was kept is lost."
    return _told(request, 500, "Our fault", [words])


def _told(request: Request, status: int, title: str, words: list[str]) -> Response:
    if _for_programs(request):
        return JSONResponse({"ok": False, "problems": [{"field": "", "message": text} for text in words]}, status)
    return show(request, None, "problem.html.j2", status=status, title=title, words=words)
