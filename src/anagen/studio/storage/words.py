"""Text of users as a database can hold it."""

from __future__ import annotations

from anagen.core.errors import readable

LONGEST = 200


def line(text: str) -> str:
    """One line of text, without marks that cannot be seen, cut in the middle where it is long.

    Parameters
    ----------
    text : str
        As it came.

    Returns
    -------
    str
        At most LONGEST characters.

    Examples
    --------
    >>> line("A trial\\nof two lines")
    'A trial of two lines'
    """
    return readable(" ".join(text.split()), LONGEST)


def is_identifier(text: str) -> bool:
    """Whether text can be the identifier of a row; no other one is ever looked up.

    Parameters
    ----------
    text : str
        As it came in an address.

    Returns
    -------
    bool
        False where a database might not even take it.

    Examples
    --------
    >>> is_identifier("0f3a"), is_identifier("../x"), is_identifier("\\x00")
    (True, False, False)
    """
    return text.isascii() and text.isalnum() and len(text) <= 40
