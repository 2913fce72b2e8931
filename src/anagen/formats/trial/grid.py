"""The cells of a table that was saved as text: encoding, delimiter and header are found and told, the rest refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.foreign import kind_of
from anagen.formats.texts import SPECIAL
from anagen.formats.trial.numbers import is_missing, is_numeric

LARGEST = 50_000_000
"""Bytes of a table that is read; a row of a trial has about a hundred."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LOOKED_AT = 200
"""Lines by which the delimiter is found."""
MOSTLY = 0.9
"""Share of the cells of a column that are numbers where it is one of numbers."""
EXPECTED = (
    "expected a table as text (CSV) with one row of column names, then a row a patient and visit, a row a patient or a "
    "row an arm and week"
)
FORMULA = "=+@"
_SEP = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_LITTLE, _BIG = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    line : int
        Line of the file, or number of the record.
    cells : tuple[str, ...]
        As many as there are columns.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it was saved: text in every cell.

    Attributes
    ----------
    file : str
        Its name in messages.
    header : tuple[str, ...]
        Names of the columns, each once.
    rows : tuple[Row, ...]
        What stands below.
    told : tuple[str, ...]
        What was recognised, in sentences.
    labels : Mapping[str, str]
        Column -> what it is called in words, where the file says it.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    told: tuple[str, ...]
    labels: Mapping[str, str]

    def column(self, name: str) -> list[tuple[int, str]]:
        """Line and cell of every row."""
        place = self.header.index(name)
        return [(row.line, row.cells[place]) for row in self.rows]


def refused(file: str, message: str, line: int | None = None, field: str = "") -> InputError:
    """An error of a file."""
    return InputError([Problem(file, line, None, field, message)])


def read_grid(path: Path, said: Mapping[str, str]) -> Grid:
    """A table of text.

    Parameters
    ----------
    path : Path
        The file.
    said : Mapping[str, str]
        What the user says of it: `encoding` and `delimiter`, which are found where they are left out.

    Returns
    -------
    Grid
        Its cells, with what was recognised.

    Raises
    ------
    InputError
        Where it is no such table, with what it is and what was expected, or with every line that is wrong.
    """
    file = str(path)
    raw = _bytes(path)
    text, told = decoded(raw, file, said.get("encoding", ""))
    lines = text.split("\n")
    skipped = 0
    while skipped < len(lines) and (not lines[skipped].strip() or lines[skipped].startswith("#")):
        skipped += 1
    if skipped == len(lines):
        raise refused(file, f"is empty; {EXPECTED}")
    if skipped:
        told.append(f"{skipped} blank or # lines before the header are passed over.")
    asked = said.get("delimiter", "")
    named = _SEP.match(lines[skipped])
    if named is not None:
        skipped += 1
        asked = asked or named[1]
    delimiter = _delimiter(lines[skipped:], file, asked)
    told.append(f"Delimiter: {DELIMITERS[delimiter]}{' (as said)' if asked else ''}.")
    cells = _cells("\n".join(lines[skipped:]), delimiter, file, skipped)
    header, rows, more = _squared(cells, file)
    _check_header(header, rows, file)
    return Grid(file, header, tuple(rows), (*told, *more), {})


def _bytes(path: Path) -> bytes:
    """The file, where it can be a table at all."""
    file = str(path)
    if path.is_dir():
        raise refused(file, f"is a folder; {EXPECTED}, or a folder with ADSL and ADEFF as XPT or Dataset-JSON")
    try:
        if path.exists() and not path.is_file():
            raise refused(file, f"{SPECIAL}; {EXPECTED}")
        size = path.stat().st_size
        if size > LARGEST:
            raise refused(file, f"has {size / 1e6:,.0f} MB; at most {LARGEST / 1e6:.0f} MB are read")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refused(file, "there is no such file") from None
    except OSError as error:
        raise refused(file, f"cannot be read: {error.strerror or error}") from None
    kind = kind_of(raw)
    if kind is not None and not kind.startswith(("a table (CSV)", "a table with", "text in UTF-16")):
        raise refused(file, f"is {kind}, not a table of a trial; {EXPECTED}")
    return raw


def decoded(raw: bytes, file: str, asked: str = "") -> tuple[str, list[str]]:
    """Text of the bytes of a table, and a sentence on its encoding.

    Parameters
    ----------
    raw : bytes
        The file.
    file : str
        Its name in messages.
    asked : str
        The encoding, where the user says it.

    Returns
    -------
    text : str
        With line feeds at the ends of lines.
    told : list[str]
        One sentence.

    Raises
    ------
    InputError
        Where it is no text.

    Examples
    --------
    >>> decoded("Größe;1".encode("latin-1"), "a.csv")
    ('Größe;1', ['Encoding: Windows-1252 (Latin-1), as it is not UTF-8.'])
    """
    if asked:
        try:
            return _lined(raw.decode(asked)), [f"Encoding: {asked} (as said)."]
        except (ValueError, LookupError):
            words = f"is not text in {asked!r}; utf-8, cp1252, latin-1 and utf-16 are read"
            raise refused(file, words) from None
    if raw.startswith((_LITTLE, _BIG)):
        code, words = "utf-16", "UTF-16, by its byte-order mark"
    elif raw[1:4001:2].count(0) > 0.3 * len(raw[1:4001:2]) > 0:
        code, words = "utf-16-le", "UTF-16 without a byte-order mark"
    elif b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        raise refused(file, f"holds a byte of zero, so it is no text or was damaged; {EXPECTED}", line)
    else:
        code, words = "utf-8-sig", "UTF-8" + (", with a byte-order mark" if raw.startswith(b"\xef\xbb\xbf") else "")
    try:
        return _lined(raw.decode(code)), [f"Encoding: {words}."]
    except UnicodeDecodeError as error:
        if code != "utf-8-sig":
            line = raw.count(b"\n", 0, error.start) + 1
            raise refused(file, "begins as UTF-16 does and is damaged; save it as UTF-8", line) from None
    try:
        return _lined(raw.decode("cp1252")), ["Encoding: Windows-1252 (Latin-1), as it is not UTF-8."]
    except UnicodeDecodeError:
        return _lined(raw.decode("latin-1")), ["Encoding: Latin-1, as it is neither UTF-8 nor Windows-1252."]


