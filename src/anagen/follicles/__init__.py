"""Levers -> events of every follicle; the kernel behind one interface."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.follicles.arguments import SHED_WINDOW, Follicles, Visits, alike
    from anagen.follicles.engine import FollowUp, Reading, TargetArea, begun, hair_sums, run_kernel, time_grid
    from anagen.follicles.process import (
        N_CLASSES,
        FollicleParameters,
        StationaryShares,
        share_with_hair,
        stationary_shares,
    )
    from anagen.follicles.tables import lever_rows, lever_tables

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
    "begun",
    "hair_sums",
    "lever_rows",
    "lever_tables",
    "run_kernel",
    "share_with_hair",
    "stationary_shares",
    "time_grid",
]
_HOMES = {
    "arguments": ("SHED_WINDOW", "Follicles", "Visits", "alike"),
    "engine": ("FollowUp", "Reading", "TargetArea", "begun", "hair_sums", "run_kernel", "time_grid"),
    "process": ("N_CLASSES", "FollicleParameters", "StationaryShares", "share_with_hair", "stationary_shares"),
    "tables": ("lever_rows", "lever_tables"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    # loaded when asked for, so that a study is checked without the compiler
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
