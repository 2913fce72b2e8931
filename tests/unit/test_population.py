"""Covariates: truncated distributions, correlations, categories, and the classes of androgen sensitivity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare, kstest, truncnorm

from anagen.core.errors import InputError
from anagen.parameters import load_parameters
from anagen.patients import CONDITIONS, ETHNICITIES, ZONES, PopulationSpec, Spread, sample_population
from anagen.patients.sampling import CORRELATIONS, ONSET_AGE, TRAITS, choose, correlation_matrix, sensitivity_classes

VALUES = load_parameters().draw(0, 0)
SPEC = PopulationSpec("aga", {"male": 1.0}, Spread(38.0, 9.0, 20.0, 50.0), {"caucasian": 1.0}, "vertex")
N = 20_000


def people(spec: PopulationSpec = SPEC, n: int = N, replicate: int = 0, **values: float):
    return sample_population(spec, {**VALUES, **values}, seed=31, patients=np.arange(n), replicate=replicate)


@pytest.fixture(scope="module")
def many():
    return people()


def test_age_is_a_truncated_normal(many) -> None:
    low, high = (20.0 - 38.0) / 9.0, (50.0 - 38.0) / 9.0
    assert many.age.min() >= 20.0 and many.age.max() <= 50.0
    assert kstest(many.age, truncnorm(low, high, 38.0, 9.0).cdf).pvalue > 0.001


def test_age_without_spread() -> None:
    assert np.all(people(replace(SPEC, age=Spread(30.0, 0.0, 20.0, 50.0)), 10).age == 30.0)


def test_correlation_matrix_holds_the_parameters() -> None:
    matrix = correlation_matrix(VALUES)
    assert np.array_equal(matrix, matrix.T) and np.all(np.diag(matrix) == 1.0)
    for (a, b), name in CORRELATIONS.items():
        assert matrix[TRAITS.index(a), TRAITS.index(b)] == VALUES[name]


def test_impossible_correlations_are_refused() -> None:
    names = list(CORRELATIONS.values())
    with pytest.raises(ValueError, match="positive definite"):
        correlation_matrix({**VALUES, **dict.fromkeys(names, 0.99)})


def test_correlations_are_reproduced() -> None:
    """Pearson correlation of the latent normals behind the covariates, within 4 standard errors (1 - r2) / sqrt(n).

    A wide range of age, so that nothing is truncated and no onset is brought forward.
    """
    wide = people(replace(SPEC, age=Spread(300.0, 20.0, 13.0, 900.0)))
    latent = {
        "age": wide.age,
        "density": np.log(wide.follicle_density),
        "diameter": wide.shaft_diameter,
        "growth": wide.growth_rate,
        "sulfotransferase": np.log(wide.sulfotransferase),
    }
    steps = np.array([CONDITIONS["aga"].severity_steps["norwood"][grade] for grade in wide.severity])
    since = np.log((wide.age - CONDITIONS["aga"].earliest_age) / (ONSET_AGE - CONDITIONS["aga"].earliest_age))
    shifts = VALUES["population.severity_on_onset"] * steps + VALUES["aga.onset_on_age"] * since
    latent["onset"] = np.log(wide.years_since_onset) - shifts
    latent["sensitivity"] = np.log(wide.sensitivity) - VALUES["population.severity_on_sensitivity"] * steps
    matrix = correlation_matrix(VALUES)
    for i, a in enumerate(TRAITS):
        for j, b in enumerate(TRAITS[:i]):
            found, wanted = np.corrcoef(latent[a], latent[b])[0, 1], matrix[i, j]
            assert abs(found - wanted) < 4.0 * (1.0 - wanted**2) / np.sqrt(N), (a, b, found, wanted)


def test_onset_is_not_before_age_12(many) -> None:
    assert np.all(many.age - many.years_since_onset >= 12.0 - 1e-12)
    assert many.years_since_onset.min() >= 0.25


@pytest.mark.parametrize(("youngest", "eldest"), [(12.25, 15.0), (80.0, 120.0)])
def test_onset_lies_between_the_earliest_age_and_today_at_any_age(youngest: float, eldest: float) -> None:
    old = people(replace(SPEC, age=Spread((youngest + eldest) / 2, 5.0, youngest, eldest)))
    assert np.all(old.age - old.years_since_onset >= 12.0 - 1e-12)
    assert old.years_since_onset.min() >= 0.25


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"age": Spread(10.0, 2.0, 5.0, 15.0)}, "population.age.min"),
        ({"condition": "aa", "age": Spread(10.0, 2.0, 0.5, 15.0)}, "population.age.min"),
        ({"condition": "te", "onset_week": -1040.0}, "population.onset_week"),
    ],
)
def test_patients_too_young_for_their_disease_are_refused_by_field(changes: dict, field: str) -> None:
    with pytest.raises(InputError) as caught:
        people(replace(SPEC, **changes))
    (problem,) = caught.value.problems
    assert problem.field == field


def test_given_years_since_onset() -> None:
    short = people(replace(SPEC, years_since_onset=Spread(3.0, 1.0, 1.0, 5.0)))
    assert short.years_since_onset.min() >= 1.0 and short.years_since_onset.max() <= 5.0
    assert abs(short.years_since_onset.mean() - 3.0) < 4.0 * short.years_since_onset.std() / np.sqrt(N)


@pytest.mark.parametrize("ethnicity", list(ETHNICITIES))
@pytest.mark.parametrize("zone", list(ZONES))
def test_healthy_follicle_density(ethnicity: str, zone: str) -> None:
    """Mean and CV are those published for hairs, over the hairs counted per follicle, times the zone's factor."""
    spec = PopulationSpec("healthy", {"female": 1.0}, Spread(26.0, 5.0, 18.0, 35.0), {ethnicity: 1.0}, zone)
    density = people(spec, 5000).follicle_density
    mean = VALUES[f"population.density_{ethnicity}"] * VALUES[f"population.density_factor_{zone}"]
    mean /= VALUES["population.counted_per_follicle_healthy"]
    cv = VALUES[f"population.density_cv_{ethnicity}"]
    assert abs(density.mean() / mean - 1.0) < 4.0 * cv / np.sqrt(5000)
    log_sd = np.sqrt(np.log1p(cv**2))
    assert abs(np.log(density).std() - log_sd) < 4.0 * log_sd / np.sqrt(2.0 * 5000)


