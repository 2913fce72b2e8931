"""Proteins that tell vesicles from what contaminates them, in the categories of MISEV2018 and MISEV2023."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anagen.core.registry import Registry

MarkerCategory = Literal["membrane", "cytosolic", "co-isolated", "other compartment"]
CATEGORIES: dict[MarkerCategory, str] = {
    "membrane": "transmembrane or anchored protein of vesicles",
    "cytosolic": "cytosolic protein inside vesicles",
    "co-isolated": "protein that comes along and is no part of vesicles",
    "other compartment": "protein of other parts of the cell",
}


@dataclass(frozen=True, slots=True)
class MarkerKind:
    """A marker and the category that it speaks for."""

    name: str
    category: MarkerCategory


_NAMES: dict[MarkerCategory, tuple[str, ...]] = {
    "membrane": ("CD9", "CD63", "CD81", "CD73", "CD105", "CD41", "integrin", "MFGE8", "TET8"),
    "cytosolic": ("TSG101", "ALIX", "syntenin-1", "flotillin-1", "HSP70", "annexin"),
    "co-isolated": (
        "albumin",
        "ApoA1",
        "ApoB",
        "fibrinogen",
        "casein",
        "rubisco",
        "cell wall polysaccharide",
    ),
    "other compartment": ("calnexin", "GM130", "cytochrome C", "histone H3"),
}
MARKERS: Registry[MarkerKind] = Registry(
    "marker", {name: MarkerKind(name, category) for category, names in _NAMES.items() for name in names}
)
"""Markers by the name that product files use."""
