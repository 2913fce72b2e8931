"""Steps on the disk that survive a kill, and what is said of a place that cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from anagen.core.errors import InputError, Problem

DISK_FAILS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
"""Errors that a write gives without the name of its file."""


def sync_file(path: Path) -> None:
    """Waits until the bytes of a file are on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk; does nothing on Windows, which cannot open folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file and waits until its bytes are on the disk; for files of a folder that is still being made.

    Parameters
    ----------
    path : Path
        File.
    data : bytes
        Bytes.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def rename_durably(source: Path, target: Path) -> None:
    """Gives a finished file or folder its final name, in one step that a kill cannot cut in two.

    Parameters
    ----------
    source : Path
        What is renamed.
    target : Path
        Its new name.

    Raises
    ------
    OSError
        Where `target` is a folder that is not empty, or another file system.
    """
    os.replace(source, target)
    sync_folder(target.parent)


def mode_of(path: Path, option: str) -> int | None:
    """What stands at a path, a link itself and not what it points to; None where nothing does.

    Raises
    ------
    InputError
        Where that cannot be told, such as a name that is too long.
    """
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot_write(path, option, error) from error


def cannot_write(path: Path, option: str, error: BaseException) -> InputError:
    """The error of a place where nothing can be written: it names place, option and reason."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError([Problem(str(path), None, None, option, f"cannot be written: {reason}; choose another {option}")])


def is_of_disk(error: OSError, target: Path) -> bool:
    """Whether an error comes from writing `target` or what stands beside it, and is not a fault of the program."""
    if error.filename is None:
        return error.errno in DISK_FAILS
    return Path(os.fsdecode(error.filename)).is_relative_to(target.parent)
