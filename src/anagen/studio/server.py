"""Starts the studio: binds the port, prints the address that opens it, serves until it is stopped."""

from __future__ import annotations

import secrets
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from anagen.core.disk import cannot_write
from anagen.core.errors import InputError, Problem
from anagen.studio.guard import LOOPBACK
from anagen.studio.jobs.rows import Rows
from anagen.studio.settings import Settings
from anagen.studio.storage.database import Database, address_of
from anagen.studio.storage.users import Users

SECONDS_TO_CLOSE = 3
ADDRESS = "address.txt"
"""In the studio's folder: where it is, for `anagen studio key`."""


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
        Where the port is taken, or others could reach it without being asked who they are.
    """
    import uvicorn

    from anagen.studio.app import create_app

    settings = checked(settings)
    Database(address_of(settings.folder, settings.database)).close()  # refused before anything is made
    make_folder(settings.folder)
    listening = _bound(settings)
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    app = create_app(settings)
    _refuse_without_users(settings, app.state.database)
    (settings.folder / ADDRESS).write_text(address, encoding="utf-8")
    opens = address if settings.needs_users else f"{address}/?key={settings.key}"
    print(f"The studio is at {opens}")
    if not settings.needs_users:
        print("This address opens it once; `anagen studio key` prints another one.")
    print("Stop it with Ctrl-C. Research software, not medical advice.", flush=True)
    if open_browser:
        import webbrowser

        webbrowser.open(opens)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        proxy_headers=settings.behind_proxy,
    )
    # it gives Ctrl-C again once all is closed
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    working = len(Rows(app.state.database).working())
    goes_on = " The run that is going on goes on by itself, and is there at the next start." if working else ""
    print(f"The studio is closed.{goes_on}", file=sys.stderr)


def checked(settings: Settings) -> Settings:
    """Settings that may be served: with a key on this machine alone, with users wherever others reach it.

    Parameters
    ----------
    settings : Settings
        As they were given.

    Returns
    -------
    Settings
        With what follows from them.

    Raises
    ------
    InputError
        Where others would reach it without TLS, or under no name.
    """
    problems: list[Problem] = []
    if settings.host not in LOOPBACK and not settings.behind_proxy:
        words = (
            f"{settings.host} can be reached from other machines, and the studio speaks no TLS; put a proxy before it "
            "that does, give --behind-proxy and --host-name NAME, and add people with `anagen studio user add NAME`"
        )
        problems.append(Problem(None, None, None, "host", words, LOOPBACK))
    if settings.behind_proxy and not settings.host_names:
        words = "is needed behind a proxy: the name under which people reach it"
        problems.append(Problem(None, None, None, "host-name", words))
    if problems:
        raise InputError(problems)
    if settings.behind_proxy:
        return replace(settings, needs_users=True, key=None)
    return settings if settings.key else replace(settings, key=secrets.token_urlsafe(24))


def make_folder(folder: Path) -> None:
    """Make the studio's folder, which only its owner may look into.

    Parameters
    ----------
    folder : Path
        Where it keeps its things.

    Raises
    ------
    InputError
        Where it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, "folder", error) from error


def _refuse_without_users(settings: Settings, database: Database) -> None:
    if settings.needs_users and not Users(database).names():
        words = "has no users, and is not opened to others without; add one with `anagen studio user add NAME`"
        raise InputError([Problem(str(settings.folder), None, None, "", words)])


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # named as TCP, asyncio sends small answers at once; else each waits 40 ms for an acknowledgement
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
        # whoever comes from now on waits until the studio is up
        made.listen(128)
    except OSError as error:
        made.close()
        words = f"cannot listen on port {settings.port} of {settings.host} ({error.strerror}); 0 takes any free port"
        raise InputError([Problem(None, None, None, "port", words)]) from None
    return made
