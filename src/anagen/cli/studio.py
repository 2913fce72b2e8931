"""The command `anagen studio`: the local web application."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anagen.core.errors import InputError, Problem


def studio(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Keeps runs, studies and people.", show_default=False)
    ] = Path("anagen-studio"),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0: any free one.")] = 8642,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Open the studio, a local web application: virtual patients, products, trials, evidence."""
    try:
        import fastapi  # noqa: F401  # told before anything is started
    except ModuleNotFoundError:
        words = "the studio needs packages that are not installed; pip install 'anagen[studio]' installs them"
        raise InputError([Problem(None, None, None, "studio", words)]) from None
    from anagen.studio.server import serve
    from anagen.studio.settings import Settings

    serve(Settings(folder.resolve(), port=port), open_browser=open_browser)
