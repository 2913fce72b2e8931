"""Exposure -> levers over time."""

from anagen.signalling.levers import Levers, levers_of_arm

__all__ = ["Levers", "levers_of_arm"]
