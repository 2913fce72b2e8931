"""What a population cannot be: limits in plain numbers, for whoever reads a study, before anything is simulated."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.patients.condition import Condition
from anagen.patients.zones import ETHNICITIES, ZONES

LEAST_FOLLICLES = 20.0
"""Follicles that a target area must hold on average: below, one whole follicle more or less moves a density by over
5 %, and no instrument counts so few."""
LEAST_HAIRS = 10.0
"""Hairs that a published baseline must put into the target area on average, for the same reason."""
DEVIATIONS = 3.0
"""Standard deviations between patients above the mean at which the densest scalps lie; one in 700 lies above."""


def mean_follicle_density(ethnicity: Mapping[str, float], zone: str, values: Mapping[str, float]) -> float:
    """Mean density of follicles in a zone of healthy scalp.

    Parameters
    ----------
    ethnicity : Mapping[str, float]
        Shares of the ethnicities, summing to 1.
    zone : str
        Zone of the target area.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    float
        [1/cm2].

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> round(mean_follicle_density({"caucasian": 1.0}, "vertex", load_parameters("prior").draw(0, 0)))
    315
    """
    hairs = sum(share * values[ETHNICITIES[name].density] for name, share in ethnicity.items())
    return hairs * values[ZONES[zone].density_factor] / values["population.counted_per_follicle_healthy"]


def least_target_area(density: float) -> float:
    """Least target area [cm2] for a mean density of follicles [1/cm2]: it holds LEAST_FOLLICLES on average.

    Examples
    --------
    >>> least_target_area(320.0)
    0.0625
    """
    return LEAST_FOLLICLES / density


def greatest_follicle_density(ethnicity: Mapping[str, float], zone: str, values: Mapping[str, float]) -> float:
    """Density of follicles that hardly anybody exceeds [1/cm2]: DEVIATIONS standard deviations above the mean.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> round(greatest_follicle_density({"caucasian": 1.0}, "vertex", load_parameters("prior").draw(0, 0)))
    620
    """
    cv = sum(share * values[ETHNICITIES[name].density_cv] for name, share in ethnicity.items())
    return mean_follicle_density(ethnicity, zone, values) * (1.0 + DEVIATIONS * cv)


def attainable_means(
    ethnicity: Mapping[str, float], zone: str, area: float, values: Mapping[str, float]
) -> tuple[float, float]:
    """Least and greatest mean hair density that a published baseline can have.

    Least: LEAST_HAIRS in the target area. Greatest: a hair in every follicle of the densest scalps.

    Parameters
    ----------
    ethnicity : Mapping[str, float]
        Shares of the ethnicities, summing to 1.
    zone : str
        Zone of the target area.
    area : float
        Target area [cm2].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    tuple[float, float]
        [hairs/cm2].

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> values = load_parameters("prior").draw(0, 0)
    >>> [round(end) for end in attainable_means({"caucasian": 1.0}, "vertex", 1.0, values)]
    [10, 620]
    """
    return LEAST_HAIRS / area, greatest_follicle_density(ethnicity, zone, values)


def attainable_diameters(finest: float, values: Mapping[str, float]) -> tuple[float, float]:
    """Least and greatest mean diameter of counted hairs that a published baseline can have.

    Least: the finest hair that the instrument sees, or the finest there is. Greatest: full-calibre hair in those whose
    hair is thickest, DEVIATIONS standard deviations above the mean.

    Parameters
    ----------
    finest : float
        Diameter at which half of the hairs are seen [um].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    tuple[float, float]
        [um].

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> attainable_diameters(27.0, load_parameters("prior").draw(0, 0))
    (27.0, 95.0)
    """
    thickest = values["population.shaft_diameter"] + DEVIATIONS * values["population.shaft_diameter_between_patients"]
    return max(finest, values["follicle.vellus_diameter"]), thickest


def least_age(condition: Condition) -> float:
    """Least age [year] at which somebody can have a condition; 0 for one that does not begin.

    Examples
    --------
    >>> from anagen.patients import CONDITIONS
    >>> least_age(CONDITIONS["aga"]), least_age(CONDITIONS["healthy"])
    (12.25, 0.0)
    """
    return condition.earliest_age + condition.least_years if condition.begins else 0.0


def impossible_ages(condition: Condition, *, youngest: float, onset_week: float | None = None) -> dict[str, str]:
    """What is wrong with the ages of a population and the onset of its condition.

    Parameters
    ----------
    condition : Condition
        What its patients have.
    youngest : float
        Least age [year].
    onset_week : float, optional
        Week from baseline in which the condition begins, if the study states it; negative before it.

    Returns
    -------
    dict[str, str]
        Field of the section `population` -> message; empty where every patient can have had the condition for as long.

    Examples
    --------
    >>> from anagen.patients import CONDITIONS
    >>> impossible_ages(CONDITIONS["aga"], youngest=5.0)["age.min"][-40:]
    'so patients are at least 12.25 years old'
    >>> impossible_ages(CONDITIONS["aga"], youngest=18.0)
    {}
    """
    if not condition.begins:
        return {}
    if youngest < least_age(condition):
        return {
            "age.min": f"{youngest:g} is too young: {condition.title} begins at {condition.earliest_age:g} or later, "
            f"so patients are at least {least_age(condition):g} years old"
        }
    longest = (youngest - condition.earliest_age) * DAYS_PER_YEAR / DAYS_PER_WEEK
    if onset_week is None or -onset_week <= longest:
        return {}
    return {
        "onset_week": f"{-onset_week:g} weeks ago is longer than the youngest patient ({youngest:g} years) can have "
        f"had {condition.title}: at most {longest:.0f} weeks"
    }
