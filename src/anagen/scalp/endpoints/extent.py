"""How much of the scalp has lost its hair."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs


def salt(hairs: Hairs) -> FloatArray:
    """Severity of Alopecia Tool, 0 to 100: percent of the scalp without terminal hair; not a number without patches."""
    return np.full_like(hairs.hairs, np.nan) if hairs.bare is None else 100.0 * hairs.bare


SALT = Endpoint(
    "salt",
    "severity of alopecia (SALT)",
    "points",
    salt,
    "Severity of Alopecia Tool, Olsen 2004, doi:10.1016/j.jaad.2003.09.032",
    own_error="salt.error",
    error_of_share=True,
    bounds=(0.0, 100.0),
    higher_is_better=False,
    whole_scalp=True,
)
