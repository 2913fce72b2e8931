"""What a format of files is: how it is recognised, what it is called, and which of export, import and check it has."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from lzma import LZMAError
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from anagen.core.errors import Problem
from anagen.core.extras import require

LOOKED_AT = 20_000
"""Bytes at the beginning of a file by which it is recognised."""
DAMAGED = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What a damaged zip archive raises, by how its parts are packed."""
Part = Literal["writer", "reader", "check"]


@dataclass(frozen=True)
class Sample:
    """What a file or folder shows of itself before it is read.

    Attributes
    ----------
    path : Path
        The file or folder.
    """

    path: Path

    @cached_property
    def head(self) -> bytes:
        """The beginning of a file; nothing of a folder."""
        if not self.path.is_file():
            return b""
        with self.path.open("rb") as stream:
            return stream.read(LOOKED_AT).removeprefix(b"\xef\xbb\xbf")

    @cached_property
    def tail(self) -> bytes:
        """The end of a larger file, where archives list what they hold; nothing of a folder."""
        if not self.path.is_file():
            return b""
        with self.path.open("rb") as stream:
            stream.seek(max(LOOKED_AT, self.path.stat().st_size - LOOKED_AT))
            return stream.read(LOOKED_AT)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of what lies in a folder or in a zip archive, sorted; nothing of other files."""
        if self.path.is_dir():
            return tuple(sorted(entry.name for entry in self.path.iterdir()))
        if not self.head.startswith(b"PK"):
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(sorted(archive.namelist()))
        except DAMAGED:
            return ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an importer made of a file.

    Attributes
    ----------
    files : Mapping[str, bytes]
        Name -> content of what is to be written.
    lines : tuple of str
        What a reader should know of it, in sentences.
    document : Mapping[str, Any]
        The same as plain values.
    """

    files: Mapping[str, bytes]
    lines: tuple[str, ...]
    document: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a file found.

    Attributes
    ----------
    lines : tuple of str
        What the file holds and who checked it, in sentences.
    problems : tuple of Problem
        What is wrong; empty where nothing is.
    """

    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


class Writer(Protocol):
    """`write` of a format's writer.py."""

    def __call__(self, subject: Any) -> Mapping[str, bytes | Path]:
        """Name -> content, or file to copy, of a `Subject` (a tuple of `Product` where the format takes products).

        One file where the format is no folder.
        """
        ...


class Reader(Protocol):
    """`read` of a format's reader.py."""

    def __call__(self, path: Path, table: Path | None) -> Imported:
        """What a file, with a table that says what its parts mean, becomes here."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """Files of other programs: one folder of this room or of an installed package, with writer, reader and check.

    The folder's `__init__.py` holds one `Format`. Whether files are exported, imported or checked is told by which of
    writer.py (`write`), reader.py (`read`) and check.py (`check`) lie beside it; they are loaded when they are used.

    Attributes
    ----------
    name : str
        As the command line takes it.
    title : str
        What a file of it is called, with its article ("an SBML model").
    home : str
        The package that holds it: `__name__` of its `__init__.py`.
    recognises : callable
        Whether a file or folder is of this format, by its content.
    expected : str
        How such a file looks, for who gives another one.
    needs : tuple of str
        Modules that must be there.
    extra : str
        Extra of the distribution that brings them.
    folder : bool
        Whether it is a folder of files.
    takes : str
        What is exported: "study" (a study, or the one of a run), "run" (a run only) or "product" (a vesicle product,
        or those of a study or run).
    admits : callable, optional
        Whether a file may be of this format where the user says so; `recognises` where left out.
    options : tuple of str
        Options of `anagen export` and `anagen import` that it heeds beside those of all formats.

    Examples
    --------
    >>> mine = Format("mine", "a file of mine", "anagen.formats.sbml", lambda sample: False, "expected mine")
    >>> mine.has("reader"), mine.has("writer")
    (True, True)
    """

    name: str
    title: str
    home: str
    recognises: Callable[[Sample], bool]
    expected: str
    needs: tuple[str, ...] = ()
    extra: str = "formats"
    folder: bool = False
    takes: Literal["study", "run", "product"] = "study"
    options: tuple[str, ...] = ()
    admits: Callable[[Sample], bool] | None = None

    def has(self, part: Part) -> bool:
        """Whether the format has a writer, a reader or a check.

        Parameters
        ----------
        part : str
            "writer", "reader" or "check".

        Returns
        -------
        bool
            Nothing is loaded for it.
        """
        return find_spec(f"{self.home}.{part}") is not None

    @property
    def write(self) -> Writer:
        """Writer of the format."""
        return cast("Writer", self._loaded("writer", "write"))

    @property
    def read(self) -> Reader:
        """Reader of the format."""
        return cast("Reader", self._loaded("reader", "read"))

    @property
    def check(self) -> Callable[[Path], Checked]:
        """Check of the format."""
        return cast("Callable[[Path], Checked]", self._loaded("check", "check"))

    def require(self) -> None:
        """Refuse where a library that the format needs is not installed.

        Raises
        ------
        InputError
            Naming the library and the extra that brings it.
        """
        require(self.extra, self.title, *self.needs, field=self.name)

    def _loaded(self, part: Part, function: str) -> object:
        self.require()
        return getattr(import_module(f"{self.home}.{part}"), function)
