"""How a SAS transport file of version 5 is laid out: records of 80 bytes, what each column is, where rows begin.

References
----------
.. [1] SAS Institute, Record Layout of a SAS Version 5 or 6 Data Set in SAS Transport (XPORT) Format, TS-140.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from anagen.core.errors import InputError, Problem

RECORD, DESCRIPTION = 80, 140
LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
NAMESTR = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
ROWS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
TIMES = (144, 160, 464, 480)
"""Where the time of creation and change stand, 16 bytes each, of the library and of its one dataset."""
FIRST_MEMBER, COLUMNS_AT = 240, 560


@dataclass(frozen=True, slots=True)
class Field:
    """One column as the header describes it.

    Attributes
    ----------
    name : str
        At most 8 characters.
    label : str
        At most 40 characters.
    text : bool
        Whether it holds text, not numbers.
    length : int
        Bytes of a value.
    start : int
        Where in a row it begins.
    display : str
        Name of its format in SAS, without length.
    """

    name: str
    label: str
    text: bool
    length: int
    start: int
    display: str


@dataclass(frozen=True)
class Layout:
    """What a file says of itself.

    Attributes
    ----------
    name : str
        Of the dataset.
    label : str
        Of the dataset.
    fields : tuple of Field
        Its columns.
    rows : NDArray[np.uint8], shape (n_rows, n_bytes)
        Its rows as they stand there; of short rows the last can be padding.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    rows: NDArray[np.uint8]


def layout_of(raw: bytes, file: str) -> Layout:
    """What a file of one dataset holds, without its numbers decoded.

    Parameters
    ----------
    raw : bytes
        The file.
    file : str
        Its name in messages.

    Returns
    -------
    Layout
        Of version 5.

    Raises
    ------
    InputError
        Where it is of another version, was cut off or changed, holds several datasets, or text that is not ASCII.
    """
    if raw.startswith(b"HEADER RECORD*******LIBV8"):
        _refuse(file, "is a SAS transport file of version 8; version 5 is read, which the XPORT engine of SAS writes")
    if not raw.startswith(LIBRARY):
        _refuse(file, "is no SAS transport file of version 5; it should begin with HEADER RECORD*******LIBRARY")
    if len(raw) % RECORD:
        words = f"has {len(raw):,} bytes, which are no whole records of {RECORD}: it was cut off or sent as text"
        _refuse(file, words)
    if not raw.startswith(MEMBER, FIRST_MEMBER):
        _refuse(file, f"describes no dataset at byte {FIRST_MEMBER}: it was cut off or changed")
    if (datasets := raw.count(MEMBER)) > 1:
        _refuse(file, f"holds {datasets} datasets; write each into a file of its own")
    number_text = raw[COLUMNS_AT + 54 : COLUMNS_AT + 58]
    if not (raw.startswith(NAMESTR, COLUMNS_AT) and number_text.isdigit() and raw[314:318] == b"0140"):
        _refuse(file, f"lists no columns at byte {COLUMNS_AT}: it was cut off or changed")
    number, start = int(number_text), COLUMNS_AT + RECORD
    end = start + -(-number * DESCRIPTION // RECORD) * RECORD
    if not raw.startswith(ROWS, end):
        _refuse(file, f"has no rows at byte {end}, behind its {number} columns: it was cut off or changed")
    if not raw[:COLUMNS_AT].isascii():
        _refuse(file, "holds text that is not ASCII in the description of its dataset")
    fields = tuple(_field(raw[start + place * DESCRIPTION :]) for place in range(number))
    for field in fields:
        if not (field.name + field.label).isascii():
            _refuse(file, "has a name or label that is not ASCII", field.name)
    name, label = raw[408:416].decode("ascii").rstrip(), raw[512:552].decode("ascii").rstrip()
    return Layout(name, label, fields, _rows(raw[end + RECORD :], fields, file))


def _field(raw: bytes) -> Field:
    """A column from the bytes that describe it; text that is not ASCII shows as such."""

    def text(first: int, last: int) -> str:
        return raw[first:last].decode("latin-1").rstrip()

    def number(first: int, last: int) -> int:
        return int.from_bytes(raw[first:last], "big")

    return Field(text(8, 16), text(16, 56), number(0, 2) == 2, number(4, 6), number(84, 88), text(56, 64))


def _rows(data: bytes, fields: tuple[Field, ...], file: str) -> NDArray[np.uint8]:
    width = sum(field.length for field in fields)
    if any(field.start + field.length > width for field in fields):
        _refuse(file, "describes columns that lie outside its rows: it was changed")
    if not width:
        return np.empty((0, 0), dtype=np.uint8)
    number, left = divmod(len(data), width)
    if left >= RECORD or data[len(data) - left :].strip(b" "):
        _refuse(file, f"ends within row {number + 1:,}: it was cut off")
    rows = np.frombuffer(data[: number * width], dtype=np.uint8).reshape(number, width)
    for field in (field for field in fields if field.text):
        high = (rows[:, field.start : field.start + field.length] > 127).any(axis=1)
        if high.any():
            words = f"row {int(high.argmax()) + 1:,} holds text that is not ASCII; write it in plain letters"
            _refuse(file, words, field.name)
    return rows


def _refuse(file: str, message: str, place: str = "") -> NoReturn:
    raise InputError([Problem(file, None, None, place, message)])
