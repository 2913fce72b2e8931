"""Whom a study recruits, as covariates are drawn from it."""

from __future__ import annotations

from anagen.patients import PopulationSpec, Spread
from anagen.study import Study
from anagen.study.empirical import empirical_of_text
from anagen.study.models import MONTHS
from anagen.study.values import Range


def population_spec(study: Study) -> PopulationSpec:
    """The study's population as covariates are drawn from it."""
    population = study.population
    onset, held = population.years_since_onset, population.empirical
    severity = {
        scale: {grade: 1.0 for grade in grades}
        for scale, grades in population.severity.items()
        if isinstance(grades, tuple)
    }
    ranges = {
        scale: (0.0 if limits.min is None else limits.min, 100.0 if limits.max is None else limits.max)
        for scale, limits in population.severity.items()
        if isinstance(limits, Range)
    }
    return PopulationSpec(
        condition=population.condition,
        sex=dict(population.sex),
        age=Spread(population.age.mean, population.age.sd, population.age.min, population.age.max),
        ethnicity=dict(population.ethnicity),
        severity=severity,
        years_since_onset=None if onset is None else Spread(onset.mean, onset.sd, onset.min, onset.max),
        zone=study.measurement.zone,
        severity_range=ranges,
        onset_week=population.onset_week,
        season=season_of(population.season),
        empirical=None if held is None else empirical_of_text(held.text, held.file, population.condition),
    )


def season_of(season: bool | str) -> int | None:
    """Month in which patients start, 1 to 12; 0 for any, None where there are no seasons.

    Parameters
    ----------
    season : bool | str
        Name of a month, or whether there are seasons.

    Returns
    -------
    int or None
        Month, 0 for any, or None.

    Examples
    --------
    >>> season_of("march"), season_of(True), season_of(False)
    (3, 0, None)
    """
    if isinstance(season, str):
        return 1 + MONTHS.index(season)
    return 0 if season else None
