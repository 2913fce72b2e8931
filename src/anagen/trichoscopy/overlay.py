"""The picture with what was read in it: every hair coloured by its width, its root, and the frame that is counted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import BoolArray
from anagen.core.provenance import package_version
from anagen.trichoscopy.count import FRAME, Found
from anagen.trichoscopy.hair import Hair

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIGNATURE = "anagen, reader of scalp pictures"
COLOURS = ((255, 190, 0), (90, 200, 255), (0, 220, 160))
"""Of hairs below 30 um, from 30 um, from 40 um: light on dark shafts, and told apart by people who see few colours."""
GROWS, RESTS = (0, 220, 160), (255, 120, 20)
LEAST, MOST = 900, 2400
"""Pixels of the longer side: a small picture is enlarged, a large one made smaller."""
STRIP = 30


def overlay(picture: np.ndarray, scale: float, found: Found, growing: BoolArray | None = None) -> bytes:
    """Draw what was read.

    Parameters
    ----------
    picture : np.ndarray, shape (height, width, 3)
        Red, green, blue as bytes.
    scale : float
        [um/px].
    found : Found
        In the picture.
    growing : BoolArray, optional
        Whether each hair of the frame grows; colours then say that.

    Returns
    -------
    bytes
        A PNG; the same for the same picture and the same version of Pillow.
    """
    from PIL import Image
    from PIL.ImageDraw import Draw
    from PIL.PngImagePlugin import PngInfo

    longer = max(picture.shape[:2])
    factor = max(1, -(-LEAST // longer)) if longer < LEAST else min(1.0, MOST / longer)
    size = round(picture.shape[1] * factor), round(picture.shape[0] * factor)
    sheet = Image.new("RGB", (size[0], size[1] + STRIP), (20, 20, 20))
    sheet.paste(Image.fromarray(picture).resize(size), (0, 0))
    pen = Draw(sheet)
    per_mm = 1000.0 * factor / scale
    edge = FRAME * per_mm
    pen.rectangle((edge, edge, size[0] - edge, size[1] - edge), outline=(255, 255, 255), width=2)
    counted = found.framed()
    for number, hair in enumerate(counted):
        colour = _by_width(hair) if growing is None else (GROWS if growing[number] else RESTS)
        _draw(pen, hair, per_mm, colour)
    kept = {id(hair) for hair in counted}
    for hair in found.hairs:
        if id(hair) not in kept:
            _draw(pen, hair, per_mm, (150, 150, 150))
    _legend(pen, size, per_mm, growing is None)
    about = PngInfo()
    about.add_text("Software", f"{SIGNATURE}, {package_version()}")
    stream = io.BytesIO()
    sheet.save(stream, format="PNG", pnginfo=about)
    return stream.getvalue()


def _by_width(hair: Hair) -> tuple[int, int, int]:
    return COLOURS[(hair.width >= 30.0) + (hair.width >= 40.0)]


def _draw(pen: ImageDraw, hair: Hair, per_mm: float, colour: tuple[int, int, int]) -> None:
    points = hair.points[:: max(1, len(hair.points) // 8)]
    line: Sequence[tuple[float, float]] = [
        (x * per_mm, y * per_mm) for x, y in [*points.tolist(), hair.points[-1].tolist()]
    ]
    pen.line(line, fill=colour, width=3)
    x, y = line[0]
    pen.ellipse((x - 3, y - 3, x + 3, y + 3), outline=colour, width=2)


def _legend(pen: ImageDraw, size: tuple[int, int], per_mm: float, by_width: bool) -> None:
    by_diameter = ("under 30 um", "30 to 40 um", "from 40 um")
    entries = zip(by_diameter, COLOURS, strict=True) if by_width else (("grows", GROWS), ("rests", RESTS))
    x, y = 10, size[1] + 8
    for words, colour in (*entries, ("outside the frame", (150, 150, 150))):
        pen.line((x, y + 7, x + 18, y + 7), fill=colour, width=3)
        pen.text((x + 24, y), words, fill=(235, 235, 235))
        x += 40 + 7 * len(words)
    pen.line((size[0] - 60 - per_mm, y + 7, size[0] - 60, y + 7), fill=(255, 255, 255), width=3)
    pen.text((size[0] - 52, y), "1 mm", fill=(255, 255, 255))
