"""Follicles -> what can be seen: hairs, endpoints, instruments and their errors."""

from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints import ENDPOINTS
from anagen.scalp.hairs import Hairs
from anagen.scalp.judging import Session
from anagen.scalp.measurement import Readings, read, reading_shift
from anagen.scalp.methods import METHODS, Method, detection_curve

__all__ = [
    "ENDPOINTS",
    "METHODS",
    "Endpoint",
    "Hairs",
    "Method",
    "Readings",
    "Session",
    "detection_curve",
    "read",
    "reading_shift",
]
