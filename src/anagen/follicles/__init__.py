"""Levers -> events of every follicle; the kernel behind one interface."""

from anagen.follicles.engine import Reading, TargetArea, hair_sums, time_grid
from anagen.follicles.process import N_CLASSES, FollicleParameters, StationaryShares, stationary_shares

__all__ = [
    "N_CLASSES",
    "FollicleParameters",
    "Reading",
    "StationaryShares",
    "TargetArea",
    "hair_sums",
    "stationary_shares",
    "time_grid",
]
