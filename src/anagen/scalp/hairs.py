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
        Numbers shed in the window before the visit.
    terminal_diameter : FloatArray
        Sum of the diameters of terminal hairs [um].
    followed : FloatArray
        Numbers of hairs of follicles that held a non-vellus hair at the first visit.
    followed_diameter : FloatArray
        Sum of their diameters [um].
    area : float
        Of the target area [cm2].
    shed_window : float
        Time over which shed hairs are counted [day].
    scalp_area : float
        Hair-bearing scalp [cm2].
    bare : FloatArray, optional
        Share of the whole scalp without terminal hair, None where no patches are followed.
    spared_shed : FloatArray, optional
        Numbers shed in the window per area of scalp that the condition spares [1/cm2], None where all scalp is like the
        target area or nobody asks.
    spared_share : float, default 0.0
        Share of the hair-bearing scalp that the condition spares.
    """

    hairs: FloatArray
    nonvellus: FloatArray
    terminal: FloatArray
    anagen: FloatArray
    diameter: FloatArray
    mass_rate: FloatArray
    growth_rate: FloatArray
    shed: FloatArray
    terminal_diameter: FloatArray
    followed: FloatArray
    followed_diameter: FloatArray
    area: float
    shed_window: float
    scalp_area: float
    bare: FloatArray | None = None
    spared_shed: FloatArray | None = None
    spared_share: float = 0.0

    @classmethod
    def from_sums(
        cls,
        sums: FloatArray,
        *,
        area: float,
        scalp_area: float,
        detected: bool,
        bare: FloatArray | None = None,
        spared: tuple[FloatArray, float] | None = None,
    ) -> Hairs:
        """Pick all emerged hairs, or the detected ones, out of the kernel's sums [..., 2 * N_SUMS]."""
        first = N_SUMS if detected else 0
        columns = {name: sums[..., first + i] for i, name in enumerate(SUMS)}
        shed, share = (None, 0.0) if spared is None else spared
        return cls(
            **columns,
            area=area,
            shed_window=SHED_WINDOW,
            scalp_area=scalp_area,
            bare=bare,
            spared_shed=shed,
            spared_share=share,
        )
