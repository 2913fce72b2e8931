"""The application: pages, API, guard and errors put together."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from anagen.core.errors import InputError
from anagen.core.provenance import package_version
from anagen.reports.wording import joined
from anagen.studio.answers import API, TITLES, ProblemDocument, is_for_programs, refused, told
from anagen.studio.guard import Guard
from anagen.studio.jobs.queue import Jobs, TooManyJobs
from anagen.studio.jobs.supervisor import Supervisor
from anagen.studio.page import pages, routers
from anagen.studio.rates import Rate
from anagen.studio.settings import Settings
from anagen.studio.storage.database import Database, address_of
from anagen.studio.storage.sessions import Sessions
from anagen.studio.storage.store import store_of
from anagen.studio.warming import Warming

SIGN_INS_A_MINUTE = 10.0
SECONDS_UNWELL = 10
"""When somebody may try again whom the database did not answer."""

AT_ONCE = 6
"""Requests that are worked on at a time."""


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
    settings.folder.mkdir(parents=True, exist_ok=True)
    database = Database(address_of(settings.folder, settings.database))
    database.bring_up_to_date()
    warming = Warming(settings.folder)
    supervisor = Supervisor(
        database,
        settings.folder,
        workers=settings.workers,
        at_once=settings.jobs_at_once,
        # two processes would compile the same
        may_begin=lambda: not warming.is_active,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        # requests beyond these wait in the order they came; forty at once would starve each other on few cores
        to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
        if settings.warm_up:
            warming.start()
        if settings.run_jobs:
            supervisor.start()
        yield
        warming.close()
        supervisor.close()
        database.close()

    app = FastAPI(
        title="Anagen studio",
        version=package_version(),
        description="Virtual patients and trials of hair-loss therapies. Research software, not medical advice.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # FastAPI would send traces to wherever variables of the environment say
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.database = database
    app.state.warming = warming
    app.state.jobs = Jobs(
        database,
        settings.folder,
        most_waiting=settings.most_waiting,
        longest=settings.longest_job,
        nudge=supervisor.nudge,
    )
    app.state.store = store_of(database)
    found = tuple(routers())
    app.state.routes = [route for router in found for route in router.routes]
    for router in found:
        app.include_router(router)
    app.add_api_route("/", _first_page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(files("anagen.studio") / "static")), name="static")
    app.add_exception_handler(InputError, _bad_input)
    app.add_exception_handler(TooManyJobs, _too_many)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(OperationalError, _unwell)
    app.add_exception_handler(OSError, _unwell)
    app.add_exception_handler(Exception, _fault)
    sessions = Sessions(database)
    if settings.key is not None:
        sessions.new_key(settings.key)
    app.state.sessions = sessions
    app.state.sign_ins = Rate(SIGN_INS_A_MINUTE / 60.0, SIGN_INS_A_MINUTE)
    app.add_middleware(Guard, settings=settings, sessions=sessions)
    return app


def _first_page() -> RedirectResponse:
    return RedirectResponse(pages()[0].path, 302)


def _bad_input(request: Request, error: Exception) -> Response:
    """What a user gave is wrong: every problem, in the words of the command line."""
    assert isinstance(error, InputError)
    if is_for_programs(request):
        parts = ("field", "message", "line", "allowed", "suggestion")
        found = [ProblemDocument(**{part: getattr(problem, part) for part in parts}) for problem in error.problems]
        return refused(422, found)
    return told(request, 422, [problem.text() for problem in error.problems])


def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyJobs)
    answer = told(request, 429, [f"{error}."])
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [ProblemDocument(field=".".join(map(str, each["loc"][1:])), message=each["msg"]) for each in error.errors()]
    if is_for_programs(request):
        return refused(422, found)
    return told(request, 422, [f"{problem.field}: {problem.message}" for problem in found])


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = str(error.detail)
    if error.status_code == 405:
        words = f"This address takes {joined(_methods(request))} only."
    answer = told(request, error.status_code, [words], TITLES.get(error.status_code, words))
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        # Starlette names the methods of the first route alone where two share a path
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """Methods that an address takes, of all its routes."""
    found: set[str] = set()
    for route in request.app.state.routes:
        match, _ = route.matches(dict(request.scope))
        if match != Match.NONE:
            found |= route.methods
    return sorted(found)


def _unwell(request: Request, error: Exception) -> Response:
    """The database is locked or away, the disk is full, the folder is read-only: nothing that we did."""
    # without the statement, which holds what was to be kept
    cause = getattr(error, "orig", error)
    logging.getLogger("anagen.studio").error("%s could not be answered: %r", request.url.path, cause)
    # SQLite and the system say it in a few words; what a database elsewhere says is for the log
    why = cause.strerror if isinstance(cause, OSError) else str(cause) if isinstance(cause, sqlite3.Error) else None
    words = [
        f"The studio cannot read or write what it keeps{f': {why}' if why else ''}.",
        "Nothing of this was saved, and nothing that was kept is lost. Go back, and try again once that is mended.",
    ]
    answer = told(request, 503, words)
    answer.headers["Retry-After"] = str(SECONDS_UNWELL)
    return answer


def _fault(request: Request, error: Exception) -> Response:
    """Our fault: told without the details, which are in the log."""
    if isinstance(error, (OperationalError, OSError)):  # met before any page: who asks is looked up in the database
        return _unwell(request, error)
    logging.getLogger("anagen.studio").error("fault at %s", request.url.path, exc_info=error)
    words = "The studio could not make this page. The reason is in its log; nothing that was kept is lost."
    return told(request, 500, [words])
