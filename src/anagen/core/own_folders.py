"""Folders that a run makes for itself beside its results: marked, held by one process, and only they are removed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.files import mode_of, sync_folder

MARKER = "INCOMPLETE"
MARKER_TEXT = (
    b"Anagen made this folder for a run that is going on or was stopped. Keep nothing of yours in it: a later run\n"
    b"into the same place removes it. In a folder of finished results this file means nothing.\n"
)


class FolderInUse(AnagenError):
    """Another run is using the same folder."""


class ForeignFolder(InputError):
    """What stands where a run would keep its own folder was not made by a run."""


def is_own(folder: Path) -> bool:
    """Whether a run made the folder: it carries the marker, or holds nothing (a run stopped before it wrote it)."""
    marker = folder / MARKER
    if folder.is_symlink() or not folder.is_dir() or marker.is_symlink():
        return False
    if not marker.is_file():
        return not any(folder.iterdir())
    text = marker.read_bytes()
    return text == MARKER_TEXT or (MARKER_TEXT.startswith(text) and len(os.listdir(folder)) == 1)


def refuse_foreign(folder: Path, option: str, why: str) -> None:
    """Refuse a folder of somebody else where a run would keep its own; touches nothing.

    Parameters
    ----------
    folder : Path
        Where the run would keep its own folder.
    option : str
        Option that decides the place, for the message.
    why : str
        What a run does there, in words.

    Raises
    ------
    ForeignFolder
        Where it stands there and no run made it.
    InputError
        Where that cannot be told, such as a name that is too long.
    """
    if mode_of(folder, option) is not None and not is_own(folder):
        message = f"is in the way: {why}, and no run made it; move it or choose another {option}"
        raise ForeignFolder([Problem(str(folder), None, None, option, message)])


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Makes the folder with its marker where it is missing, and holds it for this process, however that ends.

    Parameters
    ----------
    folder : Path
        One that `refuse_foreign` did not refuse.

    Returns
    -------
    Generator[None]
        Nothing; the folder is held while the block runs.

    Raises
    ------
    FolderInUse
        Where another process holds it.
    OSError
        Where the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / MARKER, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        _lock(descriptor, folder)
        if os.fstat(descriptor).st_nlink == 0:
            raise FolderInUse(f"another run was just finishing with {folder}; give the command again")
        if os.fstat(descriptor).st_size < len(MARKER_TEXT):
            os.write(descriptor, MARKER_TEXT)
            os.fsync(descriptor)
            sync_folder(folder)
        yield
    finally:
        os.close(descriptor)


def empty_own(folder: Path) -> None:
    """Removes what is in a folder that carries the marker, but for the marker; links are not followed."""
    for entry in folder.iterdir():
        if entry.name != MARKER:
            _remove(entry)


def remove_own(folder: Path) -> None:
    """Removes a folder that holds nothing but the marker; one that holds more is left, marker and all."""
    if os.listdir(folder) == [MARKER]:
        (folder / MARKER).unlink()
    if not os.listdir(folder):
        folder.rmdir()


def _remove(path: Path) -> None:
    if stat.S_ISDIR(path.lstat().st_mode):
        for entry in path.iterdir():
            _remove(entry)
        path.rmdir()
    else:
        path.unlink()


def _lock(descriptor: int, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:  # Linux and Windows
        raise FolderInUse(f"another run is using {folder}; wait for it or give this run another --out") from error
