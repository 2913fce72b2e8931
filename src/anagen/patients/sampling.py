"""Draws virtual patients: covariates with correlations, every draw at the patient's own address."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.core.errors import InputError, Problem
from anagen.core.streams import Purpose, normals, uniforms
from anagen.patients.condition import Condition, draw_extent, hold_on_zone
from anagen.patients.conditions import CONDITIONS
from anagen.patients.empirical import Empirical
from anagen.patients.limits import impossible_ages
from anagen.patients.population import Population, PopulationSpec
from anagen.patients.zones import ETHNICITIES, ZONES

TRAITS = ("age", "onset", "density", "diameter", "sensitivity", "sulfotransferase", "growth")
"""Traits that are drawn together, in the order of the correlation matrix and of the draws' addresses."""

ONSET_AGE = 30.0
"""Age at which a condition's median years since onset hold, where they rise with age [year]."""

CORRELATIONS: dict[tuple[str, str], str] = {
    ("age", "density"): "population.correlation_age_density",
    ("onset", "sensitivity"): "population.correlation_onset_sensitivity",
    ("density", "diameter"): "population.correlation_density_diameter",
}


def correlation_matrix(values: Mapping[str, float]) -> FloatArray:
    """Correlations of the latent normal traits, shape [trait, trait].

    Raises
    ------
    ValueError
        Where the parameters do not form a correlation matrix.
    """
    matrix = np.eye(len(TRAITS))
    for (a, b), name in CORRELATIONS.items():
        i, j = TRAITS.index(a), TRAITS.index(b)
        matrix[i, j] = matrix[j, i] = values[name]
    if np.linalg.eigvalsh(matrix).min() <= 0.0:
        raise ValueError("the correlations between covariates do not form a positive definite matrix")
    return matrix


