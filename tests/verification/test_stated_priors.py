"""The simulated prior of a therapy whose size is judged is the one that its file states.

Half doses, time constants and everything else are drawn as well, so that the tails may be wider than stated; they are
held to within FIVE hairs/cm2, centres to within three Monte-Carlo errors and one hair.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr

from anagen.delivery import Prescription
from anagen.parameters import load_parameters
from small_studies import column, observed, small_scene, small_study
from therapy_doses import as_control, given

Z_90 = 1.6448536
FIVE = 5.0
FAMILY = "cell_products.effect"
JUDGED = {
    "exosome": (FAMILY, "exosome.effect_deviation"),
    "prp": (FAMILY, "prp.effect_deviation"),
    "conditioned-medium": (FAMILY, "conditioned_medium.effect_deviation"),
    "lllt": ("lllt.effect",),
    "botulinum-toxin": ("botulinum_toxin.effect",),
    "cetirizine": ("cetirizine.effect",),
    "platelet-lysate": (FAMILY, "platelet_lysate.effect_deviation"),
    "ketoconazole": ("ketoconazole.effect",),
    "microneedling": ("wound.effect",),
}
SHIFTS = ("reading.topical_vehicle", "reading.light", "reading.injection")
QUICK = "exosome"


def stated(name: str) -> tuple[float, float]:
    """Mean and standard deviation of the sum of the parameters that state an effect."""
    priors = load_parameters("prior")
    parts = [priors[parameter] for parameter in JUDGED[name]]
    sd = math.hypot(*((part.high - part.low) / (2.0 * Z_90) for part in parts))
    return sum(part.value for part in parts), sd


def gain(arm: Prescription, values: dict[str, float], *, seed: int, patients: int) -> float:
    """Mean gain at week 24 over the same patients without it; nobody's reading is shifted by being treated."""
    control = as_control(arm)
    if not control:
        values = values | dict.fromkeys(SHIFTS, 0.0)
    study = small_study({"a": [], "b": []}, visits=(0.0, 24.0), population={"sex": {"male": 1.0}})
    scene = small_scene(study, seed=seed, source="prior", **values)
    one, other = observed(scene, [(arm,), control], patients=patients, weeks=(0.0, 24.0))
    at = column(scene, "total_density")
    return float((one.expected[:, -1, at] - other.expected[:, -1, at]).mean())


@pytest.mark.parametrize(
    ("name", "draws"),
    [(QUICK, 60), *(pytest.param(name, 300, marks=pytest.mark.long) for name in JUDGED)],
)
def test_the_simulated_prior_is_the_stated_one(name: str, draws: int) -> None:
    mean, sd = stated(name)
    priors, arm = load_parameters("prior"), given(name)
    gains = np.array([gain(arm, priors.draw(11, i), seed=5 + i, patients=24) for i in range(1, draws + 1)])
    low, high = np.quantile(gains, [0.05, 0.95])
    below = float(ndtr(-mean / sd))
    print(name, "stated", mean, sd, "simulated", gains.mean(), gains.std(), low, high, (gains < 0.0).mean())
    assert gains.mean() == pytest.approx(mean, abs=3.0 * gains.std() / math.sqrt(draws) + 1.0)
    assert (gains < 0.0).mean() == pytest.approx(below, abs=3.0 * math.sqrt(below * (1.0 - below) / draws) + 0.05)
    assert low == pytest.approx(mean - Z_90 * sd, abs=FIVE)
    assert high == pytest.approx(mean + Z_90 * sd, abs=FIVE)


@pytest.mark.parametrize("name", list(JUDGED))
def test_the_effect_at_central_values_is_the_stated_one(name: str) -> None:
    mean, _ = stated(name)
    found = gain(given(name), load_parameters("prior").draw(11, 0), seed=5, patients=128)
    assert found == pytest.approx(mean, abs=0.25 * abs(mean) + 0.5)
