"""T7, T8, minoxidil by mouth and withdrawal, against what was published."""

from __future__ import annotations

import numpy as np
import pytest

from therapy_doses import gains, given

PLACEBO, VEHICLE = (given("placebo", "oral"),), (given("placebo", "topical"),)


def test_minoxidil_by_mouth_does_about_as_much_as_on_the_scalp() -> None:
    """Penha 2024: +5.5 (-12.5 to 23.5) total hairs/cm2; vehicle and tablet shift both arms there."""
    mouth = (given("minoxidil", "oral"), *VEHICLE)
    found = gains(mouth, (given("minoxidil"), given("placebo", "oral")), (0.0, 12.0, 24.0))[-1]
    assert -6.0 < found < 8.0


def test_minoxidil_gains_most_by_week_16() -> None:
    """T7: at least 85 % of the gain of week 48 in non-vellus hairs by week 16 (Olsen 2002 and 2007)."""
    found = gains(
        (given("minoxidil", until=48.0),),
        (given("placebo", "topical", until=48.0),),
        (0.0, 16.0, 48.0),
        endpoint="nonvellus_density",
    )
    assert found[1] >= 0.85 * found[2] > 8.0


@pytest.mark.parametrize(("endpoint", "left"), [("total_density", 3.0), ("hair_mass", 0.1)])
def test_gain_of_minoxidil_is_gone_24_weeks_after_stopping(endpoint: str, left: float) -> None:
    """T7: hairs and their weight are back at the control's within 24 weeks, as Price 1999 measured them.

    `left` is the standard error of that number, 3 hairs/cm2, or a tenth of the gain in weight [mg/cm2]. In between
    counts go up, because follicles that rest turn later once the re-entry clock slows down.
    """
    stopped = (given("minoxidil", until=48.0),)
    vehicle = (given("placebo", "topical", until=48.0),)
    found = gains(stopped, vehicle, (0.0, 48.0, 72.0), endpoint=endpoint)
    assert found[1] > 5.0 * left
    assert abs(found[2]) <= left


def test_thick_hairs_leave_later_than_fine_ones_after_stopping() -> None:
    """A third of the gain in non-vellus hairs is still there 24 weeks after stopping; nothing published contradicts."""
    stopped = (given("minoxidil", until=48.0),)
    vehicle = (given("placebo", "topical", until=48.0),)
    found = gains(stopped, vehicle, (0.0, 48.0, 72.0, 96.0), endpoint="nonvellus_density")
    assert abs(found[2]) < 0.35 * found[1]
    assert abs(found[3]) < 0.25 * found[1]


def test_gain_of_finasteride_goes_within_a_year_of_stopping() -> None:
    """Product information: reversal within 12 months of stopping; no number was read."""
    stopped, kept = (given("finasteride", until=48.0),), (given("finasteride", until=96.0),)
    placebo = (given("placebo", "oral", until=96.0),)
    weeks = (0.0, 48.0, 72.0, 96.0)
    after, on = gains(stopped, placebo, weeks), gains(kept, placebo, weeks)
    assert after[1] == pytest.approx(on[1], abs=0.5)
    assert after[2] < after[1] and after[3] < 0.5 * on[3]


def test_dutasteride_gains_more_with_dose_and_more_than_finasteride() -> None:
    """T8: 0.02 to 2.5 mg in order, and 0.5 mg above finasteride 1 and 5 mg, at week 24 (Olsen 2006; Gupta 2022)."""
    weeks = (0.0, 12.0, 24.0)
    by_dose = [
        gains((given("dutasteride", times=dose / 0.5),), PLACEBO, weeks)[-1] for dose in (0.02, 0.05, 0.1, 0.5, 2.5)
    ]
    assert np.all(np.diff(by_dose) > 0.0)
    for dose in (1.0, 5.0):
        assert by_dose[3] > gains((given("finasteride", times=dose),), PLACEBO, weeks)[-1]


def test_finasteride_gains_more_with_dose() -> None:
    by_dose = [
        gains((given("finasteride", times=dose),), PLACEBO, (0.0, 24.0))[-1] for dose in (0.01, 0.05, 0.2, 1.0, 5.0)
    ]
    assert np.all(np.diff(by_dose) > 0.0)