def sample_population(
    spec: PopulationSpec,
    values: Mapping[str, float],
    *,
    seed: int,
    patients: IntArray,
    replicate: int | IntArray,
    alike: bool = False,
    responsiveness: float | None = None,
) -> Population:
    """Draw the covariates of the given patients.

    A Gaussian copula: correlated standard normal traits, each turned into its own distribution by inversion. Density
    and diameter are log-normal and normal between patients; years since onset are log-normal, and the
    condition does not begin before its earliest age (12 years for androgenetic alopecia).

    Parameters
    ----------
    spec : PopulationSpec
        Whom to draw.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    patients : IntArray
        Patient numbers, shape [patient].
    replicate : int or IntArray, shape (n_patients,)
        Trial number, of all or of each.
    alike : bool
        Whether years since onset that are stated belong to these very people, among all who have the condition, and
        not to a group that a study gathered: what goes with them is then drawn given these years.
    responsiveness : float or None
        How strongly every therapy acts on them, as a standard normal deviate; None to draw it for each therapy.

    Returns
    -------
    Population
        Population of the same length.

    Raises
    ------
    InputError
        Where the youngest patients cannot have the condition, or not for as long as the study states.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> from anagen.patients import Spread
    >>> spec = PopulationSpec("aga", {"male": 1.0}, Spread(38, 9, 20, 60), {"asian": 1.0}, "vertex")
    >>> len(sample_population(spec, load_parameters().draw(1, 0), seed=1, patients=np.arange(5), replicate=0))
    5
    """
    condition = CONDITIONS[spec.condition]
    wrong = impossible_ages(condition, youngest=spec.age.minimum, onset_week=spec.onset_week)
    if wrong:
        raise InputError([Problem(None, None, None, f"population.{field}", text) for field, text in wrong.items()])
    traits = np.arange(len(TRAITS))
    trial = np.broadcast_to(np.asarray(replicate, dtype=np.int64), patients.shape)
    address = {"patient": patients[:, None], "replicate": trial[:, None]}
    latent = normals(seed, Purpose.COVARIATE, item=traits[None, :], **address)
    drawn = _drawn_rows(spec, seed, address)
    if spec.empirical is not None:
        latent[:, TRAITS.index("age")] = spec.empirical.age_deviates[drawn]
    factor = np.asarray(np.linalg.cholesky(correlation_matrix(values)), dtype=np.float64)
    z = correlated(factor, latent)
    pick = uniforms(seed, Purpose.CATEGORY, item=np.arange(5)[None, :], **address)
    sex = choose(spec.sex, pick[:, 0])
    ethnicity = choose(spec.ethnicity, pick[:, 1])
    held: tuple[str, ...] = ()
    if spec.empirical is not None:
        places: list[int] = drawn.tolist()
        sex = tuple(spec.empirical.sex[i] for i in places)
        held = tuple(spec.empirical.severity[i] for i in places)
        ethnicity = tuple(spec.empirical.ethnicity[i] or other for i, other in zip(places, ethnicity, strict=True))
    severity, step, extent = draw_severity(spec, condition, sex, values, pick[:, 2], pick[:, 3], held)

    affected = bool(condition.severity_scale) and spec.zone in condition.affected_zones
    age = spec.age.quantile(z["age"]) if spec.empirical is None else np.array(spec.empirical.age)[drawn]
    apart = values[condition.onset_spread] * (spec.severity_stretch if affected else 1.0)
    if spec.onset_week is not None:
        onset = np.full(len(patients), -spec.onset_week * DAYS_PER_WEEK / DAYS_PER_YEAR)
    elif spec.years_since_onset is not None:
        onset = spec.years_since_onset.quantile(z["onset"])
        if alike and apart > 0.0:
            usual = usual_onset(condition, np.ones(len(patients)), age, step, values)
            place = np.log(np.maximum(onset, condition.least_years) / usual) / apart
            number = TRAITS.index("onset")
            before = np.sum([factor[number, j] * latent[:, j] for j in range(number)], axis=0)
            latent[:, number] = (place - before) / factor[number, number]
            z = correlated(factor, latent)
    else:
        onset = usual_onset(condition, np.exp(apart * z["onset"]), age, step, values)
    if spec.empirical is not None and spec.onset_week is None:
        known = np.array(spec.empirical.years_since_onset)[drawn]
        onset = np.where(np.isfinite(known), known, onset)
    if spec.onset_week is None:
        least = condition.least_years
        onset = np.clip(onset, least, np.maximum(age - condition.earliest_age, least))

    density = lookup({name: values[entry.density] for name, entry in ETHNICITIES.items()}, ethnicity)
    cv = (
        lookup({name: values[entry.density_cv] for name, entry in ETHNICITIES.items()}, ethnicity)
        if spec.density_cv is None
        else np.full(len(patients), spec.density_cv)
    )
    density = (
        density
        * values[ZONES[spec.zone].density_factor]
        / values["population.counted_per_follicle_healthy"]
        * spec.density_scale
    )
    log_sd = np.sqrt(np.log1p(cv**2))
    spread = values["population.sensitivity_between_patients"] if spec.zone in condition.affected_zones else 0.0
    spread *= spec.severity_stretch
    sensitivity = np.exp(spread * z["sensitivity"] - 0.5 * spread**2)
    if affected:
        sensitivity = sensitivity * np.exp(values["population.severity_on_sensitivity"] * step + spec.severity_shift)
    _, slower = hold_on_zone(condition, spec.zone, sex, values)
    growth = lookup({name: values[entry.growth_rate] for name, entry in ETHNICITIES.items()}, ethnicity)
    return Population(
        patient=patients,
        replicate=trial.copy(),
        age=age,
        sex=sex,
        ethnicity=ethnicity,
        severity=severity,
        years_since_onset=onset,
        follicle_density=density * np.exp(log_sd * z["density"] - 0.5 * log_sd**2),
        shaft_diameter=np.maximum(
            values["population.shaft_diameter"] + values["population.shaft_diameter_between_patients"] * z["diameter"],
            30.0,
        ),
        sensitivity=sensitivity,
        sulfotransferase=np.exp(values["population.sulfotransferase_spread"] * z["sulfotransferase"]),
        growth_rate=growth * slower * np.maximum(1.0 + values["population.growth_rate_cv"] * z["growth"], 0.2),
        extent=extent,
        season_day=season_days(spec.season, pick[:, 4]),
        responsiveness=None if responsiveness is None else np.full(len(patients), responsiveness),
    )


def _drawn_rows(spec: PopulationSpec, seed: int, address: Mapping[str, IntArray]) -> IntArray:
    """Place in the empirical distribution of each patient; nothing without one."""
    if spec.empirical is None:
        return np.zeros(0, dtype=np.int64)
    return spec.empirical.at(uniforms(seed, Purpose.CATEGORY, item=np.array([5]), **address)[:, 0])


def correlated(factor: FloatArray, latent: FloatArray) -> dict[str, FloatArray]:
    """Standard normal traits [patient] from independent ones, by the Cholesky factor of their correlations."""
    # written out, because a matrix product rounds differently for one patient than for many
    return {
        trait: np.asarray(np.sum([factor[i, j] * latent[:, j] for j in range(i + 1)], axis=0), dtype=np.float64)
        for i, trait in enumerate(TRAITS)
    }


def usual_onset(
    condition: Condition, relative: FloatArray, age: FloatArray, step: FloatArray, values: Mapping[str, float]
) -> FloatArray:
    """Years since onset of patients of an age and grade, from what they are relative to the median [patient]."""
    onset = values[condition.onset_years] * relative
    if condition.severity_scale:
        onset = onset * np.exp(values["population.severity_on_onset"] * step)
    if condition.onset_on_age is not None:
        since = np.maximum(age - condition.earliest_age, condition.least_years)
        onset = onset * (since / (ONSET_AGE - condition.earliest_age)) ** values[condition.onset_on_age]
    return onset


