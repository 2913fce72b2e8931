"""Addresses of a page with other words in their query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

Query = Iterable[tuple[str, str]]


def address(path: str, query: Query, changes: Mapping[str, str] | None = None) -> str:
    """An address whose query holds some words otherwise; what is empty is left out.

    Parameters
    ----------
    path : str
        Of the page.
    query : Iterable of tuple
        Names and words as they are; a name may stand several times.
    changes : Mapping of str to str, optional
        Names that hold something else.

    Returns
    -------
    str
        Path and query.

    Examples
    --------
    >>> address("/evidence", [("therapy", "prp"), ("use", "")], {"sort": "-week"})
    '/evidence?therapy=prp&sort=-week'
    """
    given = changes or {}
    kept = [(name, words) for name, words in query if words and name not in given]
    kept += [(name, words) for name, words in given.items() if words]
    return f"{path}?{urlencode(kept)}" if kept else path
