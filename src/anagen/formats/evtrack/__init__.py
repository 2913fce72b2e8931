"""EV-TRACK: the form of the knowledge base on how vesicles were made and shown, and its score, EV-METRIC."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from anagen.formats.format import Format, Sample

if TYPE_CHECKING:
    from anagen.formats.evtrack.form import EvMetric, EvTrackForm, ev_track_form
    from anagen.formats.evtrack.writing import form_csv, form_page

__all__ = ["CSV_HEADER", "ENDING", "FORMAT", "EvMetric", "EvTrackForm", "ev_track_form", "form_csv", "form_page"]
CSV_HEADER = ("section", "field", "value", "asks")
ENDING = "-ev-track.csv"
"""Of the name of a form, after that of its product."""
_HOMES = {"form_csv": "writing", "form_page": "writing"}


def is_form(sample: Sample) -> bool:
    """Whether a file has the columns of the form, or a folder holds forms.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    if any(name.endswith(ENDING) for name in sample.names):
        return sample.path.is_dir()
    return sample.head.startswith(",".join(CSV_HEADER).encode())


FORMAT = Format(
    name="evtrack",
    title="an EV-TRACK form",
    home=__name__,
    recognises=is_form,
    expected=f"expected a table (CSV) with the columns {', '.join(CSV_HEADER)}",
    folder=True,
    takes="product",
)


def __getattr__(name: str) -> Any:
    # imported when asked for, so that a format is recognised without the model of products
    if name in __all__:
        return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'form')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
