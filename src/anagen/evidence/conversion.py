"""Units of published values: what was printed, in the unit of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ONE_INCH_CIRCLE = 5.07
"""Area of the circle of 1 inch diameter that trials of drugs counted in [cm2]."""
SQUARE_INCH = 6.4516
"""Area of a square of 1 inch [cm2]."""

CONVERSIONS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "hairs/cm2": {
            "hairs/cm2": 1.0,
            "hairs/5.07 cm2": 1.0 / ONE_INCH_CIRCLE,
            "hairs/2.85 cm2": 1.0 / 2.85,
            "hairs/0.903 cm2": 1.0 / 0.903,
            "hairs/inch2": 1.0 / SQUARE_INCH,
            "hairs/field": 1.0,
        },
        "hairs": {"hairs": 1.0},
        "follicles/cm2": {"follicles/cm2": 1.0},
        "follicular units/cm2": {"follicular units/cm2": 1.0},
        "um": {"um": 1.0, "mm": 1000.0},
        "mm/cm2": {"mm/cm2": 1.0},
        "mm/day": {"mm/day": 1.0, "um/day": 0.001},
        "mg/cm2": {"mg/cm2": 1.0},
        "hairs/day": {"hairs/day": 1.0},
        "%": {"%": 1.0},
        "1": {"1": 1.0, "%": 0.01},
        "points": {"points": 1.0},
        "days": {"days": 1.0, "weeks": 7.0},
        "months": {"months": 1.0},
        "rank": {"rank": 1.0},
    }
)
"""Unit of the tables -> printed unit -> factor. A field whose size was not stated ("hairs/field") is taken as 1 cm2."""
