"""A small posterior for tests: a ladder of draws of four parameters that go together exactly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.parameters import ParameterSet, Posterior, load_parameters, write_posterior

PRIORS: ParameterSet = load_parameters("prior")
NAMES = (
    "cell_products.effect",
    "follicle.catagen_duration",
    "measurement.study_offset",
    "population.density_caucasian",
)
DRAWS = 40


def joint_values() -> FloatArray:
    """Draws, shape (DRAWS, parameters): rungs of a ladder, the same rung of every parameter in one row.

    The ladder is not even, so that its median is none of its ends' means and differs from the prior's.
    """
    ladder = np.linspace(0.95, 1.25, DRAWS) ** 2
    return np.column_stack([(PRIORS[name].value or 0.01) * ladder for name in NAMES])


def other_priors() -> ParameterSet:
    """The priors, one of those that the small posterior holds with another number."""
    return PRIORS.with_entries({NAMES[0]: replace(PRIORS[NAMES[0]], value=PRIORS[NAMES[0]].value * 1.01)})


def small_posterior(path: Path, **changes: Any) -> Posterior:
    """The posterior, written to a file; settings of `write_posterior` can be replaced."""
    settings: dict[str, Any] = {
        "priors": PRIORS,
        "sampler": "none, a ladder",
        "chains": 1,
        "seed": 1,
        "studies": ["exosome-vs-saline"],
        "diagnostics": {"worst_rhat": 1.0, "least_ess": float(DRAWS)},
        "created": "2020-01-01T00:00:00+00:00",
    }
    return write_posterior(path, NAMES, joint_values(), **(settings | changes))
