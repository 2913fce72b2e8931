"""A hair that was found in a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Hair:
    """A hair that was found.

    Attributes
    ----------
    points : FloatArray, shape (n, 2)
        Centre line from root to tip, x and y [mm].
    width : float
        [um].
    length : float
        [mm].
    dark : float
        0 to 1.
    """

    points: FloatArray
    width: float
    length: float
    dark: float

    @property
    def middle(self) -> FloatArray:
        """Half way between root and tip [mm]."""
        return 0.5 * (self.points[0] + self.points[-1])

    @property
    def along(self) -> FloatArray:
        """Unit vector from root to tip."""
        way = self.points[-1] - self.points[0]
        return way / max(float(np.hypot(*way)), 1e-9)
