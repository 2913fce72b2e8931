"""A product composed from one that is there: other steps, another passage, other numbers, another storage."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from anagen.exosomes.variants import toml_text

COMPOSED = "composed"
"""What the name of a composed product ends in, so that it is not taken for the one that it began as."""
BY_HAND = "Set by hand: not measured on any product"


@dataclass(frozen=True)
class Changes:
    """What is changed in a product file; None where it stays as it is.

    Attributes
    ----------
    isolation : tuple[str, ...] or None
        Steps in order.
    passage : int or None
        Of the cells.
    concentration : float or None
        [particles/mL].
    particle_to_protein : float or None
        [particles/ug].
    dose : float or None
        [particles].
    history : tuple[Mapping[str, Any], ...] or None
        Stays as a product file holds them; empty where it is used fresh.
    """

    isolation: tuple[str, ...] | None = None
    passage: int | None = None
    concentration: float | None = None
    particle_to_protein: float | None = None
    dose: float | None = None
    history: tuple[Mapping[str, Any], ...] | None = None

    @property
    def any(self) -> bool:
        """Whether anything is changed."""
        return any(getattr(self, entry.name) is not None for entry in fields(self))


def composed(text: str, changes: Changes) -> str:
    """Text of a product file after changes.

    What was measured on the product as it was, and does not hold after another isolation, is left out: its ratio of
    particles to protein, and a process of the maker's own.

    Parameters
    ----------
    text : str
        Of a product file that can be read.
    changes : Changes
        What is changed.

    Returns
    -------
    str
        TOML; the same text where nothing is changed.

    Examples
    --------
    >>> from anagen.exosomes import library, parse_product
    >>> text = library()["adsc-native"].read_text(encoding="utf-8")
    >>> changed = parse_product(composed(text, Changes(dose=2e10, history=())))
    >>> changed.name, changed.dose.value, changed.storage
    ('adsc-native-composed', 20000000000.0, ())
    """
    if not changes.any:
        return text
    data: dict[str, Any] = tomllib.loads(text)
    if not str(data["name"]).endswith(COMPOSED):
        data["name"] = f"{data['name']}-{COMPOSED}"
        data["title"] = f"{data['title']}, changed"
    particles: dict[str, Any] = data["particles"]
    if changes.isolation is not None and list(changes.isolation) != data["preparation"].get("isolation"):
        data["preparation"]["isolation"] = list(changes.isolation)
        particles.pop("particle_to_protein", None)
        data.pop("process", None)
    if changes.passage is not None:
        data["preparation"]["passage"] = changes.passage
    if changes.concentration is not None:
        particles["concentration"] = _figure(changes.concentration, "particles/mL")
    if changes.particle_to_protein is not None:
        particles["particle_to_protein"] = _figure(changes.particle_to_protein, "particles/ug")
    if changes.dose is not None:
        data["dose"] = _figure(changes.dose, "particles")
    if changes.history is not None:
        data["storage"] = [dict(stay) for stay in changes.history]
        # the condition is what follows the count, so that what the count already holds is not lost again
        for key in ("counted", "counted_age"):
            particles.pop(key, None)
    return toml_text(data)


def _figure(value: float, unit: str) -> dict[str, str]:
    return {"value": f"{value:g} {unit}", "basis": "assumed", "source": BY_HAND, "grade": "C"}
