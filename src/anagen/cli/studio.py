"""The commands of `anagen studio`: the local web application, who may use it, and its backups."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_WORKERS

if TYPE_CHECKING:
    from anagen.studio.storage.database import Database

FOLDER = Path("anagen-studio")
MOST_JOBS = 10_000
app = typer.Typer(help="The studio, a local web application: people, products, trials, evidence.")
user_app = typer.Typer(help="People who may use a studio that others reach.", no_args_is_help=True)
app.add_typer(user_app, name="user")
FolderOption = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Keeps runs and studies. [anagen-studio]")
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="postgresql://USER@HOST/NAME. [SQLite in the folder]"),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Of the user.")]


@app.callback(invoke_without_command=True)
def studio(
    context: typer.Context,
    folder: FolderOption = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8642,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    database: DatabaseOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=MOST_WORKERS, help="Processes of a run. [cores but one]")
    ] = None,
    most_waiting: Annotated[
        int, typer.Option("--most-waiting", min=1, max=MOST_JOBS, help="Runs that may wait for others.")
    ] = 20,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; others than loopback need a proxy.")
    ] = "127.0.0.1",
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front speaks TLS; only users are let in.")
    ] = False,
    host_name: Annotated[
        list[str] | None,
        typer.Option("--host-name", metavar="NAME", help="A name under which people reach it; can be repeated."),
    ] = None,
) -> None:
    """Open the studio, a local web application: virtual patients, products, trials, evidence."""
    if context.invoked_subcommand is not None:
        context.obj = (folder, database)
        return
    _need_packages()
    from anagen.execution import threads_here
    from anagen.studio.server import serve
    from anagen.studio.settings import Settings

    settings = Settings(
        (folder or FOLDER).resolve(),
        host=host,
        port=port,
        database=database,
        workers=workers or max(1, threads_here() - 1),
        most_waiting=most_waiting,
        behind_proxy=behind_proxy,
        host_names=tuple(host_name or ()),
    )
    serve(settings, open_browser=open_browser)


@app.command()
def key(context: typer.Context, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """Print a new address that opens a running studio once."""
    with _opened(context, folder, database) as (place, kept):
        from anagen.studio.server import ADDRESS
        from anagen.studio.storage.sessions import Sessions

        written = place / ADDRESS
        if not written.is_file():
            words = "was not started yet; `anagen studio` starts it and prints its address"
            raise InputError([Problem(str(place), None, None, "", words)])
        print(f"{written.read_text(encoding='utf-8')}/?key={Sessions(kept).new_key()}")


@app.command()
def token(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of the user, where there are users.")] = None,
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print what a program sends to be let in: Authorization: Bearer TOKEN, for 30 days."""
    with _opened(context, folder, database) as (_, kept):
        from anagen.studio.storage.sessions import Sessions
        from anagen.studio.storage.users import Users

        names = Users(kept).names()
        if name is not None and name not in names:
            raise InputError([Problem(None, None, None, "NAME", f"there is no user {name!r}", tuple(names))])
        print(Sessions(kept).open(name))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, a .zip.")],
    folder: FolderOption = None,
    database: DatabaseOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
) -> None:
    """Write runs, studies and users into one file; the studio may be running."""
    with _opened(context, folder, database) as (place, kept):
        from anagen.studio.storage.backup import back_up

        counts = back_up(kept, place, file, overwrite=overwrite)
        print(f"{file} holds {_counted(counts)}")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="From `anagen studio backup`.")],
    folder: FolderOption = None,
    database: DatabaseOption = None,
) -> None:
    """Read what was backed up into a new folder or an empty database."""
    with _opened(context, folder, database, make=True) as (place, kept):
        from anagen.studio.storage.backup import restore as restored

        counts = restored(kept, place, file)
        print(f"{place} holds {_counted(counts)}")


@user_app.command()
def add(
    context: typer.Context, name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None
) -> None:
    """Add a user, or give one a new password: asked for twice, or the first line of standard input."""
    with _opened(context, folder, database, make=True) as (_, kept):
        from anagen.studio.storage.users import Users

        if sys.stdin.isatty():
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        Users(kept).add(name, password)
        print(f"{name} can sign in.")


@user_app.command()
def remove(
    context: typer.Context, name: NameArgument, folder: FolderOption = None, database: DatabaseOption = None
) -> None:
    """Remove a user; runs of that user stay in the folder."""
    with _opened(context, folder, database) as (_, kept):
        from anagen.studio.storage.users import Users

        Users(kept).remove(name)
        print(f"{name} can no longer sign in.")


@user_app.command("list")
def list_users(context: typer.Context, folder: FolderOption = None, database: DatabaseOption = None) -> None:
    """List the users."""
    with _opened(context, folder, database) as (_, kept):
        from anagen.studio.storage.users import Users

        print("\n".join(Users(kept).names()) or "There are no users.")


@contextmanager
def _opened(
    context: typer.Context, folder: Path | None, database: str | None, *, make: bool = False
) -> Generator[tuple[Path, Database]]:
    """The folder and the open database that a command names, itself or before its own name."""
    _need_packages()
    from anagen.studio.server import make_folder
    from anagen.studio.storage.database import FILE, Database, address_of

    above = context.find_object(tuple) or (None, None)
    place = (folder or above[0] or FOLDER).resolve()
    address = database or above[1]
    kept = Database(address_of(place, address))
    if make:
        make_folder(place)
    elif not (place.is_dir() if address else (place / FILE).is_file()):
        words = "holds no studio; name the folder of one with --folder"
        raise InputError([Problem(str(place), None, None, "--folder", words)])
    try:
        kept.bring_up_to_date()
        yield place, kept
    finally:
        kept.close()


def _counted(counts: dict[str, int]) -> str:
    words = {"jobs": "runs", "studies": "studies", "users": "users", "files": "files"}
    return ", ".join(f"{counts[name]} {word}" for name, word in words.items())


def _need_packages() -> None:
    from anagen.core.extras import require

    require("studio", "the studio", "fastapi", "sqlalchemy", "alembic", "argon2", "uvicorn", field="studio")
