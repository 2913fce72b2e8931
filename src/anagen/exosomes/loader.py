"""From a product file to a product: read, check everything, report every problem with its place."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

from pydantic import ValidationError

from anagen.core import plugins
from anagen.core.errors import InputError, Problem
from anagen.core.plugins import Origin
from anagen.core.reading import ErrorReader, Key
from anagen.core.registry import Registry
from anagen.exosomes.fields import PRODUCT_NAME
from anagen.exosomes.product import MIRNA_NAME, Product

PATTERN = "*.toml"
LARGEST_FILE = 1_000_000
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"']+)\s*\]\]?\s*(?:#.*)?")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_ERRORS = ErrorReader(
    Product,
    forms={
        PRODUCT_NAME: "lower-case letters, digits and hyphens, e.g. 'adsc-native'",
        MIRNA_NAME: "the name of a microRNA, e.g. 'miR-122-5p'",
    },
)


def library() -> Registry[Path]:
    """Files of the products of this package and of installed ones, by name.

    Examples
    --------
    >>> "adsc-native" in library()
    True
    """
    return Registry("product", _files)


def _files() -> dict[str, tuple[Path, Origin]]:
    folders = {Path(__file__).resolve().parent / "library": plugins.shipped("anagen.exosomes.library")}
    folders |= plugins.folders([plugins.PRODUCTS])
    entries = [(path.stem, path, origin) for folder, origin in folders.items() for path in sorted(folder.glob(PATTERN))]
    return plugins.by_name(entries, plugins.PRODUCTS)


def load_product(product: str | os.PathLike[str]) -> Product:
    """A product given as a file or as the name of a shipped one; a file that exists comes first.

    Raises
    ------
    InputError
        Where it is neither, or with every problem found in the file.

    Examples
    --------
    >>> load_product("adsc-native").source_cell
    'adsc'
    """
    path = Path(product)
    if path.is_file():
        return parse_product(_read(path, os.fspath(product)), os.fspath(product))
    shipped = library()
    name = os.fspath(product)
    if name in shipped:
        return parse_product(shipped[name].read_text(encoding="utf-8"), shipped[name].name)
    message = "is a folder, not a product file" if path.is_dir() else "is neither a file nor a product of the library"
    raise InputError([Problem(name, None, None, "PRODUCT", message, shipped.names(), shipped.nearest(path.stem))])


def parse_product(text: str, file: str | None = None) -> Product:
    """Read and check the text of a product file.

    Parameters
    ----------
    text : str
        TOML.
    file : str, optional
        Name of the file in messages.

    Raises
    ------
    InputError
        With every problem found.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        message = f"is not readable as TOML: {_PLACE.sub('', str(error)).strip()}"
        raise InputError([Problem(file, line, column, "", message)]) from None
    try:
        return Product.model_validate(data)
    except ValidationError as error:
        lines = toml_lines(text)
        problems = dict.fromkeys(fault.problem(file, lines) for fault in _ERRORS.faults(error))
        raise InputError(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))) from None


def toml_lines(text: str) -> dict[Key, int]:
    """Line of each key and table of a TOML text, counted from 1, as far as the usual way of writing shows it.

    Examples
    --------
    >>> toml_lines('name = "a"\\n[[marker]]\\nname = "CD9"')[("marker", 0, "name")]
    3
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = _HEADER.fullmatch(line), _ENTRY.match(line)
        if header is not None:
            table = _table(header[2], double=header[1] == "[[", counts=counts)
            lines.setdefault(table, number)
        elif entry is not None:
            lines.setdefault((*table, entry[1]), number)
    return lines


def _table(header: str, *, double: bool, counts: dict[Key, int]) -> Key:
    """Path of a table header; the last element of a list of tables is the open one."""
    parts = [part.strip("\"' ") for part in header.split(".")]
    path: Key = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if double and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _read(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError([Problem(shown, None, None, "", "has more than 1 MB; a product file is a page of text")])
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError([Problem(shown, None, None, "", "is not text in UTF-8")]) from None
    except OSError as error:
        raise InputError([Problem(shown, None, None, "", f"cannot be read: {error.strerror}")]) from None
