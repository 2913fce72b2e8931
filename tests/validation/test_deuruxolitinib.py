"""Deuruxolitinib as THRIVE-AA1 saw it (NCT04518995), which no parameter was set by or fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.trials.observation import Scene
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.recruited import population_spec
from anagen.trials.reference import expected_readings

PUBLISHED = {"deuruxolitinib 8 mg": 0.296, "deuruxolitinib 12 mg": 0.415, "placebo": 0.008}
"""Share with SALT of 20 or less at week 24 of 351, 215 and 140 patients."""
PATIENTS = 120


@pytest.mark.xfail(
    strict=True,
    reason="27.5 % are predicted on 12 mg where 41.5 % were seen, 0.132 apart over placebo: since some respond to "
    "baricitinib by week 12, the attack settles more slowly, and fewer have responded by week 24",
)
def test_shares_over_placebo_are_near_those_of_the_trial() -> None:
    """Within 0.12, which is twice the error of 120 patients and more than that of the trial (0.024 and 0.034)."""
    study = Study.load(shipped_studies()["thrive-aa1-deuruxolitinib"])
    values = study_parameters(study, load_parameters()).draw(0, 0)
    readings = expected_readings(Scene(protocol(study), population_spec(study), values, 1, 1), n_patients=PATIENTS)
    shares = {
        arm.name: float(np.mean(reading.expected[:, -1, 0] <= 20.0))
        for arm, reading in zip(study.arms, readings, strict=True)
    }
    print("predicted:", shares, "published:", PUBLISHED)
    for dose in ("deuruxolitinib 8 mg", "deuruxolitinib 12 mg"):
        over = shares[dose] - shares["placebo"]
        assert abs(over - (PUBLISHED[dose] - PUBLISHED["placebo"])) < 0.12
    assert shares["deuruxolitinib 12 mg"] > shares["deuruxolitinib 8 mg"]