def test_matched_density() -> None:
    plain, matched = people(n=4000), people(SPEC.matched(0.5, 0.1), 4000)
    assert matched.follicle_density.mean() / plain.follicle_density.mean() == pytest.approx(0.5, rel=0.03)
    assert matched.follicle_density.std() / matched.follicle_density.mean() == pytest.approx(0.1, rel=0.05)
    assert np.array_equal(plain.age, matched.age)


def test_matched_severity() -> None:
    """The shift is the same factor for everybody; without stretch, people of one age and sex are alike."""
    plain, severe = people(n=4000), people(SPEC.matched(1.0, None, shift=0.5), 4000)
    assert np.allclose(severe.sensitivity, plain.sensitivity * np.exp(0.5))
    assert np.array_equal(plain.years_since_onset, severe.years_since_onset)
    same_age = replace(SPEC, age=Spread(40.0, 0.0, 20.0, 50.0)).matched(1.0, None, stretch=0.0)
    alike = people(same_age, 4000)
    assert np.ptp(alike.sensitivity) < 1e-12 and np.ptp(alike.years_since_onset) < 1e-12
    spared = people(replace(SPEC, zone="occipital").matched(1.0, None, shift=0.5), 100)
    assert np.all(spared.sensitivity == 1.0)


def test_categories_have_their_shares() -> None:
    mixed = people(
        replace(SPEC, sex={"male": 0.7, "female": 0.3}, ethnicity={"asian": 0.5, "african": 0.2, "caucasian": 0.3})
    )
    assert chisquare([mixed.sex.count("male"), mixed.sex.count("female")], [0.7 * N, 0.3 * N]).pvalue > 0.001
    counts = [mixed.ethnicity.count(name) for name in ("asian", "african", "caucasian")]
    assert chisquare(counts, [0.5 * N, 0.2 * N, 0.3 * N]).pvalue > 0.001
    grades = CONDITIONS["aga"].severities
    for sex, grade in zip(mixed.sex, mixed.severity, strict=True):
        assert grades["norwood" if sex == "male" else "ludwig"][grade] > 0.0


def test_severity_of_the_study() -> None:
    chosen = people(replace(SPEC, severity={"norwood": {"III": 1.0, "IV": 3.0}}))
    assert chisquare([chosen.severity.count("III"), chosen.severity.count("IV")], [N / 4, 3 * N / 4]).pvalue > 0.001


def test_choose_at_the_edges() -> None:
    assert choose({"a": 0.5, "b": 0.5}, np.array([0.0, 0.4999, 0.5, 0.9999, 1.0])) == ("a", "a", "b", "b", "b")
    assert choose({"a": 0.0, "b": 1.0}, np.array([0.0, 0.7])) == ("b", "b")
    assert choose({"a": 3.0, "b": 1.0}, np.array([0.74, 0.76])) == ("a", "b")


def test_sensitivity_has_mean_1_between_patients() -> None:
    flat = people(replace(SPEC, severity={"norwood": {"IV": 1.0}}))
    step = CONDITIONS["aga"].severity_steps["norwood"]["IV"]
    factor = flat.sensitivity * np.exp(-VALUES["population.severity_on_sensitivity"] * step)
    assert abs(factor.mean() - 1.0) < 4.0 * factor.std() / np.sqrt(N)


def test_sensitivity_classes_are_quantiles() -> None:
    few = people(n=3)
    z = sensitivity_classes(SPEC, few, VALUES, 16)
    assert z.shape == (3, 16) and np.all(np.diff(z, axis=1) > 0.0)
    medians = VALUES["aga.sensitivity_men"] * few.sensitivity
    assert np.sqrt(z[:, 7] * z[:, 8]) == pytest.approx(medians)
    fine = sensitivity_classes(SPEC, few, VALUES, 4096)
    assert np.log(fine[0]).std() == pytest.approx(VALUES["aga.sensitivity_spread"], rel=0.01)


def test_spared_zones_are_healthy() -> None:
    occipital = replace(SPEC, zone="occipital")
    healthy = PopulationSpec("healthy", SPEC.sex, SPEC.age, SPEC.ethnicity, "occipital")
    here, there = people(occipital, 50), people(healthy, 50)
    assert np.all(here.sensitivity == 1.0)
    assert np.array_equal(
        sensitivity_classes(occipital, here, VALUES, 16), sensitivity_classes(healthy, there, VALUES, 16)
    )
    assert np.array_equal(here.growth_rate, there.growth_rate)


def test_a_patient_is_the_same_in_any_selection(many) -> None:
    few = many.take(np.array([17, 3], dtype=np.int64))
    assert few.patient.tolist() == [17, 3] and len(few) == 2
    assert few.age.tolist() == [many.age[17], many.age[3]] and few.severity == (many.severity[17], many.severity[3])


def test_replicates_have_their_own_patients(many) -> None:
    other = people(replicate=1)
    assert abs(np.corrcoef(many.age, other.age)[0, 1]) < 4.0 / np.sqrt(N)
    assert np.all(other.replicate == 1)
