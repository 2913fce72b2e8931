"""The hairs of a target area, added up: what every endpoint is computed from."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.core.arrays import FloatArray
from anagen.follicles.arguments import N_SUMS, SHED_WINDOW, SUMS


@dataclass(frozen=True, slots=True)
class Hairs:
    """Sums over the hairs of a target area; arrays share one shape.

    Attributes
    ----------
    hairs : FloatArray
        Numbers.
    nonvellus : FloatArray
        Numbers.
    terminal : FloatArray
        Numbers.
    anagen : FloatArray
        Numbers.
    diameter : FloatArray
        Sum of diameters [um].
    mass_rate : FloatArray
        Sum of diameter**2 * growth over anagen hairs [um2 mm/day].
    growth_rate : FloatArray
        Sum of growth over anagen hairs [mm/day].
    shed : FloatArray
        Hairs shed in the window before the visit; area [cm2]; shed_window [day].
    scalp_area : float
        Hair-bearing scalp [cm2].
    bare : FloatArray, optional
        Share of the whole scalp without terminal hair, None where no patches are followed.
    """

    hairs: FloatArray
    nonvellus: FloatArray
    terminal: FloatArray
    anagen: FloatArray
    diameter: FloatArray
    mass_rate: FloatArray
    growth_rate: FloatArray
    shed: FloatArray
    area: float
    shed_window: float
    scalp_area: float
    bare: FloatArray | None = None

    @classmethod
    def from_sums(
        cls, sums: FloatArray, *, area: float, scalp_area: float, detected: bool, bare: FloatArray | None = None
    ) -> Hairs:
        """Pick all emerged hairs, or the detected ones, out of the kernel's sums [..., 2 * N_SUMS]."""
        first = N_SUMS if detected else 0
        columns = {name: sums[..., first + i] for i, name in enumerate(SUMS)}
        return cls(**columns, area=area, shed_window=SHED_WINDOW, scalp_area=scalp_area, bare=bare)
