"""A page as PNG, painted by matplotlib's own painter: skin with a mottle, hairs as wide as they are."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.core.extras import require_pictures
from anagen.scalp.picture.layout import SKIN, Site
from anagen.scalp.picture.page import INK, WARNING, Page
from anagen.scalp.picture.shapes import Drawing, Strokes

DPI = 100.0
POINTS = 72.0
MOTTLE = ((4, 0.020), (15, 0.010))
"""Patches of skin along a side, coarse to fine, and how much brighter they are [SD]."""
OF_COLOURS = np.array([0.8, 1.1, 1.2], dtype=np.float32)
"""Share of that in red, green and blue."""


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
        The same for the same page and the same versions of matplotlib and Pillow.

    Raises
    ------
    MissingExtra
        Where they are not installed.
    """
    require_pictures("a scalp as PNG")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    per_mm = 1000.0 / scale
    wide, high = round(page.width * per_mm), round(page.height * per_mm)
    figure: Any = Figure(figsize=(wide / DPI, high / DPI), dpi=DPI, facecolor=page.plate)
    canvas = FigureCanvasAgg(figure)
    for x, y, drawing in page.panels:
        _panel(figure, drawing, x, y, per_mm, high)
    canvas.draw()
    pixels = np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])
    for x, y, drawing in page.panels:
        if not drawing.outlines:
            left, top, side = _pixels_of(drawing, x, y, per_mm)
            skin = pixels[top : top + side, left : left + side]
            light = _mottle(site, side)[: skin.shape[0], : skin.shape[1], None] * OF_COLOURS
            skin[...] = np.clip(skin * (1.0 + light) + 0.5, 0.0, 255.0)
    image = Image.fromarray(pixels)
    _words(image, page, per_mm)
    told = PngInfo()
    for key, value in {"Title": WARNING, "Description": page.about, "Software": software}.items():
        told.add_text(key, value)
    stream = io.BytesIO()
    # runs of equal pixels alone are looked for: a third less time than the usual search, for the same size
    image.save(stream, "png", pnginfo=told, compress_type=zlib.Z_RLE)
    return stream.getvalue()


def _pixels_of(drawing: Drawing, x: float, y: float, per_mm: float) -> tuple[int, int, int]:
    """Left and upper edge and side of a panel [px]."""
    return round(x * per_mm), round(y * per_mm), round(drawing.side * per_mm)


def _panel(figure: Any, drawing: Drawing, x: float, y: float, per_mm: float, high: int) -> None:
    from matplotlib.collections import EllipseCollection, PathCollection, PolyCollection
    from matplotlib.patches import Rectangle
    from matplotlib.path import Path as Curve
    from matplotlib.transforms import Affine2D, IdentityTransform

    # millimetres from the panel's upper left corner to pixels from the lower left one of the sheet
    left, top, side = _pixels_of(drawing, x, y, per_mm)
    place = Affine2D().scale(per_mm, -per_mm).translate(left, high - top)
    frame = Rectangle((left, high - top - side), side, side, facecolor=drawing.skin.tolist(), linewidth=0.0)
    frame.set_transform(IdentityTransform())
    figure.add_artist(frame, clip=False)

    def put(artist: Any) -> None:
        figure.add_artist(artist, clip=False)
        artist.set_clip_path(frame)

    def stroke(strokes: Strokes) -> None:
        if not len(strokes.points):
            return
        codes = np.array([Curve.MOVETO, Curve.CURVE3, Curve.CURVE3], dtype=Curve.code_type)
        put(
            PathCollection(
                [Curve(hair, codes) for hair in strokes.points],
                facecolors="none",
                edgecolors=strokes.colour,
                linewidths=strokes.width * per_mm * POINTS / DPI,
                alpha=strokes.opacity,
                transform=place,
            )
        )

    if drawing.outlines:
        colours = [outline.colour.tolist() for outline in drawing.outlines]
        put(PolyCollection([outline.points for outline in drawing.outlines], facecolors=colours, transform=place))
    for discs in drawing.discs:
        across = 2.0 * discs.radius * per_mm
        put(
            EllipseCollection(
                across,
                across,
                np.zeros(len(across)),
                units="dots",
                offsets=discs.centre,
                offset_transform=place,
                facecolors=[(*discs.colour.tolist(), discs.opacity)],
                edgecolors="none",
            )
        )
    stroke(drawing.shades)
    stroke(drawing.hairs)


def _words(image: Any, page: Page, per_mm: float) -> None:
    """Text and scale bar; a font is read for each size once."""
    from matplotlib import get_data_path
    from PIL import ImageDraw, ImageFont

    pen = ImageDraw.Draw(image)
    folder = Path(get_data_path()) / "fonts" / "ttf"
    fonts: dict[tuple[float, bool], Any] = {}
    for text in page.texts:
        key = (text.size, text.bold)
        if key not in fonts:
            file = folder / ("DejaVuSans-Bold.ttf" if text.bold else "DejaVuSans.ttf")
            fonts[key] = ImageFont.truetype(str(file), text.size * per_mm, layout_engine=ImageFont.Layout.BASIC)
        pen.text((text.x * per_mm, text.y * per_mm), text.words, fill=text.colour, font=fonts[key], anchor="ls")
    x, y, length = page.bar
    thick = max(1, round(page.bar_width * per_mm))
    left, top = round(x * per_mm), round(y * per_mm - 0.5 * thick)
    pen.rectangle((left, top, left + round(length * per_mm) - 1, top + thick - 1), fill=INK)


def _mottle(site: Site, side: int) -> NDArray[np.float32]:
    """Brightness of skin less its mean, shape (side, side): smooth noise at two sizes."""
    at = (np.arange(side) + 0.5) / side
    whole, first = np.zeros((side, side), dtype=np.float32), 0
    for patches, strength in MOTTLE:
        coarse = site.normals(SKIN, (patches + 1) ** 2, first=first).reshape(patches + 1, patches + 1)
        first += (patches + 1) ** 2
        spots = np.linspace(0.0, 1.0, patches + 1)
        # linear between the spots, along both sides
        weights = np.maximum(0.0, 1.0 - patches * np.abs(at[:, None] - spots))
        whole += (strength * (weights @ coarse @ weights.T)).astype(np.float32)
    return whole