def _lined(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(lines: Sequence[str], file: str, asked: str) -> str:
    """What parts the cells: the one that gives the first lines as many cells as the header."""
    if asked:
        meant = {word: mark for mark, word in DELIMITERS.items()} | {mark: mark for mark in DELIMITERS}
        if asked.strip().lower() not in meant and asked not in meant:
            names = tuple(DELIMITERS.values())
            raise InputError([Problem(file, None, None, "delimiter", f"{asked!r} is no delimiter", names)])
        return meant.get(asked) or meant[asked.strip().lower()]
    fits: dict[str, tuple[float, int]] = {}
    head = "\n".join(lines[:LOOKED_AT])
    for mark in DELIMITERS:
        counts = [len(cells) for cells in csv.reader(io.StringIO(head), delimiter=mark) if any(cells)]
        if counts and counts[0] > 1:
            fits[mark] = (sum(count == counts[0] for count in counts) / len(counts), counts[0])
    if not fits:
        raise refused(file, f"no comma, semicolon, tab or bar parts its first line; {EXPECTED}", 1)
    best = max(fits.values())
    found = [mark for mark, fit in fits.items() if fit[0] == best[0]]
    if len(found) > 1:
        names = " or ".join(DELIMITERS[mark] for mark in found)
        raise refused(file, f"can be parted by {names}; say which in the table: file,delimiter,{DELIMITERS[found[0]]}")
    return found[0]


def _cells(text: str, delimiter: str, file: str, skipped: int) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    last = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(Row(last + 1 + skipped, tuple(cell.strip() for cell in cells)))
            last = reader.line_num
    except csv.Error as error:
        raise refused(
            file, f"cannot be read as a table ({error}); is a quotation mark left open?", last + 1 + skipped
        ) from None
    return rows


def _squared(rows: list[Row], file: str) -> tuple[tuple[str, ...], list[Row], list[str]]:
    """Header and rows with as many cells; a last column that is blank in all of them is left out, and told."""
    head, body, told = rows[0], rows[1:], list[str]()
    header = head.cells
    if not body:
        raise refused(file, f"has a header and no row below it; {EXPECTED}")
    width = len(header)
    if not header[-1] and all(len(row.cells) < width or not row.cells[width - 1] for row in body):
        header, width = header[:-1], width - 1
        body = [Row(row.line, row.cells[:width]) for row in body]
        told.append("A last column without a name is blank and left out.")
    elif all(len(row.cells) == width + 1 and not row.cells[-1] for row in body):
        body = [Row(row.line, row.cells[:width]) for row in body]
        told.append("A delimiter at the end of every row is passed over.")
    ragged = [row for row in body if len(row.cells) != width]
    if ragged:
        words = "a decimal comma in a table parted by commas, an open quotation mark, or a cut-off row?"
        raise InputError(
            Problem(file, row.line, None, "", f"has {len(row.cells)} cells, and the header {width}; {words}")
            for row in ragged
        )
    return header, body, told


def _check_header(header: tuple[str, ...], rows: Sequence[Row], file: str) -> None:
    """One row of names: each there, once, and none that a spreadsheet computes; no second one below it."""
    problems = [
        Problem(
            file, 1, None, f"column {place}", "has no name; a title above the table or a second header row, perhaps?"
        )
        for place, name in enumerate(header, 1)
        if not name
    ]
    problems += [
        Problem(file, 1, None, name, "names two columns; rename one")
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    problems += [
        Problem(file, 1, None, name, "begins as a formula does; rename it")
        for name in header
        if name[:1] in FORMULA and name
    ]
    if all(is_numeric(name) or is_missing(name) for name in header):
        problems = [Problem(file, 1, None, "", f"holds numbers and no names of columns; {EXPECTED}")]
    if problems:
        raise InputError(problems)
    first, others = rows[0], rows[1 : LOOKED_AT + 1]
    numeric = [place for place in range(len(header)) if _holds_numbers([row.cells[place] for row in others])]
    words = [first.cells[place] for place in numeric if not is_missing(first.cells[place])]
    if words and not any(is_numeric(word) for word in words):
        raise refused(
            file, "holds words where the rows below hold numbers: a second header row; take it out", first.line
        )


def _holds_numbers(cells: Sequence[str]) -> bool:
    """Whether nearly all cells of a column are numbers or missing, and some are numbers."""
    numeric = sum(is_numeric(cell) for cell in cells)
    return numeric > 0 and numeric + sum(is_missing(cell) for cell in cells) > MOSTLY * len(cells)
