"""Hairs per square centimetre: total, non-vellus, terminal, vellus, anagen."""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs

MOST_DENSE = 1500.0
"""More hairs per cm2 than any scalp has: newborns have 1,135 follicles/cm2, adults 615 (Giacometti 1965, Adv Biol Skin
6:97)."""


def total(hairs: Hairs) -> FloatArray:
    """Hairs per cm2."""
    return hairs.hairs / hairs.area


def nonvellus(hairs: Hairs) -> FloatArray:
    """Hairs of at least 30 um per cm2."""
    return hairs.nonvellus / hairs.area


def terminal(hairs: Hairs) -> FloatArray:
    """Hairs of at least 40 um per cm2."""
    return hairs.terminal / hairs.area


def vellus(hairs: Hairs) -> FloatArray:
    """Hairs finer than 30 um per cm2."""
    return (hairs.hairs - hairs.nonvellus) / hairs.area


def anagen(hairs: Hairs) -> FloatArray:
    """Growing hairs per cm2."""
    return hairs.anagen / hairs.area


TOTAL_DENSITY = Endpoint(
    "total_density",
    "total hair density",
    "hairs/cm2",
    total,
    "Phototrichogram, all emerged hairs",
    count_power=1.0,
    shifted=True,
    greatest=MOST_DENSE,
)
NONVELLUS_DENSITY = Endpoint(
    "nonvellus_density",
    "non-vellus hair density",
    "hairs/cm2",
    nonvellus,
    "Hairs of 30 um and more, as counted in minoxidil trials (Olsen 2002)",
    count_power=1.0,
    shifted=True,
    shift_factor="reading.nonvellus_factor",
    greatest=MOST_DENSE,
)
TERMINAL_DENSITY = Endpoint(
    "terminal_density",
    "terminal hair density",
    "hairs/cm2",
    terminal,
    "Hairs of 40 um and more, Rushton 1983, doi:10.1111/j.1365-2133.1983.tb04617.x",
    count_power=1.0,
    shifted=True,
    shift_factor="reading.nonvellus_factor",
    greatest=MOST_DENSE,
)
VELLUS_DENSITY = Endpoint(
    "vellus_density",
    "vellus hair density",
    "hairs/cm2",
    vellus,
    "Hairs finer than 30 um",
    count_power=1.0,
    shifted=True,
    greatest=MOST_DENSE,
    higher_is_better=False,
)
ANAGEN_DENSITY = Endpoint(
    "anagen_density",
    "anagen hair density",
    "hairs/cm2",
    anagen,
    "Growing hairs, Van Neste 2000",
    count_power=1.0,
    shifted=True,
    greatest=MOST_DENSE,
)
