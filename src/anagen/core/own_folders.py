"""Folders that a run makes for itself beside its results: marked, held by one process, and only they are removed."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from anagen.core.disk import mode_of, sync_folder
from anagen.core.errors import AnagenError, InputError, Problem

MARKER = "INCOMPLETE"
SCRATCH = ".anagen-partial"
"""Ending of a folder in which a file or folder is made before it gets its name."""
MARKER_TEXT = (
    b"Anagen made this folder for a run that is going on or was stopped. Keep nothing of yours in it: a later run\n"
    b"into the same place removes it. In a folder of finished results this file means nothing.\n"
)


class FolderInUse(AnagenError):
    """Another run is using the same folder."""


class ForeignFolder(InputError):
    """What stands where a run would keep its own folder was not made by a run."""


def is_own(folder: Path) -> bool:
    """Whether a run made the folder: it carries the marker, with the text that a run writes."""
    return not folder.is_symlink() and folder.is_dir() and is_marker(folder / MARKER)


def is_marker(file: Path) -> bool:
    """Whether a file is the marker of a run, and not another one of that name."""
    return not file.is_symlink() and file.is_file() and file.read_bytes() == MARKER_TEXT


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
    clear_scratch(folder)
    with ExitStack() as holding:
        if folder.exists():
            holding.enter_context(_marked(folder))
        else:
            # The marker is in it from the start, so that a kill leaves no empty folder that might be anybody's.
            made = holding.enter_context(scratch(folder))
            try:
                os.rename(made, folder)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                raise FolderInUse(f"another run was just starting with {folder}; give the command again") from error
        yield


@contextmanager
def scratch(target: Path) -> Generator[Path]:
    """A folder beside a place, to make there what then gets the name of that place; it is gone afterwards.

    Nothing that stands is touched: the folder is new, under a name that was free, or one that a stopped run left.

    Parameters
    ----------
    target : Path
        The place; folders above it are made.

    Returns
    -------
    Generator[Path]
        The folder, which holds its marker only.

    Raises
    ------
    FolderInUse
        Where another process takes it at the same moment.
    OSError
        Where it cannot be made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    clear_scratch(target)
    folder = _free(target)
    try:
        folder.mkdir()
    except FileExistsError as error:
        raise FolderInUse(f"another run is just writing {target}; give the command again") from error
    made = folder.lstat()
    try:
        with _marked(folder):
            yield folder
    finally:
        if os.path.lexists(folder) and os.path.samestat(folder.lstat(), made):  # else it has its final name
            _end_scratch(folder)


def clear_scratch(target: Path) -> None:
    """Removes the folders beside a place that stopped runs left of `scratch` and `remove_own`, and nothing else."""
    for folder in itertools.takewhile(os.path.lexists, _scratch_names(target)):
        if _is_left(folder):
            with suppress(FolderInUse, FileNotFoundError), _marked(folder):  # it is in use, or was until now
                _end_scratch(folder)


def _free(target: Path) -> Path:
    return next(folder for folder in _scratch_names(target) if not os.path.lexists(folder))


def _end_scratch(folder: Path) -> None:
    empty_own(folder)
    (folder / MARKER).unlink(missing_ok=True)
    folder.rmdir()


def _scratch_names(target: Path) -> Iterator[Path]:
    yield target.with_name(f".{target.name}{SCRATCH}")
    for number in itertools.count(2):
        yield target.with_name(f".{target.name}-{number}{SCRATCH}")


def _is_left(folder: Path) -> bool:
    """Whether a stopped run left the folder; it may have been stopped while it wrote the marker."""
    marker = folder / MARKER
    if folder.is_symlink() or not folder.is_dir() or marker.is_symlink() or not marker.is_file():
        return False
    return is_marker(marker) or (MARKER_TEXT.startswith(marker.read_bytes()) and os.listdir(folder) == [MARKER])


@contextmanager
def _marked(folder: Path) -> Generator[None]:
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
    if os.listdir(folder) != [MARKER] or not is_own(folder):
        return
    # Without its marker it would be anybody's: a stop between the two steps must not leave it under its name.
    away = _free(folder)
    os.rename(folder, away)
    _end_scratch(away)


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
        raise FolderInUse(f"another run is using {folder}; wait for it or give this run another path") from error
