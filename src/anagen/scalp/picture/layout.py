"""Where follicles stand: follicular units of 1 to 4 that keep apart, under one smooth field of directions.

Positions depend on the patient and on how many follicles there are, never on arm or week, so that twins show one scalp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import Purpose, normals, uniforms
from anagen.scalp.picture.looks import number, unit_shares

SIZE, DART, WITHIN, ACROSS, SPREAD, WAVE, LEAN, LENGTH, BEND, SIGN, SKIN = range(11)
"""What a draw is for; the item of its address."""
DARTS = 4096
"""Darts that are drawn at a time."""
MISSES = 400
"""Darts in a row that miss before units may stand closer."""
WAVES = 4


@dataclass(frozen=True, slots=True)
class Site:
    """Address of a patient's picture.

    Attributes
    ----------
    seed : int
        Of the run.
    patient : int
        Number of the patient.
    replicate : int
        Number of the trial.
    area : int
        Number of the target area on the scalp.
    """

    seed: int
    patient: int
    replicate: int
    area: int = 0

    def uniforms(self, item: int, n: int, first: int = 0) -> FloatArray:
        """Uniform draws first, first + 1, ... of an item."""
        index = np.arange(first, first + n)
        address = self.area * 64 + item
        return uniforms(
            self.seed, Purpose.PICTURE, patient=self.patient, item=address, index=index, replicate=self.replicate
        )

    def normals(self, item: int, n: int, first: int = 0) -> FloatArray:
        """Standard normal draws first, first + 1, ... of an item."""
        index = np.arange(first, first + n)
        address = self.area * 64 + item
        return normals(
            self.seed, Purpose.PICTURE, patient=self.patient, item=address, index=index, replicate=self.replicate
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """Follicles of a square target area.

    Attributes
    ----------
    side : float
        [mm].
    exit : FloatArray, shape (n, 2)
        Where each hair leaves the skin [mm].
    angle : FloatArray, shape (n,)
        Direction in the plane [rad].
    elevation : FloatArray, shape (n,)
        Angle to the skin [rad].
    unit : IntArray, shape (n,)
        Follicular unit.
    """

    side: float
    exit: FloatArray
    angle: FloatArray
    elevation: FloatArray
    unit: IntArray


def layout(counts: list[int], side: float, site: Site, ethnicity: str) -> Layout:
    """Places of follicles, one group behind the other: native ones first, then the grafts of each session.

    What comes later changes nothing of what was placed before.

    Parameters
    ----------
    counts : list[int]
        Follicles of each group.
    side : float
        Of the square [mm].
    site : Site
        Address of the draws.
    ethnicity : str
        Decides the sizes of units.

    Returns
    -------
    Layout
        Of all follicles.
    """
    units: list[IntArray] = []
    n_units, drawn = 0, 0
    edges = np.cumsum(unit_shares(ethnicity))[:-1]
    for count in counts:
        sizes = 1 + np.searchsorted(edges, site.uniforms(SIZE, count, drawn))
        own = np.repeat(np.arange(count), sizes)[:count] + n_units
        units.append(own)
        n_units, drawn = (int(own[-1]) + 1 if count else n_units), drawn + count
    unit = np.concatenate([np.zeros(0, dtype=np.int64), *units])
    centres = _centres([np.unique(own).size for own in units], side, site)
    n = len(unit)
    lean = site.normals(LEAN, 4 * max(n, 1)).reshape(-1, 4)[:n]
    place = np.arange(n) - np.searchsorted(unit, unit)
    size = np.bincount(unit, minlength=n_units)[unit]
    # a unit's exits lie side by side, across the direction in which they grow
    across = _field(centres, side, site)[unit] + 0.5 * np.pi + 0.5 * site.normals(ACROSS, n_units)[unit]
    gap = number("within_unit") * (0.7 + 0.6 * site.uniforms(WITHIN, n)) * (place - 0.5 * (size - 1))
    at = centres[unit] + gap[:, None] * np.column_stack([np.cos(across), np.sin(across)]) + 0.025 * lean[:, :2]
    angle = _field(at, side, site) + 0.10 * site.normals(SPREAD, n_units)[unit] + 0.09 * lean[:, 2]
    elevation = np.clip(number("elevation") + 0.12 * lean[:, 3], 0.15, 0.9)
    return Layout(side, np.clip(at, 0.0, side), angle, elevation, unit)


def _field(at: FloatArray, side: float, site: Site) -> FloatArray:
    """Direction in which hairs grow at some points: one for the area, with four long waves."""
    first = site.uniforms(WAVE, 1 + WAVES)
    shape = site.normals(WAVE, 3 * WAVES, first=16).reshape(WAVES, 3)
    phase = at @ (0.35 * shape[:, :2].T) * (6.0 * np.pi / side) + 2.0 * np.pi * first[1:]
    return 2.0 * np.pi * first[0] + (0.12 * shape[:, 2] * np.sin(phase)).sum(axis=1)


def _centres(counts: list[int], side: float, site: Site) -> FloatArray:
    """Centres of units: darts that land too near to another unit are thrown again; the distance gives way slowly."""
    centres, n = np.zeros((sum(counts), 2)), 0
    thrown, darts = 0, np.zeros((0, 2))
    for count in counts:
        least, missed, goal = number("unit_distance") * side / np.sqrt(max(n + count, 1)), 0, n + count
        while n < goal:
            if thrown % DARTS == 0:
                darts = side * site.uniforms(DART, 2 * DARTS, first=2 * thrown).reshape(-1, 2)
            dart = darts[thrown % DARTS]
            thrown += 1
            apart = centres[:n] - dart
            if n == 0 or float((apart * apart).sum(axis=1).min()) > least * least:
                centres[n], missed = dart, 0
                n += 1
            else:
                missed += 1
            if missed == MISSES:
                least, missed = 0.95 * least, 0
    return centres
