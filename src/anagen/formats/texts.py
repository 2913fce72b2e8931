"""Text of a file of another program, which the standards want in UTF-8."""

from __future__ import annotations

from pathlib import Path

from anagen.core.errors import InputError, Problem

LARGEST = 20_000_000
"""Bytes of a text that is read."""
SPECIAL = "is a pipe or a device, no plain file; save what it holds as a file"


def bytes_of(path: Path, largest: int = LARGEST) -> bytes:
    """Bytes of a file, of which no more are brought into memory than may be read.

    Parameters
    ----------
    path : Path
        The file.
    largest : int, default LARGEST
        Most bytes.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InputError
        Where it is missing, no plain file, too large, or cannot be read.
    """

    def wrong(words: str) -> InputError:
        return InputError([Problem(str(path), None, None, "", words)])

    try:
        if path.is_dir():
            raise wrong("is a folder; expected a file")
        if path.exists() and not path.is_file():
            raise wrong(SPECIAL)
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except FileNotFoundError:
        raise wrong("there is no such file") from None
    except (OSError, ValueError) as error:
        raise wrong(f"cannot be read: {getattr(error, 'strerror', None) or 'its name cannot be used'}") from None
    if len(raw) > largest:
        raise wrong(f"is larger than {largest // 1_000_000} MB")
    return raw


def text_of(path: Path) -> str:
    """Text of a file; see `bytes_of` and `utf8_text`."""
    return utf8_text(bytes_of(path), str(path))


def utf8_text(raw: bytes, file: str) -> str:
    """Text of the bytes of a file.

    Parameters
    ----------
    raw : bytes
        The file.
    file : str
        Its name in messages.

    Returns
    -------
    str
        Without a byte-order mark.

    Raises
    ------
    InputError
        Where it is not UTF-8, is too large, or holds a document type, by which a few lines can unpack to gigabytes.

    Examples
    --------
    >>> utf8_text(b"\\xef\\xbb\\xbf<sbml/>", "mine.xml")
    '<sbml/>'
    """
    if len(raw) > LARGEST:
        raise InputError([Problem(file, None, None, "", f"is larger than {LARGEST // 1_000_000} MB")])
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        words = "holds a document type, which this format does not need; take it out"
        raise InputError([Problem(file, None, None, "", words)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(file, line, None, "", "is not UTF-8 text; save it as UTF-8")]) from None
