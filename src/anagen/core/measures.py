"""What is made of an endpoint's readings, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RESPONDERS: Mapping[str, str] = MappingProxyType(
    {"responder": "change", "responder_percent": "percent_change", "responder_value": "value"}
)
"""Measure that counts responders -> the measure that its threshold is compared with."""
