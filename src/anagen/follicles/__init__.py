"""Levers -> events of every follicle; the kernel behind one interface."""

from anagen.follicles.arguments import SHED_WINDOW, Follicles, Visits, alike
from anagen.follicles.engine import FollowUp, Reading, TargetArea, hair_sums, run_kernel, time_grid
from anagen.follicles.process import N_CLASSES, FollicleParameters, StationaryShares, stationary_shares
from anagen.follicles.tables import lever_tables

__all__ = [
    "N_CLASSES",
    "SHED_WINDOW",
    "FollicleParameters",
    "Follicles",
    "FollowUp",
    "Reading",
    "StationaryShares",
    "TargetArea",
    "Visits",
    "alike",
    "hair_sums",
    "lever_tables",
    "run_kernel",
    "stationary_shares",
    "time_grid",
]
