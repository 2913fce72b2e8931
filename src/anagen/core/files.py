"""Writing that survives a kill and replaces nothing by accident: a file is there and whole, or not there."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from anagen.core.errors import InputError, Problem

PARTIAL = ".anagen-partial"
"""Ending of a file that is being written, beside the one that it will be; no other program gives that name."""
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


@dataclass(frozen=True, slots=True)
class Target:
    """A file that a command or a function is asked to write, wherever that is.

    One rule holds for all: a file that exists is refused unless it may be replaced; then only a plain file is, and one
    that the user did not name is only where its content shows that we wrote it.

    Attributes
    ----------
    path : Path
        The file.
    option : str
        Option or argument that names it, for messages.
    overwrite : bool
        Whether a file that exists may be replaced.
    ours : callable, optional
        Tells from the bytes of a file whether we wrote it; None where the user named the file.
    goes_on : bool
        Whether the same call may have written it before it was stopped: with the same bytes it is left as it is.
    """

    path: Path
    option: str = "path"
    overwrite: bool = False
    ours: Callable[[bytes], bool] | None = None
    goes_on: bool = False

    def check(self) -> None:
        """Refuse, before any work is done, a file that may not be written.

        Raises
        ------
        InputError
            Naming file and option.
        """
        mode = mode_of(self.path, self.option)
        if mode is None:
            return
        if not stat.S_ISREG(mode):
            self._refuse(f"is not a plain file, so it is not replaced; choose another {self.option}")
        if not self.overwrite:
            flag = "--overwrite" if self.option.startswith("--") else "overwrite=True"
            self._refuse(f"exists already; choose another {self.option}, or give {flag} to replace it")
        if self.ours is not None and not self.ours(self._bytes()):
            self._refuse(f"was not written by anagen, so it is not replaced; move it or choose another {self.option}")

    def write(self, data: bytes) -> Path:
        """Write the file, whole or not at all; its folder is made where it is missing.

        Parameters
        ----------
        data : bytes
            Bytes.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            Where it may not or cannot be written.
        """
        if self.goes_on and stat.S_ISREG(mode_of(self.path, self.option) or 0) and self._bytes() == data:
            return self.path
        self.check()
        partial = self.path.with_name(f".{self.path.name}{PARTIAL}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(partial, data)
            rename_durably(partial, self.path)
        except BaseException as error:
            with suppress(OSError):  # what goes wrong here is told by `error`
                partial.unlink()
            if isinstance(error, OSError):
                raise cannot_write(self.path, self.option, error) from error
            raise
        return self.path

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise cannot_write(self.path, self.option, error) from error

    def _refuse(self, message: str) -> None:
        raise InputError([Problem(str(self.path), None, None, self.option, message)])


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
