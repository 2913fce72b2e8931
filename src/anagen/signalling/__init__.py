"""Exposure -> levers over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.signalling.levers import Levers, levers_of_arm
    from anagen.signalling.response import Response, arm_response, arm_responses

__all__ = ["Levers", "Response", "arm_response", "arm_responses", "levers_of_arm"]


def __getattr__(name: str) -> Any:
    # imported when asked for, so that the network alone starts without patients and therapies
    if name in __all__:
        from anagen.signalling import levers, response

        return getattr(levers if name in ("Levers", "levers_of_arm") else response, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
