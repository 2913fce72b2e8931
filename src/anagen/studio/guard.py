"""Who and what is let in: host names, sessions, posts from the same place, sizes, rates; and the headers of answers."""

from __future__ import annotations

import asyncio
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anagen.studio.answers import API, told
from anagen.studio.rates import Rate
from anagen.studio.settings import Settings
from anagen.studio.storage.sessions import SESSION_LASTS, Session, Sessions

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "anagen-studio"
OPEN = ("/static/", "/login")
"""Addresses that need no session."""
SECONDS_TO_READ = 30.0
"""How long a body may take to arrive."""
MOST_TO_PASS_OVER = 512_000_000
"""Most of too long a body that is read and thrown away, so that a browser shows the refusal [byte]."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # without a referrer browsers send `Origin: null` with forms, which no check of the origin could let through
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Middleware before every page.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    settings : Settings
        The studio's settings.
    sessions : Sessions
        Who is known.
    """

    def __init__(self, app: ASGIApp, settings: Settings, sessions: Sessions) -> None:
        self.app = app
        self.settings = settings
        self.sessions = sessions
        self.names = {*LOOPBACK, *settings.host_names, *(() if settings.is_closed else ("testserver",))}
        self.pictures = Rate(settings.pictures_a_second, settings.pictures_at_once)
        self.posts = Rate(settings.posts_a_minute / 60.0, settings.posts_a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, pass on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answering = _with_headers(send)
        body: bytes | None = b""
        refusal = await self._refusal(scope)
        if refusal is None and scope["method"] not in READING:
            body = await self._body(scope, receive)
            if body is None:
                refusal = self._too_long(scope)
        if refusal is not None:
            await refusal(scope, receive, answering)
        elif scope["method"] in READING:
            await self.app(scope, receive, answering)
        else:
            await self.app(scope, _given_again(body or b"", receive), answering)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers, request = Headers(scope=scope), Request(scope)
        if _name(headers.get("host", "")) not in self.names:
            words = "It answers to the name under which it was started; --host-name gives it further ones."
            return told(request, 421, [words])
        if scope["method"] not in READING and not _same_origin(headers):
            return told(request, 403, ["Forms and commands are taken from the studio's own pages only."])
        who, refusal = await self._who(scope, headers, request)
        return self._too_often(scope, request, who) or refusal

    async def _who(self, scope: Scope, headers: Headers, request: Request) -> tuple[str, Response | None]:
        """Who asks, for the rates; or the answer to somebody who is not known."""
        client = scope["client"][0] if scope.get("client") else ""
        state = scope.setdefault("state", {})
        state["user"], state["token"] = None, None
        if not self.settings.is_closed:
            return client, None
        name = cookie_name(headers)
        key = QueryParams(scope["query_string"]).get("key")
        token = _bearer(headers) or _cookie(headers, name)
        session = None if token is None else await self._session(token)
        if session is None and key is not None and not self.settings.needs_users and scope["method"] == "GET":
            token = await run_in_threadpool(self.sessions.use_key, key)
            if token is not None:
                return client, _welcome(scope, name, token)
        if session is not None:
            state["user"], state["token"] = session.owner, token
            if key is not None:
                return client, RedirectResponse(_without_key(scope), 303)
            return str(token), None
        if scope["path"].startswith(OPEN):
            return client, None
        return client, self._unknown(request, used=key is not None)

    async def _session(self, token: str) -> Session | None:
        found = self.sessions.remembered(token) or await run_in_threadpool(self.sessions.find, token)
        return found if found is not None and (found.owner is not None) == self.settings.needs_users else None

    def _unknown(self, request: Request, *, used: bool) -> Response:
        if self.settings.needs_users:
            if request.url.path.startswith(API):
                words = "Send the header “Authorization: Bearer TOKEN”; “anagen studio token NAME” prints one."
                return told(request, 401, [words])
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
        words = [
            "Its address holds a key that opens it once. "
            + ("This key was used already, or is older than a day." if used else "This address holds none."),
            "In a terminal, “anagen studio key” prints a new address; add --folder as the studio was started with.",
        ]
        if request.url.path.startswith(API):
            words.append("Programs send the header “Authorization: Bearer TOKEN”; “anagen studio token” prints one.")
        return told(request, 401, words)

    def _too_often(self, scope: Scope, request: Request, who: str) -> Response | None:
        if scope["path"].startswith("/static/"):
            return None
        rate = self.pictures if scope["method"] in READING else self.posts
        wait = rate.seconds_to_wait(who)
        if not wait:
            return None
        answer = told(request, 429, [f"Try again in {wait} second{'s' if wait > 1 else ''}."])
        answer.headers["Retry-After"] = str(wait)
        return answer

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, also where it does not say how long it is; None where it is too long or too slow."""
        length = Headers(scope=scope).get("content-length", "0")
        most = self.settings.largest_body
        taken, passed, parts = 0, 0, list[bytes]()
        too_long = not length.isdigit() or int(length) > most
        try:
            async with asyncio.timeout(SECONDS_TO_READ):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    part = message.get("body", b"")
                    taken += len(part)
                    if too_long or taken > most:
                        too_long, passed = True, passed + len(part)
                        parts.clear()
                        if passed > MOST_TO_PASS_OVER:
                            return None
                    else:
                        parts.append(part)
                    if not message.get("more_body", False):
                        return None if too_long else b"".join(parts)
        except TimeoutError:
            return None

    def _too_long(self, scope: Scope) -> Response:
        words = f"The studio takes at most {self.settings.largest_body / 1e6:g} MB at a time, within half a minute."
        answer = told(Request(scope), 413, [words])
        answer.headers["Connection"] = "close"
        return answer


def cookie_name(headers: Headers) -> str:
    """Name of the cookie; browsers share cookies between ports, and each port may be another studio.

    Parameters
    ----------
    headers : Headers
        Of the request.

    Returns
    -------
    str
        With the port.

    Examples
    --------
    >>> cookie_name(Headers({"host": "localhost:8642"})), cookie_name(Headers({"host": "studio.example"}))
    ('anagen-studio-8642', 'anagen-studio')
    """
    host = headers.get("host", "")
    port = host.rpartition("]")[2].rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""
    return f"{COOKIE}-{port}" if port.isdigit() else COOKIE


def keep_session(answer: Response, name: str, token: str, *, secure: bool) -> Response:
    """Let the browser hold a session.

    Parameters
    ----------
    answer : Response
        To which the cookie is added.
    name : str
        Of the cookie.
    token : str
        What it holds.
    secure : bool
        Whether it is sent over TLS only.

    Returns
    -------
    Response
        The same answer.
    """
    answer.set_cookie(name, token, max_age=int(SESSION_LASTS), httponly=True, samesite="strict", secure=secure)
    return answer


def _welcome(scope: Scope, name: str, token: str) -> Response:
    return keep_session(RedirectResponse(_without_key(scope), 303), name, token, secure=False)


def _without_key(scope: Scope) -> str:
    kept = "&".join(part for part in scope["query_string"].decode("latin-1").split("&") if not part.startswith("key="))
    # two slashes at the beginning would be another host
    return "/" + scope["path"].lstrip("/\\") + (f"?{kept}" if kept else "")


def _given_again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, and then whatever else comes."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            picture = headers.get("content-type", "").startswith("image/svg")
            for name, value in {
                "Content-Security-Policy": PICTURE_POLICY if picture else PAGE_POLICY,
                **HEADERS,
            }.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _name(host: str) -> str:
    """Name of a host without its port.

    >>> _name("localhost:80"), _name("[::1]:80")
    ('localhost', '::1')
    """
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0].lower()


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _cookie(headers: Headers, name: str) -> str | None:
    for part in headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return None
