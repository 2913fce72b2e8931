"""The density of a scalp does not depend on how much of it is looked at, down to the least area that is accepted."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.patients.limits import LEAST_FOLLICLES, least_target_area, mean_follicle_density
from small_studies import VEHICLE, column, mean_and_error, observed, small_scene, small_study

PATIENTS = 1500


def true_densities(area: float):
    scene = small_scene(small_study({"vehicle": [VEHICLE]}, visits=(0.0, 1.0)))
    readings = observed(scene, [()], patients=PATIENTS, weeks=(0.0,), area=area)[0]
    return scene, readings.true[:, 0, column(scene, "total_density")]


@pytest.mark.parametrize("times", [1.0, 1.7, 4.0])
def test_a_small_area_has_the_density_of_a_large_one(times: float) -> None:
    """The same patients in `times` the least area and in 1 cm2: difference of means against its standard error."""
    scene, large = true_densities(1.0)
    least = least_target_area(mean_follicle_density({"caucasian": 1.0}, "vertex", scene.values))
    _, small = true_densities(times * least)
    difference, error = mean_and_error(small - large)
    print(f"{times * least:.3f} cm2: {small.mean():.1f}, 1 cm2: {large.mean():.1f} hairs/cm2")
    assert abs(difference) < 3.5 * error


def test_an_area_without_follicles_has_no_hair() -> None:
    """1 um2 held one follicle and thus 100 million hairs per cm2."""
    assert np.all(true_densities(1e-8)[1] == 0.0)


def test_the_least_area_holds_twenty_follicles_on_average() -> None:
    assert least_target_area(320.0) * 320.0 == pytest.approx(LEAST_FOLLICLES)
