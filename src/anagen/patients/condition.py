"""What a condition is: whom it affects, how it is graded, and what it does to the follicles over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.patients.population import Population

SEXES = ("male", "female")


@dataclass(frozen=True, slots=True)
class ExtentClass:
    """A class of a severity scale of numbers: its ends [percent of the scalp] and the parameter of its share.

    Within the class every number is as likely as any other.
    """

    name: str
    low: float
    high: float
    share: str


@dataclass(frozen=True, slots=True)
class Patches:
    """Which plots of the scalp map are diseased.

    Attributes
    ----------
    cover : FloatArray
        Share of the plot that is covered by a patch at baseline [patient, plot], 0 to 1.
    attacked : BoolArray
        Whether the plot is covered at baseline or taken later on [patient, plot].
    begins : FloatArray
        Day from baseline on which the plot is first taken [patient, plot]; minus infinity where it is covered.
    first : IntArray
        Plot in which the first patch began [patient].
    """

    cover: FloatArray
    attacked: BoolArray
    begins: FloatArray
    first: IntArray


class Hazard(Protocol):
    """Hazard of a premature end of anagen [1/day] of each patient, [patient, day]."""

    def __call__(
        self,
        population: Population,
        values: Mapping[str, float],
        *,
        seed: int,
        days: FloatArray,
        factor: FloatArray,
        plots: IntArray,
    ) -> FloatArray:
        """The hazard that is left of the condition's own, for the follicles of one plot of the scalp of each patient.

        Parameters
        ----------
        population : Population
            Patients.
        values : Mapping[str, float]
            Parameter values.
        seed : int
            Key of the draws.
        days : FloatArray
            Evenly spaced days from baseline [day]; the hazard holds from one to the next.
        factor : FloatArray
            What therapies leave of the attack, 1 = untreated [patient, day].
        plots : IntArray
            Number of the plot on the scalp map [patient]; without meaning where a condition has no patches.
        """
        ...


PatchesOf = Callable[[Population, Mapping[str, float], int, float], Patches]
"""patches(population, values, seed, last day) -> Patches"""


@dataclass(frozen=True, slots=True)
class Condition:
    """A hair disease, or its absence, as the population draws it and as it acts on follicles.

    Attributes
    ----------
    name : str
        As a study file names it.
    title : str
        In words.
    network : str
        Name of the condition in the signalling network.
    sexes : tuple[str, ...]
        Sexes in which it is modelled.
    severity_scale : Mapping[str, str]
        Sex -> name of the grading scale ("norwood", "ludwig"); empty where it is not graded.
    severities : Mapping[str, Mapping[str, float]]
        Scale -> grade -> weight in the default mix; no grades where the scale is one of numbers.
    severity_steps : Mapping[str, Mapping[str, float]]
        Scale -> grade -> distance in grades from the reference patient.
    affected_zones : frozenset[str]
        Zones in which follicles carry the condition's sensitivity; elsewhere they are healthy.
    sensitivity : Mapping[str, str]
        Sex -> parameter name of the median androgen sensitivity z of affected follicles.
    sensitivity_spread : str
        Parameter name of the log standard deviation of z.
    onset_years : str
        Parameter name of the median years since onset.
    onset_spread : str
        Parameter name of their log standard deviation.
    starts_terminal : bool
        True where follicles begin the untreated years at calibre 1 (before onset), False at their target.
    reads : tuple[str, ...]
        Names of the parameters that a study of this condition reads; a name that ends in a dot means the group.
    source : str
        Where the description comes from.
    growth_factor : str, optional
        Parameter name of the factor on growth in affected zones, or None.
    onset_on_age : str, optional
        Parameter name of the power of age, counted from the earliest, with which years since onset rise, or None.
    zone_factors : Mapping[str, Mapping[str, tuple[str, ...]]], default dict()
        Sex -> affected zone -> parameter names of the factors on androgen sensitivity there; the zone without one is
        the reference of that sex, for which the median holds.
    earliest_age : float, default 12.0
        Age before which it does not begin [year].
    least_years : float, default 0.25
        Least years since onset.
    extents : tuple[ExtentClass, ...], default ()
        Classes of a scale of numbers; the number is the share of the scalp affected [percent].
    hazard : Hazard, optional
        The condition's hazard of a premature end of anagen, or None where it has none.
    history_days : float, default 0.0
        How long before baseline the hazard is followed [day]; earlier events have been forgotten.
    loses_hair_at_once : bool, default False
        True where an attacked hair falls out (dystrophic anagen), False where it is released after catagen and telogen
        like any other.
    reentry_speed : str, optional
        Parameter name of the factor on the speed with which follicles of a patch go back into anagen, or None for 1.
    patches : PatchesOf, optional
        Which plots of the scalp are diseased, or None where the whole scalp is.
    triggered : bool, default False
        True where a study can say in which week it began.
    other_scales : Mapping[str, tuple[str, ...]], default dict()
        Sex -> further grading scales that a study may use in place of the usual one; grades of all scales of a sex have
        names of their own.

    Examples
    --------
    >>> from anagen.patients import CONDITIONS
    >>> CONDITIONS["aga"].severity_scale["male"]
    'norwood'
    """

    name: str
    title: str
    network: str
    sexes: tuple[str, ...]
    severity_scale: Mapping[str, str]
    severities: Mapping[str, Mapping[str, float]]
    severity_steps: Mapping[str, Mapping[str, float]]
    affected_zones: frozenset[str]
    sensitivity: Mapping[str, str]
    sensitivity_spread: str
    onset_years: str
    onset_spread: str
    starts_terminal: bool
    reads: tuple[str, ...]
    source: str
    growth_factor: str | None = None
    onset_on_age: str | None = None
    zone_factors: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    earliest_age: float = 12.0
    least_years: float = 0.25
    extents: tuple[ExtentClass, ...] = ()
    hazard: Hazard | None = None
    history_days: float = 0.0
    loses_hair_at_once: bool = False
    reentry_speed: str | None = None
    patches: PatchesOf | None = None
    triggered: bool = False
    other_scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def scales_of(self, sex: str) -> tuple[str, ...]:
        """Grading scales of a sex, the usual one first; empty where it is not graded.

        Examples
        --------
        >>> from anagen.patients import CONDITIONS
        >>> CONDITIONS["aga"].scales_of("female"), CONDITIONS["healthy"].scales_of("female")
        (('ludwig', 'sinclair', 'savin'), ())
        """
        usual = self.severity_scale.get(sex)
        return () if usual is None else (usual, *self.other_scales.get(sex, ()))

    def scales(self) -> tuple[str, ...]:
        """Every grading scale of the condition, each once."""
        return tuple(dict.fromkeys(scale for sex in self.severity_scale for scale in self.scales_of(sex)))

    def step_of(self, sex: str, grade: str) -> float:
        """Distance of a grade from the reference patient, on whatever scale of the sex it stands.

        Raises
        ------
        KeyError
            Where no scale of the sex has the grade.

        Examples
        --------
        >>> from anagen.patients import CONDITIONS
        >>> CONDITIONS["aga"].step_of("female", "II"), CONDITIONS["aga"].step_of("female", "5")
        (1.0, 3.0)
        """
        return {name: step for scale in self.scales_of(sex) for name, step in self.severity_steps[scale].items()}[grade]

    @property
    def begins(self) -> bool:
        """Whether it begins at some age, as a disease does and healthy scalp does not."""
        return self.starts_terminal or self.hazard is not None

    def grades(self, scale: str) -> tuple[str, ...]:
        """Grades of a scale, mildest first."""
        return tuple(self.severities[scale])

    def is_read(self, parameter: str) -> bool:
        """Whether a study of this condition reads a parameter on the condition's account.

        Examples
        --------
        >>> from anagen.patients import CONDITIONS
        >>> CONDITIONS["aga"].is_read("aga.sensitivity_men"), CONDITIONS["healthy"].is_read("aga.sensitivity_men")
        (True, False)
        """
        return any(parameter == name or (name.endswith(".") and parameter.startswith(name)) for name in self.reads)


def hold_on_zone(
    condition: Condition, zone: str, sex: tuple[str, ...], values: Mapping[str, float]
) -> tuple[FloatArray, FloatArray]:
    """What a condition does to a zone in each patient: factors on androgen sensitivity and on growth.

    Hair grows more slowly as far as the zone has the condition: its factor, up to 1, is the power of the slowing.

    Parameters
    ----------
    condition : Condition
        The condition.
    zone : str
        Zone of the scalp.
    sex : tuple[str, ...]
        Sex of each patient.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    sensitivity : FloatArray, shape (n_patients,)
        Over that of the reference zone; 1 in zones that the condition spares, which have healthy sensitivity.
    growth : FloatArray, shape (n_patients,)
        Over that of healthy scalp.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> from anagen.patients import CONDITIONS
    >>> values = load_parameters("prior").draw(0, 0)
    >>> factors, growth = hold_on_zone(CONDITIONS["aga"], "hairline", ("male", "female"), values)
    >>> factors.tolist(), growth.round(2).tolist()
    ([1.2, 0.2], [0.85, 0.97])
    """
    if zone not in condition.affected_zones:
        return np.ones(len(sex)), np.ones(len(sex))
    names = {each: condition.zone_factors.get(each, {}).get(zone, ()) for each in dict.fromkeys(sex)}
    factors = {each: math.prod(values[name] for name in named) for each, named in names.items()}
    sensitivity = np.array([factors[each] for each in sex], dtype=np.float64)
    slower = 1.0 if condition.growth_factor is None else values[condition.growth_factor]
    return sensitivity, slower ** np.minimum(sensitivity, 1.0)


def draw_extent(
    condition: Condition, limits: tuple[float, float] | None, values: Mapping[str, float], u: FloatArray
) -> tuple[tuple[str, ...], FloatArray]:
    """Class and number of each patient on a scale of numbers, by inversion.

    Parameters
    ----------
    condition : Condition
        A condition with `extents`.
    limits : tuple[float, float] | None
        Least and greatest number admitted [percent], or None.
    values : Mapping[str, float]
        Parameter values.
    u : FloatArray
        Uniform draws [patient].

    Returns
    -------
    tuple[tuple[str, ...], FloatArray]
        Names of the classes, and the share of the scalp affected, 0 to 1 [patient].

    Raises
    ------
    ValueError
        Where the limits leave nobody.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> from anagen.patients import CONDITIONS
    >>> names, extent = draw_extent(CONDITIONS["aa"], (95.0, 100.0), load_parameters().draw(1, 0), np.array([0.5]))
    >>> names, bool(0.95 <= extent[0] <= 1.0)
    (('very severe',), True)
    """
    low, high = (0.0, 100.0) if limits is None else limits
    pieces: list[tuple[str, float, float, float]] = []
    for extent in condition.extents:
        bottom, top = max(extent.low, low), min(extent.high, high)
        width = extent.high - extent.low
        if top < bottom:
            continue
        share = values[extent.share] * (1.0 if width == 0.0 else (top - bottom) / width)
        if share > 0.0:
            pieces.append((extent.name, bottom, top, share))
    if not pieces and low == high:
        pieces = [(e.name, low, low, 1.0) for e in condition.extents if e.low <= low <= e.high][-1:]
    if not pieces:
        raise ValueError(f"no patient with {condition.title} has between {low:g} and {high:g} % of the scalp affected")
    shares = np.array([share for _n, _b, _t, share in pieces], dtype=np.float64)
    edges: FloatArray = np.cumsum(shares)
    place = u * edges[-1]
    which: IntArray = np.minimum(
        np.asarray(np.searchsorted(edges, place, side="right"), dtype=np.int64), len(pieces) - 1
    )
    names = tuple(pieces[int(i)][0] for i in which)
    bottoms = np.array([bottom for _n, bottom, _t, _s in pieces])[which]
    tops = np.array([top for _n, _b, top, _s in pieces])[which]
    inside = np.clip((place - (edges - shares)[which]) / shares[which], 0.0, 1.0)
    return names, np.asarray((bottoms + (tops - bottoms) * inside) / 100.0, dtype=np.float64)
