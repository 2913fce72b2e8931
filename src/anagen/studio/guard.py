"""Who and what is let in: host names, the key, posts from the same place, sizes; and the headers of every answer."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anagen.studio.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "anagen-studio"
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


class Guard:
    """Middleware before every page.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    settings : Settings
        The studio's settings.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.names = (
            {*LOOPBACK, *settings.host_names, "testserver"}
            if settings.key is None
            else {*LOOPBACK, *settings.host_names}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, pass on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _with_headers(send))
            return
        await self.app(scope, self._bounded(receive), _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self.names:
            return PlainTextResponse("This studio does not answer to that name.", 421)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _same_origin(headers):
            return PlainTextResponse("Forms and commands are taken from the studio's own pages only.", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.settings.largest_body:
            return PlainTextResponse(f"The studio takes at most {self.settings.largest_body:,} bytes at a time.", 413)
        return self._key_refusal(scope, headers)

    def _key_refusal(self, scope: Scope, headers: Headers) -> Response | None:
        key = self.settings.key
        if key is None or scope["path"].startswith("/static/"):
            return None
        query = QueryParams(scope["query_string"])
        if "key" in query and hmac.compare_digest(query["key"].encode(), key.encode()):
            kept = "&".join(part for part in scope["query_string"].decode().split("&") if not part.startswith("key="))
            answer = RedirectResponse(scope["path"] + (f"?{kept}" if kept else ""), 303)
            answer.set_cookie(COOKIE, key, httponly=True, samesite="strict")
            return answer
        held = _cookie(headers, COOKIE)
        if held is not None and hmac.compare_digest(held.encode(), key.encode()):
            return None
        return PlainTextResponse("Open the studio by the address that `anagen studio` printed.", 401)

    def _bounded(self, receive: Receive) -> Receive:
        """Bodies that do not say how long they are, cut off where they become too long."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.settings.largest_body:
                return {"type": "http.disconnect"}
            return message

        return bounded


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


def _cookie(headers: Headers, name: str) -> str | None:
    for part in headers.get("cookie", "").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return None
