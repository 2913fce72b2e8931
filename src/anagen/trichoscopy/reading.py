"""A picture from a file, and what cannot be read from one: refused in plain words before or after a look at it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.extras import require
from anagen.trichoscopy.count import Found
from anagen.trichoscopy.hair import Hair

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
MODES = ("L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr")
"""Kinds of pixels that hold a byte for each colour."""
LARGEST_FILE = 100_000_000
MOST_PIXELS = 40_000_000
FINEST, COARSEST = 1.0, 30.0
"""Scales that can be read [um/px]."""
SMALLEST, LARGEST = 2.5, 40.0
"""Least shorter and greatest longer side of a picture [mm]."""
MOST_BLUR = 26.0
"""Blur from which on widths are not known [um]."""
THIN, THICK = 30.0, 140.0
"""Widths between which the dark hairs of every scalp lie in the middle [um]."""
DENSEST = 600.0
"""Hairs that no scalp has [1/cm2]."""
PALEST = 0.45
"""Darkness that thick hairs have at least, of hair that can be told from skin."""
LONGEST = 1.4
"""Mean length of hairs, weighted by length, from which on they were not shaved within days [mm]."""
MOST_COVERED = 0.26
"""Share of the picture that shaved hair covers at most."""
FEWEST = 8
"""Hairs from which on their widths and lengths tell of the scale."""


def needs_pictures() -> None:
    """Refuse to read pictures where the libraries that do it are not installed.

    Raises
    ------
    InputError
        Naming the extra.
    """
    require("trichoscopy", "reading pictures", "PIL", "skimage")


def read_picture(path: str | os.PathLike[str], field: str) -> np.ndarray:
    """Pixels of a picture.

    Parameters
    ----------
    path : str or path
        A PNG, JPEG, TIFF, BMP or WebP.
    field : str
        Argument that names it, for messages.

    Returns
    -------
    np.ndarray, shape (height, width, 3)
        Red, green, blue as bytes.

    Raises
    ------
    InputError
        Where it is missing, no picture, damaged, too large, or has other than 8 bits a colour.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    file = Path(path)

    def refused(message: str, allowed: tuple[str, ...] = ()) -> InputError:
        return InputError([Problem(str(file), None, None, field, message, allowed)])

    try:
        if file.is_dir():
            raise refused("is a folder, not a picture")
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise refused(f"has {size / 1e6:.0f} MB; a picture of a scalp has at most {LARGEST_FILE / 1e6:.0f}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as picture:
                pixels = picture.width * picture.height
                if pixels > MOST_PIXELS:
                    message = (
                        f"would unpack to {pixels / 1e6:,.0f} million pixels; at most {MOST_PIXELS // 10**6} are read"
                    )
                    raise refused(f"{message}: cut it or make it smaller, and give the scale that it then has")
                if getattr(picture, "n_frames", 1) > 1:
                    raise refused("holds several pictures; give a file with one")
                if picture.mode not in MODES:
                    raise refused(f"has pixels of the kind {picture.mode}; save it with 8 bits for each colour")
                return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except FileNotFoundError:
        raise refused("there is no such file") from None
    except UnidentifiedImageError:
        raise refused("is no picture that can be read, or a damaged one", FORMATS) from None
    except Image.DecompressionBombError:
        raise refused(f"would unpack to many times the {MOST_PIXELS // 10**6} million pixels that are read") from None
    except (OSError, ValueError, SyntaxError) as error:
        # what Pillow raises for a cut or damaged file
        reason = getattr(error, "strerror", None) or str(error) or "it is damaged"
        raise refused(f"the picture cannot be read: {reason}") from None


def check_size(picture: np.ndarray, scale: float, field: str) -> None:
    """Refuse a picture of too little or too much skin for its scale.

    Raises
    ------
    InputError
        With the size that the scale gives it.
    """
    high, wide = (side * scale / 1000.0 for side in picture.shape[:2])
    if min(high, wide) < SMALLEST or max(high, wide) > LARGEST:
        few = min(high, wide) < SMALLEST
        limit = f"at least {SMALLEST:g} mm each way, to count in" if few else f"at most {LARGEST:g} mm"
        message = (
            f"{picture.shape[1]} x {picture.shape[0]} pixels of {scale:g} um show {wide:.3g} x {high:.3g} mm of skin; "
            f"a picture that can be read shows {limit}. Is the scale that of this picture?"
        )
        raise InputError([Problem(None, None, None, field, message)])


def check_found(found: Found, scale: float) -> None:
    """Refuse a picture in which what was found cannot be shaved hair at that scale.

    Parameters
    ----------
    found : Found
        In the picture.
    scale : float
        [um/px].

    Raises
    ------
    InputError
        Where there is no hair, the picture is too blurred, the scale cannot be right, or hair was not shaved.
    """
    hairs = found.framed()
    density = len(hairs) / found.framed_area()
    if found.lines and not THIN <= found.usual <= THICK:
        message = (
            f"at {scale:g} um/px the dark lines of the picture are {found.usual:.0f} um wide, and hairs of a scalp are "
            f"{THIN:g} to {THICK:g}; measure the scale on a ruler or scale bar in a picture of the same camera"
        )
        raise InputError([Problem(None, None, None, "scale", message)])
    if density > DENSEST:
        message = (
            f"at {scale:g} um/px the picture would show {density:.0f} hairs/cm2, and no scalp has "
            f"more than {DENSEST:g}; "
            "measure the scale on a ruler or scale bar in a picture of the same camera"
        )
        raise InputError([Problem(None, None, None, "scale", message)])
    if not hairs:
        message = (
            "no hair was found in the frame, so that there is nothing to tell of; is it a picture of shaved scalp, in "
            "focus, and is the scale right?"
        )
        raise InputError([Problem(None, None, None, "image", message)])
    if found.full < PALEST:
        message = (
            f"shows hair that is hardly darker than skin (by {100.0 * found.full:.0f} %, at least "
            f"{100.0 * PALEST:.0f} are "
            "needed): it is out of focus, or the hair is grey or fair, of which fine hairs are not "
            "seen. Focus, or dye the stubs"
        )
        raise InputError([Problem(None, None, None, "image", message)])
    if found.blur > MOST_BLUR:
        message = (
            f"is too blurred: edges of hairs are spread over {found.blur:.0f} um (standard "
            "deviation), and widths are not "
            f"known beyond {MOST_BLUR:g} um; focus, or take the picture from nearer"
        )
        raise InputError([Problem(None, None, None, "image", message)])
    if len(hairs) < FEWEST:
        return
    if mean_length(hairs) > LONGEST or found.covered() > MOST_COVERED:
        message = (
            f"shows grown hair: it covers {100.0 * found.covered():.0f} % of the picture, in pieces of "
            f"{mean_length(hairs):.1f} mm. Hair that lies over other hair cannot be counted; shave "
            "the area and take the "
            "picture within three days. If it was shaved, the scale is wrong"
        )
        raise InputError([Problem(None, None, None, "image", message)])


def mean_length(hairs: Sequence[Hair]) -> float:
    """Mean length of hairs, each weighted by its length [mm].

    Examples
    --------
    >>> line = np.zeros((2, 2))
    >>> mean_length([Hair(line, 60.0, 1.0, 0.8), Hair(line, 60.0, 3.0, 0.8)])
    2.5
    """
    length = np.array([hair.length for hair in hairs])
    return float((length**2).sum() / max(float(length.sum()), 1e-9))
