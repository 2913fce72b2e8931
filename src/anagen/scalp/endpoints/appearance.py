"""How it looks: scalp hidden by hair, and what a panel, the investigator and the patient say of the change."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs
from anagen.scalp.judging import CoverageJudge, ScoreJudge

UM_MM_PER_CM2 = 1.0e5
"""1 um * mm / cm2 is 1e-5 of an area."""


def covering_rate(hairs: Hairs) -> FloatArray:
    """Share of its own area that growing hairs cover in a day [1/day]: sum of diameter * growth per area.

    The sum is sqrt(sum of d**2 v * sum of v), equal to it where diameters are equal and 3 % above it where they vary by
    a quarter. Its inverse is the time to complete coverage of Van Neste 2021, doi:10.20517/2347-9264.2020.220.
    """
    return np.sqrt(np.maximum(hairs.mass_rate * hairs.growth_rate, 0.0)) / hairs.area / UM_MM_PER_CM2


COVERAGE = Endpoint(
    "coverage",
    "share of scalp hidden by hair",
    "1",
    covering_rate,
    "From density, diameter and growth: Van Neste 2021, doi:10.20517/2347-9264.2020.220",
    bounds=(0.0, 1.0),
    judge=CoverageJudge("outcomes.coverage_error"),
)
GPA = Endpoint(
    "gpa",
    "global photographic assessment by a panel",
    "points",
    covering_rate,
    "Seven points from -3 (greatly decreased) to +3 (greatly increased), photographs side by side: Kaufman 1998, "
    "J Am Acad Dermatol 39:578",
    bounds=(-3.0, 3.0),
    judge=ScoreJudge(
        "outcomes.panel_gain",
        "outcomes.panel_loss",
        "outcomes.score_step",
        "outcomes.panel_noise",
        "outcomes.panel_persistence",
    ),
    score=True,
)
GPA_INVESTIGATOR = Endpoint(
    "gpa_investigator",
    "global assessment by the investigator",
    "points",
    covering_rate,
    "Seven points from -3 to +3 by the physician who sees the patient: Kaufman 1998, J Am Acad Dermatol 39:578",
    bounds=(-3.0, 3.0),
    judge=ScoreJudge(
        "outcomes.investigator_gain",
        "outcomes.investigator_loss",
        "outcomes.score_step",
        "outcomes.investigator_noise",
        "outcomes.investigator_persistence",
    ),
    score=True,
)
PATIENT_SCORE = Endpoint(
    "patient_score",
    "change as the patient sees it",
    "points",
    covering_rate,
    "Seven points from -3 to +3 on a questionnaire: Olsen 2006, doi:10.1016/j.jaad.2006.05.007",
    bounds=(-3.0, 3.0),
    judge=ScoreJudge(
        "outcomes.patient_gain",
        "outcomes.patient_loss",
        "outcomes.score_step",
        "outcomes.patient_noise",
        "outcomes.patient_persistence",
        expects=True,
    ),
    score=True,
)
