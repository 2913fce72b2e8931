"""Endpoints a study can name, grouped by what they look at."""

from anagen.core.registry import Registry
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints.appearance import COVERAGE, GPA, GPA_INVESTIGATOR, PATIENT_SCORE
from anagen.scalp.endpoints.calibre import CUMULATIVE_THICKNESS, MEAN_DIAMETER
from anagen.scalp.endpoints.cycle import ANAGEN_SHARE, SHED_PER_DAY
from anagen.scalp.endpoints.density import (
    ANAGEN_DENSITY,
    NONVELLUS_DENSITY,
    TERMINAL_DENSITY,
    TOTAL_DENSITY,
    VELLUS_DENSITY,
)
from anagen.scalp.endpoints.extent import SALT
from anagen.scalp.endpoints.growth import GROWTH_RATE, HAIR_MASS

ENDPOINTS: Registry[Endpoint] = Registry(
    "endpoint",
    {
        endpoint.name: endpoint
        for endpoint in (
            TOTAL_DENSITY,
            NONVELLUS_DENSITY,
            TERMINAL_DENSITY,
            VELLUS_DENSITY,
            ANAGEN_DENSITY,
            ANAGEN_SHARE,
            MEAN_DIAMETER,
            CUMULATIVE_THICKNESS,
            GROWTH_RATE,
            HAIR_MASS,
            SHED_PER_DAY,
            COVERAGE,
            GPA,
            GPA_INVESTIGATOR,
            PATIENT_SCORE,
            SALT,
        )
    },
)

__all__ = ["ENDPOINTS"]
