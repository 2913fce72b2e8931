"""Copies of shipped files, to begin one's own from: `anagen studies --copy` and `anagen product list --copy`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from anagen.core.registry import Registry

CopyOption = Annotated[
    str | None,
    typer.Option(
        "--copy", metavar="NAME", help="Copy the file of this one, to begin your own from.", show_default=False
    ),
]
CopyToOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where the copy goes. [its name, in this folder]", show_default=False),
]


def write_copy(
    shipped: Registry[Path], name: str, out: Path | None, overwrite: bool, text_of: Callable[[Path], str]
) -> Path:
    """Write the file of a shipped entry where the user wants it.

    Parameters
    ----------
    shipped : Registry[Path]
        Files by name.
    name : str
        The one that is meant.
    out : Path or None
        The copy; a file of the same name in the working folder where left out.
    overwrite : bool
        Whether a file there may be replaced.
    text_of : callable
        What is written, from the path of the shipped file.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    InputError
        Where nothing of that name is shipped, or the copy may not be written.
    """
    from anagen.core.errors import InputError, Problem
    from anagen.core.files import Target

    if name not in shipped:
        message = f"unknown {shipped.kind} {name!r}"
        raise InputError([Problem(None, None, None, "--copy", message, shipped.names(), shipped.nearest(name))])
    target = Target(out or Path(shipped[name].name), "--out", overwrite)
    target.check()
    return target.write(text_of(shipped[name]).encode())


def refuse_without_copy(out: Path | None) -> None:
    """Say what `--out` would be for, where nothing is copied.

    Parameters
    ----------
    out : Path or None
        As --out takes it.

    Raises
    ------
    InputError
        Where it was given.
    """
    from anagen.core.errors import InputError, Problem

    if out is not None:
        raise InputError([Problem(None, None, None, "--out", "names where a copy goes; name what with --copy")])
