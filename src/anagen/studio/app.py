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
from anagen.studio.answers import API, TITLES, is_for_programs, told
from anagen.studio.guard import Guard
from anagen.studio.jobs.queue import Jobs, TooManyJobs
from anagen.studio.jobs.supervisor import Supervisor
from anagen.studio.page import pages, routers
from anagen.studio.rates import Rate
from anagen.studio.settings import Settings
from anagen.studio.storage.database import Database, address_of
from anagen.studio.storage.sessions import Sessions
from anagen.studio.storage.store import store_of

SIGN_INS_A_MINUTE = 10.0


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
    supervisor = Supervisor(database, settings.folder, workers=settings.workers, at_once=settings.jobs_at_once)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        del app
        if settings.run_jobs:
            supervisor.start()
        yield
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
    app.state.jobs = Jobs(database, settings.folder, most_waiting=settings.most_waiting, nudge=supervisor.nudge)
    app.state.store = store_of(database)
    for router in routers():
        app.include_router(router)
    app.add_api_route("/", _first_page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(files("anagen.studio") / "static")), name="static")
    app.add_exception_handler(InputError, _bad_input)
    app.add_exception_handler(TooManyJobs, _too_many)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
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
        found = [
            {"field": p.field, "line": p.line, "message": p.message, "allowed": p.allowed, "suggestion": p.suggestion}
            for p in error.problems
        ]
        return JSONResponse({"ok": False, "problems": found}, 422)
    return told(request, 422, [problem.text() for problem in error.problems])


def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooManyJobs)
    answer = told(request, 429, [f"{error}."])
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [(".".join(map(str, one["loc"][1:])), str(one["msg"])) for one in error.errors()]
    if is_for_programs(request):
        return JSONResponse({"ok": False, "problems": [{"field": f, "message": m} for f, m in found]}, 422)
    return told(request, 422, [f"{field}: {message}" for field, message in found])


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = str(error.detail)
    answer = told(request, error.status_code, [words], TITLES.get(error.status_code, words))
    answer.headers.update(error.headers or {})
    return answer


def _fault(request: Request, error: Exception) -> Response:
    """Our fault: told without the details, which are in the log."""
    logging.getLogger("anagen.studio").error("fault at %s", request.url.path, exc_info=error)
    words = "The studio could not make this page. The reason is in its log; nothing that was kept is lost."
    return told(request, 500, [words])
