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
