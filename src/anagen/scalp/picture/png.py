"""A page as PNG, painted by matplotlib's own painter: skin with a mottle, hairs as wide as they are."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.picture.layout import SKIN, Site
from anagen.scalp.picture.page import INK, PLATE, WARNING, Page
from anagen.scalp.picture.shapes import Strokes

DPI = 100.0
COMPRESSION = 3
"""Of 9: half the time of the usual 6, for files a twentieth larger."""
POINTS = 72.0
MOTTLE = (4, 15)
"""Patches of skin along a side, coarse to fine."""


def to_png(page: Page, site: Site, scale: float, software: str) -> bytes:
    """The page as pixels.

    Parameters
    ----------
    page : Page
        Laid out.
    site : Site
        Address of the mottle of the skin.
    scale : float
        [um of skin/px].
    software : str
        For the metadata.

    Returns
    -------
    bytes
        The same for the same page and the same version of matplotlib.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import EllipseCollection, LineCollection, PathCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.path import Path as Curve

    per_mm = 1000.0 / scale
    wide, high = round(page.width * per_mm), round(page.height * per_mm)
    figure: Any = Figure(figsize=(wide / DPI, high / DPI), dpi=DPI, facecolor=PLATE)
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, page.width), ylim=(page.height, 0.0))
    axes.set_axis_off()
    points = per_mm * POINTS / DPI
    mottle = _mottle(site)

    def stroke(strokes: Strokes, x: float, y: float, frame: Rectangle) -> None:
        codes = [Curve.MOVETO, Curve.CURVE3, Curve.CURVE3]
        curves = [Curve(hair, codes) for hair in strokes.points + np.array([x, y])]
        lines = PathCollection(
            curves,
            facecolors="none",
            edgecolors=strokes.colour,
            linewidths=strokes.width * points,
            alpha=strokes.opacity,
            transform=axes.transData,
        )
        axes.add_collection(lines, autolim=False)
        lines.set_clip_path(frame)

    for x, y, drawing in page.panels:
        side = drawing.side
        frame = Rectangle((x, y), side, side, transform=axes.transData)
        skin = np.clip(drawing.skin * mottle[..., None] ** np.array([0.8, 1.1, 1.2]), 0.0, 1.0)
        axes.imshow(skin, extent=(x, x + side, y + side, y), interpolation="bilinear", aspect="auto")
        for discs in drawing.discs:
            across = 2.0 * discs.radius
            spots = EllipseCollection(
                across,
                across,
                np.zeros(len(across)),
                units="x",
                offsets=discs.centre + np.array([x, y]),
                offset_transform=axes.transData,
                facecolors=[(*discs.colour.tolist(), discs.opacity)],
                edgecolors="none",
            )
            axes.add_collection(spots, autolim=False)
            spots.set_clip_path(frame)
        stroke(drawing.shades, x, y, frame)
        stroke(drawing.hairs, x, y, frame)
    for text in page.texts:
        axes.text(
            text.x,
            text.y,
            text.words,
            fontsize=text.size * points,
            fontfamily="DejaVu Sans",
            fontweight="bold" if text.bold else "normal",
            color=text.colour,
            parse_math=False,
            va="baseline",
        )
    x, y, length = page.bar
    axes.add_collection(LineCollection([[(x, y), (x + length, y)]], colors=INK, linewidths=0.12 * points))
    axes.set(xlim=(0.0, page.width), ylim=(page.height, 0.0))
    stream = io.BytesIO()
    about = {"Title": WARNING, "Description": page.about, "Software": software}
    figure.savefig(
        stream, format="png", dpi=DPI, facecolor=PLATE, metadata=about, pil_kwargs={"compress_level": COMPRESSION}
    )
    return stream.getvalue()


def _mottle(site: Site) -> FloatArray:
    """Brightness of skin over its mean: smooth noise at two sizes."""
    finest = MOTTLE[-1]
    at = (np.arange(finest) + 0.5) / finest
    whole, first = np.ones((finest, finest)), 0
    for patches, strength in zip(MOTTLE, (0.020, 0.010), strict=True):
        coarse = site.normals(SKIN, (patches + 1) ** 2, first=first).reshape(patches + 1, patches + 1)
        first += (patches + 1) ** 2
        spots = np.linspace(0.0, 1.0, patches + 1)
        # linear between the spots, along both sides
        weights = np.maximum(0.0, 1.0 - patches * np.abs(at[:, None] - spots))
        whole += strength * (weights @ coarse @ weights.T)
    return whole
