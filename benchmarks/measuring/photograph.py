"""A drawn scalp as a camera would take it: pale skin with relief, round shafts that let light through, blur, grain.

`anagen.scalp.picture` draws a scalp clean, so that whoever looks at it can count. This photographs the same drawing,
so that a reader of pictures can be tried where every hair is known. Numbers are assumptions, chosen by eye beside
photographs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import ndimage

from anagen.core.arrays import BoolArray, FloatArray
from anagen.scalp.picture.looks import row
from anagen.scalp.picture.shapes import Drawing

ABSORPTION = {
    "black": (0.066, 0.078, 0.092),
    "brown": (0.036, 0.052, 0.074),
    "blond": (0.010, 0.017, 0.032),
    "grey": (0.006, 0.006, 0.007),
}
"""Of red, green and blue light along the chord of a terminal hair [1/um]."""
UNDER = 0.32
"""Length of shaft that shines through the skin behind its exit [mm]."""
FINE = 2
"""Hairs are drawn so many times finer than the picture."""


@dataclass(frozen=True, slots=True)
class Camera:
    """How a picture is taken.

    Attributes
    ----------
    scale : float
        [um/px].
    blur : float
        Standard deviation [um].
    grain : float
        Shot noise of white.
    slope : float
        Of the light from side to side.
    hair : str
        Colour.
    skin : str
        Colour.
    vessels : float
        Strength of vessels, 1 for the usual faint ones.
    dots : tuple[tuple[float, float], ...]
        Places of tattooed dots [mm].
    seed : int
        Of skin, light and grain.
    """

    scale: float = 10.0
    blur: float = 12.0
    grain: float = 0.015
    slope: float = 0.15
    hair: str = "brown"
    skin: str = "light"
    vessels: float = 1.0
    dots: tuple[tuple[float, float], ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Shafts:
    """Hairs in front of a camera, thin ones first.

    Attributes
    ----------
    points : FloatArray, shape (n, 3, 2)
        Quadratic Bezier curves from exit to tip [mm].
    diameter : FloatArray, shape (n,)
        [um].
    """

    points: FloatArray
    diameter: FloatArray

    @classmethod
    def straight(cls, exits: FloatArray, tips: FloatArray, diameter: FloatArray) -> Shafts:
        """Straight hairs between points [mm]."""
        exits, tips = np.atleast_2d(exits), np.atleast_2d(tips)
        order = np.argsort(diameter, kind="stable")
        points = np.stack([exits, 0.5 * (exits + tips), tips], axis=1)
        return cls(points[order], np.atleast_1d(np.asarray(diameter, dtype=np.float64))[order])

    @classmethod
    def drawn(cls, drawing: Drawing, corner: tuple[float, float] = (0.0, 0.0)) -> Shafts:
        """Hairs of a drawing, seen from a corner of it [mm]."""
        return cls(drawing.hairs.points - np.asarray(corner), 1000.0 * drawing.hairs.width)

    def inside(self, side: float, margin: float = 0.0) -> BoolArray:
        """Whether the middle of each hair lies so far inside a square of that side [mm]."""
        middle = 0.25 * (self.points[:, 0] + 2.0 * self.points[:, 1] + self.points[:, 2])
        return np.all((middle >= margin) & (middle < side - margin), axis=1)


def photograph(shafts: Shafts, side: float, camera: Camera) -> np.ndarray:
    """Take a picture of a square of skin.

    Parameters
    ----------
    shafts : Shafts
        Hairs.
    side : float
        Of the square [mm].
    camera : Camera
        How it is taken.

    Returns
    -------
    np.ndarray
        Red, green, blue [y, x, 3] as bytes; the same for the same arguments.
    """
    n = round(1000.0 * side / camera.scale)
    rng = np.random.default_rng((camera.seed, 14))
    tone = row(f"skin_{camera.skin}")
    picture = _skin((n, n), camera, tone, rng)
    pigment = (0.35 + 0.65 * np.clip((shafts.diameter - 15.0) / 35.0, 0.0, 1.0)) * np.exp(
        0.12 * rng.standard_normal(len(shafts.diameter))
    )
    for points, d, dark in zip(shafts.points, shafts.diameter, pigment, strict=True):
        heading = points[1] - points[0]
        heading = heading / np.linalg.norm(heading)
        for step, back in enumerate(np.linspace(0.0, UNDER, 7)):
            strength = dark * min(1.0, (d / 75.0) ** 1.5) * 0.17 * (1.0 - step / 8.0)
            _blob(
                picture,
                points[0] - back * heading,
                18.0 + 0.35 * d + 9.0 * step,
                tone * [0.42, 0.46, 0.55],
                strength,
                camera,
            )
    thick, through, gloss = _shafts(shafts, pigment, (n, n), camera)
    gloss *= np.clip(0.7 + 0.6 * _noise((n, n), 22.0 / camera.scale, rng), 0.0, 2.0)
    shade = ndimage.gaussian_filter(np.minimum(thick, 60.0), 45.0 / camera.scale)
    shade = np.roll(shade, (int(40.0 / camera.scale), int(25.0 / camera.scale)), (0, 1))
    picture *= np.exp(-0.004 * shade)[..., None]
    relief = ndimage.gaussian_filter(rng.standard_normal((n, n)), max(0.6, 7.0 / camera.scale))
    relief /= relief.std()
    sparkle = np.clip(relief - 1.7, 0.0, 3.0) * np.clip(0.5 + _noise((n, n), 260.0 / camera.scale, rng), 0.0, 1.5)
    picture += (0.012 * relief + 0.075 * sparkle)[..., None]
    picture = picture * through + 0.05 * (1.0 - through) + 0.13 * gloss[..., None]
    for dot in camera.dots:
        _blob(picture, np.asarray(dot), 120.0, np.array([0.10, 0.12, 0.30]), 0.95, camera)
    phi = rng.uniform(0.0, 2.0 * np.pi)
    y, x = np.mgrid[0:n, 0:n] / n - 0.5
    light = 1.0 + 2.0 * camera.slope * (x * np.cos(phi) + y * np.sin(phi)) - 1.2 * camera.slope * (x**2 + y**2)
    picture *= light[..., None]
    picture = ndimage.gaussian_filter(picture, (camera.blur / camera.scale, camera.blur / camera.scale, 0.0))
    grain = 0.75 * rng.standard_normal((n, n, 1)) + 0.5 * rng.standard_normal((n, n, 3))
    picture += camera.grain * np.sqrt(np.clip(picture, 0.05, 1.0)) * grain
    return np.asarray(np.clip(picture, 0.0, 1.0) ** (1.0 / 1.05) * 255.0, dtype=np.uint8)


def _noise(shape: tuple[int, int], sigma: float, rng: np.random.Generator) -> FloatArray:
    """Smooth noise of standard deviation 1, correlated over sigma [px]."""
    coarse = max(1, int(sigma / 3.0))
    small = rng.standard_normal((shape[0] // coarse + 8, shape[1] // coarse + 8))
    small = ndimage.gaussian_filter(small, sigma / coarse, mode="wrap")
    whole = ndimage.zoom(small, coarse, order=1)[: shape[0], : shape[1]]
    return (whole - whole.mean()) / whole.std()


def _skin(shape: tuple[int, int], camera: Camera, tone: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Bare skin: mottle, furrows, faint vessels; a network of pigment on darker skin."""
    k = 1.0 / camera.scale
    mottle = sum(
        strength * _noise(shape, size * k, rng) for strength, size in ((0.030, 420), (0.018, 110), (0.012, 30))
    )
    furrow = sum(np.exp(-np.abs(_noise(shape, 130 * k, rng)) / 0.10) for _ in range(2))
    vessel = np.exp(-((_noise(shape, 190 * k, rng) / 0.045) ** 2)) * np.clip(_noise(shape, 500 * k, rng), 0.0, 1.0)
    skin = (
        tone * np.exp(np.asarray(mottle)[..., None] * [0.8, 1.1, 1.2]) * np.exp(-0.045 * np.asarray(furrow))[..., None]
    )
    skin *= np.exp(-camera.vessels * vessel[..., None] * np.array([0.01, 0.09, 0.07]))
    if camera.skin != "light":
        network = np.exp(-np.abs(_noise(shape, 160 * k, rng)) / 0.3)
        skin *= np.exp(-network[..., None] * np.array([0.10, 0.13, 0.15]) * (1.6 if camera.skin == "dark" else 0.7))
    return skin