def choose(shares: Mapping[str, float], u: FloatArray) -> tuple[str, ...]:
    """Category of each uniform draw, by cumulative share."""
    names = tuple(shares)
    edges = np.cumsum([shares[name] for name in names])
    return tuple(names[min(int(i), len(names) - 1)] for i in np.searchsorted(edges / edges[-1], u, side="right"))


def lookup(table: Mapping[str, float], names: tuple[str, ...]) -> FloatArray:
    """Number of each name."""
    return np.array([table[name] for name in names], dtype=np.float64)


def season_days(season: int | None, u: FloatArray) -> FloatArray:
    """Day of the year at baseline [patient]: the middle of a month, or any day where the month is 0.

    Examples
    --------
    >>> season_days(3, np.zeros(1)).round(1).tolist()
    [76.1]
    """
    if season:
        return np.full(len(u), (season - 0.5) * DAYS_PER_YEAR / 12.0)
    return u * DAYS_PER_YEAR


def draw_severity(
    spec: PopulationSpec,
    condition: Condition,
    sex: tuple[str, ...],
    values: Mapping[str, float],
    u: FloatArray,
    place: FloatArray,
    held: tuple[str, ...] = (),
) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Grade of each patient, its distance from the reference grade, and the share of the scalp affected.

    On a scale of numbers the grade is the class of the number, drawn by `place`; grades are drawn by `u`, but for those
    that patients of a trial `held`.
    """
    if not condition.severity_scale:
        return tuple("" for _ in sex), np.zeros(len(sex)), np.zeros(len(sex))
    grades = np.empty(len(sex), dtype=object)
    steps, extent = np.zeros(len(sex)), np.zeros(len(sex))
    for s in dict.fromkeys(sex):
        rows = np.flatnonzero([other == s for other in sex])
        usual = condition.severity_scale[s]
        scale = next((name for name in condition.scales_of(s) if name in spec.severity), usual)
        if condition.extents:
            at = severer(place[rows], spec.severity_shift, spec.severity_stretch)
            grades[rows], extent[rows] = draw_extent(condition, spec.severity_range.get(scale), values, at)
            continue
        shares = spec.severity.get(scale, condition.severities[scale])
        drawn = choose(shares, u[rows])
        if held:
            drawn = tuple(held[i] or grade for i, grade in zip(rows, drawn, strict=True))
            shares = _held_shares(spec.empirical, s) or shares
        step_of = {grade: condition.step_of(s, grade) for grade in {*drawn, *shares}}
        grades[rows] = drawn
        steps[rows] = [step_of[grade] for grade in drawn]
        if spec.severity_stretch != 1.0 and spec.zone in condition.affected_zones:
            mean = sum(share * step_of[grade] for grade, share in shares.items()) / sum(shares.values())
            steps[rows] = mean + spec.severity_stretch * (steps[rows] - mean)
    return tuple(grades.tolist()), steps, extent


def _held_shares(empirical: Empirical | None, sex: str) -> dict[str, float]:
    """Weight of each grade that patients of one sex had."""
    if empirical is None:
        return {}
    pairs = zip(empirical.sex, empirical.severity, strict=True)
    graded = [grade for other, grade in pairs if other == sex and grade]
    return {grade: float(graded.count(grade)) for grade in dict.fromkeys(graded)}


def severer(place: FloatArray, shift: float, stretch: float) -> FloatArray:
    """Uniform draws [patient] moved along the normal distribution: Phi(shift + stretch * Phi^-1(place)).

    Examples
    --------
    >>> severer(np.array([0.5]), 1.0, 2.0).round(3).tolist()
    [0.841]
    """
    from scipy.special import ndtr, ndtri

    return place if (shift, stretch) == (0.0, 1.0) else ndtr(shift + stretch * ndtri(place))


def sensitivity_classes(
    spec: PopulationSpec, population: Population, values: Mapping[str, float], n_classes: int
) -> FloatArray:
    """Androgen sensitivity z of the quantile classes of each patient's follicles, shape [patient, class].

    z_k = median * factor of the zone * patient factor * exp(spread * Phi^-1((k + 1/2) / n)), healthy values in zones
    that the condition spares.
    """
    from scipy.special import ndtri

    affected = (
        CONDITIONS[spec.condition] if spec.zone in CONDITIONS[spec.condition].affected_zones else CONDITIONS["healthy"]
    )
    median = lookup({s: values[name] for s, name in affected.sensitivity.items()}, population.sex)
    of_zone, _ = hold_on_zone(affected, spec.zone, population.sex, values)
    quantiles = ndtri((np.arange(n_classes) + 0.5) / n_classes)
    within = values[affected.sensitivity_spread] * quantiles
    return np.asarray((median * of_zone * population.sensitivity)[:, None] * np.exp(within)[None, :], dtype=np.float64)
