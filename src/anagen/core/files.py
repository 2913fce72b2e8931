"""Writing that survives a kill and replaces nothing by accident: a file is there and whole, or not there."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anagen.core.disk import cannot_write, mode_of, rename_durably, write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.own_folders import FolderInUse, clear_scratch, scratch


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
            clear_scratch(self.path)
            return self.path
        self.check()
        try:
            with scratch(self.path) as place:
                write_durably(place / "file", data)
                rename_durably(place / "file", self.path)
        except (OSError, FolderInUse) as error:
            raise cannot_write(self.path, self.option, error) from error
        return self.path

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise cannot_write(self.path, self.option, error) from error

    def _refuse(self, message: str) -> None:
        raise InputError([Problem(str(self.path), None, None, self.option, message)])
