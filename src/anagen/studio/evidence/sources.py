"""Addresses of what was read."""

from __future__ import annotations

SOURCES = {
    "doi:": "https://doi.org/",
    "pmid:": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmc:": "https://pmc.ncbi.nlm.nih.gov/articles/",
}


def address_of(source: str) -> str:
    """Address of a source; "" where it has none.

    Parameters
    ----------
    source : str
        Such as "doi:10.1000/182".

    Returns
    -------
    str
        Such as "https://doi.org/10.1000/182".

    Examples
    --------
    >>> address_of("doi:10.1000/182"), address_of("a book")
    ('https://doi.org/10.1000/182', '')
    """
    if source.startswith(("https://", "http://")):
        return source
    kinds = (kind for kind in SOURCES if source.startswith(kind))
    return next((SOURCES[kind] + source.removeprefix(kind) for kind in kinds), "")
