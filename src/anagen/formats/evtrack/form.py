"""The EV-TRACK form of a product: what the knowledge base asks for, and the nine components of EV-METRIC.

EV-METRIC is the share of the components that a report fulfils, of those that apply (Van Deun 2017,
doi:10.1038/nmeth.4185; the components from memory, not read).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from anagen.exosomes.markers import MARKERS
from anagen.exosomes.storage import describe_step

if TYPE_CHECKING:
    from anagen.exosomes import Product

Fulfilled = Literal["yes", "no", "does not apply"]
NOT_TOLD = "not told"
POSITIVE_NEEDED = 3
"""Proteins that vesicles are rich in, of which EV-METRIC asks for this many."""


@dataclass(frozen=True, slots=True)
class EvMetric:
    """One component of EV-METRIC: its part of the form, what it asks, whether it is fulfilled and why."""

    part: str
    name: str
    asks: str
    fulfilled: Fulfilled
    found: str


@dataclass(frozen=True, slots=True)
class EvTrackForm:
    """The form: fields as (section, field, what the product file says), and the components of EV-METRIC."""

    title: str
    fields: tuple[tuple[str, str, str], ...]
    metric: tuple[EvMetric, ...]

    @property
    def score(self) -> float:
        """EV-METRIC [percent]: components fulfilled over those that apply."""
        applying = [entry for entry in self.metric if entry.fulfilled != "does not apply"]
        return 100.0 * sum(entry.fulfilled == "yes" for entry in applying) / len(applying)


def ev_track_form(product: Product) -> EvTrackForm:
    """The form filled in as far as a product file tells.

    Parameters
    ----------
    product : Product
        What it leaves out stands as not told.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> 0.0 <= ev_track_form(load_product("adsc-native")).score <= 100.0
    True
    """
    return EvTrackForm(product.title, tuple(_fields(product)), tuple(_metric(product)))


def _fields(product: Product) -> list[tuple[str, str, str]]:
    preparation, particles, told = product.preparation, product.particles, product.ev_track
    diameter = particles.diameter
    rows: list[tuple[str, str, object]] = [
        ("sample", "species", "Homo sapiens" if product.source.human else _SPECIES[product.source_cell]),
        ("sample", "sample origin", product.source.title),
        ("sample", "sample type", "cell culture supernatant" if product.source.grown else product.source.raw_material),
        ("sample", "donors", preparation.donors),
        ("culture", "medium", preparation.medium),
        ("culture", "vesicles of serum removed", _yes_no(preparation.depleted)),
        ("culture", "passage", preparation.passage),
        ("culture", "viability", None if preparation.viability is None else f"{preparation.viability:g} %"),
        ("isolation", "methods", ", ".join(preparation.isolation)),
        ("isolation", "ultracentrifugation", told and told.ultracentrifugation),
        ("isolation", "density found", told and told.density),
        ("storage", "storage", "; ".join(describe_step(step) for step in product.history())),
        ("proteins", "antibodies", told and told.antibodies),
        ("proteins", "lysate", told and told.lysate),
        *(("proteins", entry.name, f"{entry.result}, {entry.source}") for entry in product.marker),
        ("particles", "counted by", particles.counting),
        ("particles", "concentration", f"{particles.concentration.value:.3g} particles/mL"),
        ("particles", "diameter", None if diameter is None else f"{diameter.value:g} nm"),
        ("particles", "pictures", ", ".join(product.characterisation.imaging)),
    ]
    return [(section, field, str(value) if value not in (None, "") else NOT_TOLD) for section, field, value in rows]


_SPECIES = {"plant": NOT_TOLD, "milk": "Bos taurus"}


def _metric(product: Product) -> list[EvMetric]:
    steps, told = product.preparation.isolation, product.ev_track
    gradient, spun = "density-gradient" in steps, "ultracentrifugation" in steps
    antibodies = bool(product.marker)
    rich = [m.name for m in product.marker if m.result == "present" and _kind(m.name) in ("membrane", "cytosolic")]
    others = [m.name for m in product.marker if _kind(m.name) in ("co-isolated", "other compartment")
              and m.result != "not-tested"]  # fmt: skip
    counted = product.particles.counting not in ("not-told", "dls") and product.particles.diameter is not None
    pictures = product.characterisation.imaging
    return [
        _component("isolation", "density gradient", "a gradient, at least to validate", gradient, ", ".join(steps)),
        _told("isolation", "EV density", "the density at which vesicles were found", gradient, told and told.density),
        _told("isolation", "ultracentrifugation specifics", "rotor, g, time", spun, told and told.ultracentrifugation),
        _told("proteins", "antibody specifics", "supplier, clone, dilution", antibodies, told and told.antibodies),
        _told("proteins", "lysate preparation", "lysis buffer", antibodies, told and told.lysate),
        _component("proteins", "EV-enriched proteins", f"at least {POSITIVE_NEEDED} present",
                   len(rich) >= POSITIVE_NEEDED, ", ".join(rich)),
        _component("proteins", "non-EV-enriched protein", "at least one looked for", bool(others), ", ".join(others)),
        _component("particles", "qualitative and quantitative analysis", "number and size by particle analysis",
                   counted, product.particles.counting),
        _component("particles", "electron microscopy", "pictures, wide field and close up", _electron(pictures),
                   ", ".join(pictures)),
    ]  # fmt: skip


def _component(part: str, name: str, asks: str, fulfilled: bool, found: str) -> EvMetric:
    return EvMetric(part, name, asks, "yes" if fulfilled else "no", found or NOT_TOLD)


def _told(part: str, name: str, asks: str, applies: bool, told: str | None) -> EvMetric:
    """A component that applies where the method was used, and is fulfilled where its particulars are told."""
    if not applies:
        return EvMetric(part, name, asks, "does not apply", "not used")
    return _component(part, name, asks, bool(told), told or "")


def _electron(pictures: tuple[str, ...]) -> bool:
    return any(name in ("tem", "cryo-em", "sem") for name in pictures)


def _kind(marker: str) -> str:
    return MARKERS[marker].category


def _yes_no(flag: bool | None) -> str | None:
    return None if flag is None else "yes" if flag else "no"
