"""How hair and skin look: numbers with source and grade, and the look that is chosen for a patient."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.registry import Registry

VERTEX = "vertex"
VIEWS = ("phototrichogram", "trichoscopy", VERTEX)
"""Hair shaved at the visit, grown hair close up, and the whole scalp from above."""
DAYS = (0, 3)
"""Days after shaving on which a phototrichogram can be shown."""
HAIRS = ("black", "brown", "blond", "grey")
SKINS = ("light", "medium", "dark")
USUAL = {"caucasian": ("brown", "light"), "asian": ("black", "light"), "african": ("black", "dark")}
"""Hair and skin that are drawn where nobody chooses, by ethnicity."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is chosen for a picture.

    Attributes
    ----------
    view : str
        One of VIEWS.
    hair : str
        One of HAIRS.
    skin : str
        One of SKINS.
    condition : str
        Registered name; decides which signs are drawn.
    ethnicity : str
        Decides how follicles group into units.
    """

    view: str
    hair: str
    skin: str
    condition: str
    ethnicity: str


@cache
def _entries() -> dict[str, Any]:
    text = resources.files("anagen.scalp.picture").joinpath("looks.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def number(name: str) -> float:
    """A number of looks.toml, in the unit given there.

    Examples
    --------
    >>> number("stub")
    0.4
    """
    return float(_entries()[name]["value"])


def row(name: str) -> FloatArray:
    """A row of numbers of looks.toml, in the unit given there.

    Examples
    --------
    >>> len(row("units_asian"))
    4
    """
    return np.asarray(_entries()[name]["shares"], dtype=np.float64)


def unit_shares(ethnicity: str) -> FloatArray:
    """Shares of follicular units with 1, 2, 3, 4 follicles; a group of which nothing is known takes the Caucasian ones.

    Examples
    --------
    >>> round(float(unit_shares("asian") @ [1, 2, 3, 4]), 2)
    1.92
    """
    name = f"units_{ethnicity}"
    shares = row(name if name in _entries() else "units_caucasian")
    return shares / shares.sum()


def look_of(*, view: str, condition: str, ethnicity: str, hair: str | None = None, skin: str | None = None) -> Look:
    """A look from names; hair and skin that are left out follow ethnicity.

    Raises
    ------
    InputError
        With all that are unknown, the names that are known and the nearest.
    """
    usual = USUAL.get(ethnicity, USUAL["caucasian"])
    hair, skin = hair or usual[0], skin or usual[1]
    problems = [
        Problem(None, None, None, field, f"unknown {field} {value!r}", known, _nearest(field, known, value))
        for field, value, known in (("view", view, VIEWS), ("hair", hair, HAIRS), ("skin", skin, SKINS))
        if value not in known
    ]
    if problems:
        raise InputError(problems)
    return Look(view, hair, skin, condition, ethnicity)


def hair_colour(diameter: FloatArray, look: Look) -> FloatArray:
    """Colour of hairs on skin: what a shaft lets through of the skin behind it, and a little that it reflects.

    Parameters
    ----------
    diameter : FloatArray, shape (n,)
        [um].
    look : Look
        Hair and skin.

    Returns
    -------
    FloatArray, shape (n, 3)
        Red, green, blue, 0 to 1.
    """
    least = number("pigment")
    pigment = least + (1.0 - least) * np.clip((diameter - 15.0) / 35.0, 0.0, 1.0)
    # the mean chord of a round shaft is pi/4 of its diameter
    thick = 0.25 * np.pi * diameter * pigment
    through = np.exp(-thick[:, None] * row(f"absorption_{look.hair}"))
    reflected = 0.62 if look.hair == "grey" else 0.06
    opaque = 1.0 - np.exp(-0.02 * diameter)[:, None] if look.hair == "grey" else 1.0 - through
    return np.clip(
        row(f"skin_{look.skin}") * (1.0 - opaque if look.hair == "grey" else through) + reflected * opaque, 0.0, 1.0
    )


def hex_of(colour: FloatArray) -> str:
    """A colour as SVG writes it.

    Examples
    --------
    >>> hex_of(np.array([1.0, 0.5, 0.0]))
    '#ff8000'
    """
    return "#" + "".join(f"{round(255 * value):02x}" for value in colour.tolist())


def _nearest(field: str, known: tuple[str, ...], value: str) -> str | None:
    return Registry(field, {name: name for name in known}).nearest(value)
