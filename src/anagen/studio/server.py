"""Starts the studio: binds the port, prints the address that opens it, serves until it is stopped."""

from __future__ import annotations

import secrets
import socket
import sys
from dataclasses import replace

from anagen.core.errors import InputError, Problem
from anagen.studio.settings import Settings

SECONDS_TO_CLOSE = 3


def serve(settings: Settings, *, open_browser: bool = False) -> None:
    """Serve the studio until Ctrl-C.

    Parameters
    ----------
    settings : Settings
        Where it keeps its things and where it listens. Without a key one is made.
    open_browser : bool
        Whether to open the address in the system's browser.

    Raises
    ------
    InputError
        Where the port is taken.
    """
    import uvicorn

    from anagen.studio.app import create_app

    settings = settings if settings.key else replace(settings, key=secrets.token_urlsafe(24))
    settings.folder.mkdir(parents=True, exist_ok=True)
    listening = _bound(settings)
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/?key={settings.key}"
    print(f"The studio is at {address}\nStop it with Ctrl-C. Research software, not medical advice.", flush=True)
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        proxy_headers=settings.behind_proxy,
    )
    uvicorn.Server(config).run(sockets=[listening])
    print("The studio is closed.", file=sys.stderr)


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as error:
        made.close()
        words = f"cannot listen on port {settings.port} of {settings.host} ({error.strerror}); 0 takes any free port"
        raise InputError([Problem(None, None, None, "port", words)]) from None
    return made
