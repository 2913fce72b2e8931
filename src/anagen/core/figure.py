"""Figures that a notebook shows where a cell ends with them, and nowhere else."""

from __future__ import annotations

import io
from typing import Any, cast

from matplotlib.figure import Figure

DPI = 130


class ShownFigure(Figure):
    """A figure that pyplot does not know, so that no notebook shows it of its own accord.

    Jupyter knows how to show a figure only once pyplot was imported there; this one tells it. Where both know, the
    picture is shown once.
    """

    def _repr_png_(self) -> bytes:
        """The picture, as Jupyter asks for it."""
        file, drawn = io.BytesIO(), cast("Any", self)
        drawn.savefig(file, format="png", dpi=DPI)
        return file.getvalue()
