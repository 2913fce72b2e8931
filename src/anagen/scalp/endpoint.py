"""What an endpoint is: a function of the hairs, its unit, and which errors of measurement reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anagen.core.arrays import FloatArray
from anagen.scalp.hairs import Hairs
from anagen.scalp.judging import Judge


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A quantity measured in a target area.

    Attributes
    ----------
    name : str
        As a study file names it.
    title : str
        In words.
    unit : str
        Its unit.
    value : Callable[[Hairs], FloatArray]
        Hairs of the area -> value.
    source : str
        Definition.
    count_power : float, default 0.0
        Power with which a relative error of counting enters (1 for a density, 0 for a mean).
    diameter_power : float, default 0.0
        Power with which a relative error of diameter enters.
    own_error : str, optional
        Parameter name of a further error of its own, as a standard deviation in the unit, or None.
    shifted : bool, default False
        True where vehicle, expectation and study offset shift it as they shift counts.
    shift_factor : str, optional
        Parameter name of a factor on the shift of vehicle and expectation, where it has its own; None: 1.
    collected : bool, default False
        True where hairs are collected or weighed rather than looked at, so that the instrument's detection does not
        matter.
    bounds : tuple[float, float], default (0.0, float("inf"))
        Least and greatest possible value.
    greatest : float, default inf
        Where nothing bounds it, a value beyond anything that anybody has; a limit beyond it is a slip.
    higher_is_better : bool, default True
        False where a fall is the wanted change.
    judge : Judge, optional
        Who turns `value` into a reading where the eye judges instead of an instrument, or None.
    score : bool, default False
        True for a score of change, which is 0 at baseline by definition.
    error_of_share : bool, default False
        True where the further error vanishes at both bounds, as that of a share does: it is multiplied by 2 sqrt(p (1 -
        p)), with p the place between the bounds.
    whole_scalp : bool, default False
        True where it is read on the whole scalp of a condition with patches, not in the target area.
    spared_zones : bool, default False
        True where zones that the condition spares count as well.

    Raises
    ------
    ValueError
        Where no error of measurement reaches it.

    Examples
    --------
    >>> from anagen.scalp import ENDPOINTS
    >>> ENDPOINTS["total_density"].unit
    'hairs/cm2'
    """

    name: str
    title: str
    unit: str
    value: Callable[[Hairs], FloatArray]
    source: str
    count_power: float = 0.0
    diameter_power: float = 0.0
    own_error: str | None = None
    shifted: bool = False
    shift_factor: str | None = None
    collected: bool = False
    bounds: tuple[float, float] = (0.0, float("inf"))
    greatest: float = float("inf")
    higher_is_better: bool = True
    judge: Judge | None = None
    score: bool = False
    error_of_share: bool = False
    whole_scalp: bool = False
    spared_zones: bool = False

    def __post_init__(self) -> None:
        """Refuses an endpoint that would be read without any error."""
        if not (self.count_power or self.diameter_power or self.own_error or self.judge):
            raise ValueError(
                f"endpoint {self.name!r} has no error of measurement; give it count_power, diameter_power, own_error "
                "(the name of a parameter in its unit) or a judge"
            )

    @property
    def possible(self) -> tuple[float, float]:
        """Least and greatest value that anybody can have."""
        return self.bounds[0], min(self.bounds[1], self.greatest)

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters that reading this endpoint needs beside those of the instrument."""
        names = tuple(name for name in (self.own_error, self.shift_factor) if name is not None)
        return names if self.judge is None else (*names, *self.judge.parameter_names())