def _blob(
    picture: FloatArray, at: FloatArray, size: float, colour: FloatArray, strength: float, camera: Camera
) -> None:
    """Blend a soft spot of a size [um] into the picture."""
    (x, y), size = at * 1000.0 / camera.scale, size / camera.scale
    reach = int(3.0 * size) + 2
    top, left = max(0, int(y) - reach), max(0, int(x) - reach)
    part = picture[top : max(0, int(y) + reach), left : max(0, int(x) + reach)]
    if part.size:
        v, u = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
        share = strength * np.exp(-((u + left - x) ** 2 + (v + top - y) ** 2) / (2.0 * size**2))[..., None]
        part[...] = part * (1.0 - share) + share * colour


def _shafts(
    shafts: Shafts, pigment: FloatArray, shape: tuple[int, int], camera: Camera
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Thickness of hair [um], share of red, green and blue that passes, and highlight, of every pixel."""
    fine = camera.scale / FINE
    big = (shape[0] * FINE, shape[1] * FINE)
    thick, off_axis, optical = np.zeros(big), np.zeros(big), np.zeros(big)
    t = np.linspace(0.0, 1.0, 9)[:, None]
    for (p0, p1, p2), d, dark in zip(shafts.points, shafts.diameter, pigment, strict=True):
        line = ((1 - t) ** 2 * p0 + 2 * t * (1 - t) * p1 + t**2 * p2) * 1000.0 / fine - 0.5
        radius = max(0.5, 0.5 * d / fine)
        low = np.clip(np.floor(line.min(axis=0) - radius - 1), 0, big[::-1]).astype(int)
        high = np.clip(np.ceil(line.max(axis=0) + radius + 2), 0, big[::-1]).astype(int)
        if not (high > low).all():
            continue
        box = (slice(low[1], high[1]), slice(low[0], high[0]))
        y, x = np.mgrid[box]
        one, across = np.zeros(x.shape), np.zeros(x.shape)
        for (x0, y0), (x1, y1) in pairwise(line):
            dx, dy = x1 - x0, y1 - y0
            length = float(np.hypot(dx, dy)) + 1e-9
            along = ((x - x0) * dx + (y - y0) * dy) / length
            aside = ((x - x0) * dy - (y - y0) * dx) / length
            chord = 2.0 * np.sqrt(np.clip(radius**2 - aside**2, 0.0, None)) * ((along >= 0.0) & (along <= length))
            across = np.where(chord > one, aside / radius, across)
            one = np.maximum(one, chord)
        one *= fine
        off_axis[box] = np.where(one > 0.0, across, off_axis[box])
        thick[box] = np.maximum(thick[box], one)
        optical[box] += dark * one

    def down(values: FloatArray) -> FloatArray:
        return values.reshape(shape[0], FINE, shape[1], FINE).mean(axis=(1, 3))

    glint = np.exp(-(((off_axis - 0.2) / 0.22) ** 2)) * np.clip(thick / 70.0, 0.0, 1.0)
    through = np.stack([down(np.exp(-optical * mu)) for mu in ABSORPTION[camera.hair]], axis=-1)
    return down(thick), through, down(glint)
