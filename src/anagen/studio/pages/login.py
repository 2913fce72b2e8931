"""Signing in and out, where the studio has users."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from anagen.studio.answers import told
from anagen.studio.guard import cookie_name, keep_session
from anagen.studio.page import show
from anagen.studio.storage.users import LONGEST, Users

router = APIRouter(include_in_schema=False)
PATH = "/login"


@router.get(PATH)
def sign_in(request: Request, next: str = "/") -> Response:
    """Ask for name and password.

    Parameters
    ----------
    request : Request
        The request.
    next : str
        Where to go then.

    Returns
    -------
    Response
        The page.
    """
    _only_with_users(request)
    return show(request, None, "login.html.j2", title="Sign in", next=_here(next), name="", wrong="")


@router.post(PATH)
def signed_in(
    request: Request,
    name: Annotated[str, Form(max_length=LONGEST)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session for a user.

    Parameters
    ----------
    request : Request
        The request.
    name : str
        Of the user.
    password : str
        As it was typed.
    next : str
        Where to go then.

    Returns
    -------
    Response
        To the page that was asked for; the form again where name and password do not belong together.
    """
    _only_with_users(request)
    state = request.app.state
    wait = state.sign_ins.seconds_to_wait(request.client.host if request.client else "")
    if wait:
        answer = told(request, 429, [f"So many passwords are not looked at. Try again in {wait} seconds."])
        answer.headers["Retry-After"] = str(wait)
        return answer
    if not Users(state.database).knows(name.strip().lower(), password):
        wrong = "Name and password do not belong together."
        return show(
            request, None, "login.html.j2", status=422, title="Sign in", next=_here(next), name=name, wrong=wrong
        )
    token = state.sessions.open(name.strip().lower())
    answer = RedirectResponse(_here(next), 303)
    return keep_session(answer, cookie_name(request.headers), token, secure=state.settings.behind_proxy)


@router.post("/logout")
def signed_out(request: Request) -> Response:
    """End the session.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    Response
        To the page that asks for name and password.
    """
    token = request.state.token
    if token:
        request.app.state.sessions.close(token)
    answer = RedirectResponse(PATH if request.app.state.settings.needs_users else "/", 303)
    answer.delete_cookie(cookie_name(request.headers))
    return answer


def _only_with_users(request: Request) -> None:
    if not request.app.state.settings.needs_users:
        raise HTTPException(404, "This studio has no users; it is opened by the address that it printed.")


def _here(address: str) -> str:
    """An address of this studio; the first page in place of any other.

    >>> _here("/runs?state=done"), _here("https://elsewhere.example"), _here("//elsewhere.example"), _here("/\\\\x")
    ('/runs?state=done', '/', '/', '/')
    """
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain and "\\" not in address else "/"
