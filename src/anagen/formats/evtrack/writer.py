"""Writes the EV-TRACK forms of vesicle products: of each a table and a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anagen.exosomes import Product
from anagen.formats.evtrack import ENDING
from anagen.formats.evtrack.form import ev_track_form
from anagen.formats.evtrack.writing import form_csv, form_page


def write(products: Sequence[Product]) -> Mapping[str, bytes]:
    """Forms of products, as far as their files tell.

    Parameters
    ----------
    products : Sequence[Product]
        One product, or those of a study.

    Returns
    -------
    Mapping[str, bytes]
        Two files a product; the same bytes each time.
    """
    files: dict[str, bytes] = {}
    for product in products:
        form = ev_track_form(product)
        files[f"{product.name}{ENDING}"] = form_csv(form).encode()
        files[f"{product.name}-ev-track.html"] = form_page(form).encode()
    return files
