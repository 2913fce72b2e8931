"""Text of a file of another program, which the standards want in UTF-8."""

from __future__ import annotations

from anagen.core.errors import InputError, Problem

LARGEST = 20_000_000
"""Bytes of a text that is read."""


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
