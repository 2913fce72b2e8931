"""Hairs of a picture: lines that are as dark, as straight and as long as hairs are, each counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from anagen.core.arrays import FloatArray
from anagen.trichoscopy.darkness import Darkness, darkness
from anagen.trichoscopy.hair import Hair
from anagen.trichoscopy.lines import centre_lines, length_of, linked, trimmed
from anagen.trichoscopy.ridges import ridges
from anagen.trichoscopy.roots import rooted
from anagen.trichoscopy.width import BLURS, MOST_STRONG, WIDTHS, fitted, models, peaks, profiles

FRAME = 0.3
"""Hairs are counted whose middle lies so far inside the picture [mm]."""
SHORTEST = 0.14
"""Least length of a hair [mm]."""
STRENGTH, GRAINS = (0.035, 0.07), 9.0
"""Bounds of the strength that a ridge has to have, and how many times the grain of ridges that is between them."""
SHARP = 45.0
"""Percentile of the blurs of single hairs that is the blur of the camera: what lies out of focus is more blurred."""
SOFT = 12.0
"""What shadows beside hairs, their rounding and the sampling of profiles add to the blur of the camera [um]."""
FEW, TYPICAL = 8, 0.85
"""Below so many lines thick hairs are taken to be at least so dark."""
PAIR, USUAL = 1.45, 75.0
"""A line wider than so many usual hairs is two hairs side by side; least width of a usual hair [um]."""
DARK, GRAINY, MOST_GRAIN = (0.24, 0.36), 3.5, 0.30
"""Least darkness over that of thick hairs, of the finest hair and what is added up to 60 um; least multiple of grain,
and the most that grain can ask for: where hair covers half of the skin it is no grain."""
LOCAL, TURN, AGREED = 2.0, 0.55, 0.75
"""Neighbourhood in which hairs lie alike [mm], by how much one may turn from the others [rad], and how far these
must agree."""
WITHIN = 0.6
OTHERS = 4.0
"""Least number of other hairs whose direction counts, by their weights."""
STRAIGHT = 0.96
"""Least distance of the ends of a stub over its length."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a picture.

    Attributes
    ----------
    hairs : tuple[Hair, ...]
        All of them.
    blur : float
        Standard deviation, as judged by the hairs or as given [um]; 0 where there is no hair.
    full : float
        Darkness of thick hairs.
    grain : float
        Robust standard deviation of darkness.
    size : tuple[float, float]
        Width and height of the picture [mm].
    dark : Darkness
        Of the picture.
    usual : float
        Median width of the dark lines [um].
    lines : int
        Dark lines that were looked at.
    """

    hairs: tuple[Hair, ...]
    blur: float
    full: float
    grain: float
    size: tuple[float, float]
    dark: Darkness
    usual: float
    lines: int

    def framed(self, margin: float = FRAME) -> tuple[Hair, ...]:
        """Hairs whose middle lies in the frame, so that its edge neither adds nor loses any."""
        return tuple(
            hair
            for hair in self.hairs
            if margin <= hair.middle[0] < self.size[0] - margin and margin <= hair.middle[1] < self.size[1] - margin
        )

    def covered(self) -> float:
        """Share of the picture that is at least half as dark as thick hairs are."""
        return float(np.mean(self.dark.values > 0.5 * self.full)) if self.full else 0.0

    def framed_area(self, margin: float = FRAME) -> float:
        """Area of the frame [cm2]."""
        return (self.size[0] - 2.0 * margin) * (self.size[1] - 2.0 * margin) / 100.0


def find_hairs(picture: np.ndarray, scale: float, *, blur: float | None = None) -> Found:
    """Hairs of a picture of shaved scalp.

    Parameters
    ----------
    picture : np.ndarray, shape (height, width, 3)
        Red, green, blue as bytes.
    scale : float
        [um/px].
    blur : float, optional
        Standard deviation of the camera's blur [um]; judged by the hairs where left out.

    Returns
    -------
    Found
        Hairs in the order of their places.
    """
    dark = darkness(picture, scale)
    strength, angle = ridges(dark)
    size = (picture.shape[1] * scale / 1000.0, picture.shape[0] * scale / 1000.0)
    grain = _robust_sd(dark.values)
    threshold = float(np.clip(GRAINS * _robust_sd(strength[strength > 0.0]), *STRENGTH))
    lines = linked(centre_lines(strength, angle, threshold), dark.scale)
    lines = [line for line in lines if np.hypot(*(line[0] - line[-1])) * dark.scale / 1000.0 > 0.35 * SHORTEST]
    if not lines:
        return Found((), 0.0, 0.0, grain, size, dark, 0.0, 0)
    profile = profiles(dark, lines)
    peak = peaks(profile)
    strong = np.flatnonzero(peak > 0.6 * np.sort(peak)[-max(3, len(peak) // 50) :].min())
    full = min(0.97, 1.06 * float(np.percentile(peak[strong], 75)))
    if len(lines) < FEW:  # too few to show how dark thick hairs are
        full = max(full, TYPICAL)
    chosen = strong[np.argsort(-peak[strong], kind="stable")][:MOST_STRONG]
    if blur is None:
        cost = np.stack([fitted(profile[chosen], models(b), full, 0.0).residual for b in BLURS])
        blur = float(np.sqrt(max(np.percentile(BLURS[cost.argmin(axis=0)], SHARP) ** 2 - SOFT**2, 1.0)))
    model = models(float(np.hypot(blur, SOFT)))
    usual = float(np.median(fitted(profile[chosen], model, full).width))
    kept = [short for line in lines if len(short := trimmed(dark.values, line, dark.scale)) >= 4]
    hairs = _combed(_alone(_accepted(dark, kept, model, full, grain, max(USUAL, usual))))
    return Found(tuple(rooted(hairs, dark)), blur, full, grain, size, dark, usual, len(lines))


def _robust_sd(values: np.ndarray) -> float:
    """1.4826 times the median distance from the median, by every seventh value; 0 of nothing."""
    some = values.ravel()[::7]
    return 1.4826 * float(np.median(np.abs(some - np.median(some)))) if some.size else 0.0


def _accepted(
    dark: Darkness, lines: Sequence[FloatArray], model: FloatArray, full: float, grain: float, usual: float
) -> list[Hair]:
    """Lines that are hairs. Fine hairs may be pale, thick ones may not; the shorter a line, the darker it has to be."""
    if not lines:
        return []
    fit = fitted(profiles(dark, lines), model, full)
    hairs: list[Hair] = []
    for line, width, shade in zip(lines, fit.width.tolist(), fit.dark.tolist(), strict=True):
        along = length_of(line) * dark.scale / 1000.0
        straight = float(np.hypot(*(line[-1] - line[0]))) * dark.scale / 1000.0
        short = np.clip((0.28 - along - 0.6e-3 * width) / 0.14, 0.0, 1.0)
        need = max(full * (DARK[0] + DARK[1] * min(1.0, width / 60.0)), 0.08, min(GRAINY * grain, MOST_GRAIN)) * (
            1.0 + 0.6 * short
        )
        if not WIDTHS[0] + 1.0 <= width < WIDTHS[-1] - 5.0 or shade < need:
            continue
        if along + 0.8e-3 * width < SHORTEST + 0.02 or straight < STRAIGHT * along - 0.01:
            continue
        points = (line + 0.5) * dark.scale / 1000.0
        # a ridge ends short of the end of the hair, by a share of its width
        length = along + 0.6e-3 * width
        if width > PAIR * usual:  # two shafts side by side that nothing parts
            heading = (points[-1] - points[0]) / np.hypot(*(points[-1] - points[0]))
            aside = np.array([-heading[1], heading[0]]) * width / 4000.0
            hairs += [Hair(points + sign * aside, 0.5 * width, length, shade) for sign in (1.0, -1.0)]
        else:
            hairs.append(Hair(points, width, length, shade))
    return hairs


def _alone(hairs: Sequence[Hair]) -> list[Hair]:
    """Hairs without lines that run inside a stronger one, from left to right."""
    order = sorted(hairs, key=lambda hair: -hair.dark * hair.length * hair.width)
    if not order:
        return []
    middle = np.array([hair.middle for hair in order])
    reach = 0.5 * max(hair.length for hair in order) + 0.2
    near: Any = cKDTree(middle).query_ball_point(middle, reach)
    kept: set[int] = set()
    for i, hair in enumerate(order):
        if not any(k in kept and _inside(hair, order[k]) for k in near[i]):
            kept.add(i)
    return sorted((order[i] for i in kept), key=lambda hair: (float(hair.middle[0]), float(hair.middle[1])))


def _combed(hairs: Sequence[Hair]) -> list[Hair]:
    """Hairs without lines across the direction in which the hairs around them lie: furrows and folds of skin."""
    if not hairs:
        return []
    middle = np.array([hair.middle for hair in hairs])
    doubled = np.array([2.0 * np.arctan2(hair.along[1], hair.along[0]) for hair in hairs])
    weight = np.array([hair.dark * hair.length * hair.width for hair in hairs])
    apart = ((middle[:, None] - middle) ** 2).sum(axis=2)
    near = np.exp(-apart / (2.0 * LOCAL**2)) * weight
    np.fill_diagonal(near, 0.0)
    total = near.sum(axis=1)
    sums = near @ np.exp(1j * doubled)
    turn = 0.5 * np.abs(np.angle(np.exp(1j * doubled) * np.conj(sums)))
    many = total**2 / np.maximum((near**2).sum(axis=1), 1e-12) >= OTHERS
    across = many & (np.abs(sums) > AGREED * total) & (turn > TURN)
    return [hair for hair, out in zip(hairs, across.tolist(), strict=True) if not out]


def _inside(hair: Hair, other: Hair) -> bool:
    """Whether a line runs inside another hair, for most of its way and in its direction."""
    if abs(float(hair.along @ other.along)) < np.cos(0.6):
        return False
    far = np.sqrt(((hair.points[::2, None] - other.points[None]) ** 2).sum(axis=2).min(axis=1))
    return float(np.mean(far < 0.5e-3 * max(hair.width, other.width) + 0.008)) > WITHIN
