"""Light turns over with dose; wounds rise and heal."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.delivery import light, wounds
from anagen.delivery.doses import repeated
from anagen.parameters import load_parameters
from delivery_references import light_stimulus, single, wound_signal

VALUES = load_parameters("prior").draw(1, 0)
DAYS = np.arange(0.0, 200.0)


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 2.5])
@pytest.mark.parametrize("best", [0.8, 4.0, 20.0])
def test_response_has_its_maximum_where_it_says(best: float, sharpness: float) -> None:
    fluence = np.sort(np.append(np.geomspace(1e-3 * best, 1e3 * best, 4001), best))
    response = light.biphasic(fluence, best, sharpness)
    assert fluence[response.argmax()] == best and response.max() == 1.0
    rising = np.diff(response)
    assert np.all(rising[fluence[1:] <= best] > 0.0) and np.all(rising[fluence[:-1] >= best] <= 0.0)
    assert response[0] < 0.1 and response[-1] < 1e-6


def test_sham_ultraviolet_and_darkness_do_nothing() -> None:
    assert light.session_stimulus(np.zeros(1), 655.0, VALUES)[0] == 0.0
    assert light.session_stimulus(np.array([50.0]), 308.0, VALUES)[0] == 0.0
    assert light.session_stimulus(np.array([50.0]), 1550.0, VALUES)[0] == 0.0


def test_best_surface_fluence_allows_for_what_skin_absorbs() -> None:
    best = VALUES["light.best_fluence"] * np.exp(VALUES["light.bulb_depth"] / VALUES["light.penetration"])
    assert light.session_stimulus(np.array([best]), 655.0, VALUES)[0] == pytest.approx(1.0, rel=1e-12)


def test_stimuli_of_sessions_add_up() -> None:
    course = repeated(67.0, start=0, every=2, until=20)
    apart = sum(light_stimulus(single(course, i), 655.0, DAYS, VALUES) for i in range(10))
    assert light_stimulus(course, 655.0, DAYS, VALUES) == pytest.approx(apart, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("injury", wounds.INJURIES)
def test_wound_rises_then_heals(injury: wounds.Injury) -> None:
    fine = np.arange(0.0, 30.0, 0.01)
    signal = wound_signal(injury, repeated(100.0, start=0, every=1, until=1), 0.5, fine, VALUES)[0]
    peak = signal.argmax()
    assert 0 < peak < len(signal) - 1
    assert np.all(np.diff(signal[:peak]) > 0.0) and np.all(np.diff(signal[peak:]) < 0.0)
    half_life = VALUES[f"wound_signal.{injury}_half_life"]
    times = np.array([60.0, 61.0, 60.0 + half_life, 61.0 + half_life])
    late = wound_signal(injury, repeated(100.0, start=0, every=1, until=1), 0.5, times, VALUES)[0]
    assert half_life > 1.0 and late[2] == pytest.approx(0.5 * late[0], rel=1e-3)


def test_threads_outlast_lasers_and_lasers_needles() -> None:
    left = [
        wound_signal(injury, repeated(1e9, start=0, every=1, until=1), 1.0, DAYS, VALUES)[0, 60]
        for injury in ("needle", "laser", "thread")
    ]
    assert left[0] < left[1] < left[2]


def test_more_injury_saturates_and_none_does_nothing() -> None:
    strength = wounds.wound_strength("needle", np.array([0.0, 10.0, 100.0, 1e9]), 0.5, VALUES)
    assert strength[0] == 0.0 and np.all(np.diff(strength) > 0.0) and strength[-1] < 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: light.biphasic(np.array([-1.0]), 1.0, 1.0),
        lambda: light.biphasic(np.array([1.0]), 0.0, 1.0),
        lambda: wounds.wound_strength("needle", np.array([-1.0]), 1.0, VALUES),
    ],
)
def test_impossible_doses_are_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match="negative"):
        call()
