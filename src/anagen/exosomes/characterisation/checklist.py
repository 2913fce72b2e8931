"""The MISEV2023 checklist, item by item, with the reason why each matters for hair.

MISEV2023: Welsh 2024, doi:10.1002/jev2.12404, by the number of its section; MISEV2018: Théry 2018,
doi:10.1080/20013078.2018.1535750, by the part of its checklist. Items are paraphrased. What else can be wrong is in
`further.py`, what release asks for in `anagen.exosomes.release`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from anagen.exosomes.markers import MARKERS, MarkerCategory
from anagen.exosomes.product import Product
from anagen.exosomes.storage import describe_step

Status = Literal["met", "missing", "failed", "does not apply"]
STATUSES: tuple[Status, ...] = get_args(Status)
Answer = tuple[Status, str]
SMALLEST, LARGEST = 30.0, 200.0
"""Diameters [nm] of small vesicles."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of the checklist.

    Attributes
    ----------
    name : str
        Short name.
    section : str
        Section of the guideline, or the paper that the item is of.
    asks : str
        What has to be told or shown.
    why : str
        Why it matters for this use.
    answer : Callable[[Product], Answer]
        Status of a product and what was found.
    """

    name: str
    section: str
    asks: str
    why: str
    answer: Callable[[Product], Answer]


@dataclass(frozen=True, slots=True)
class Checked:
    """An item and what a product says to it."""

    item: ChecklistItem
    status: Status
    finding: str


def run_checklist(product: Product) -> tuple[Checked, ...]:
    """Every item of the checklist for a product, in the order of the guideline."""
    return tuple(Checked(item, *item.answer(product)) for item in CHECKLIST)


def _reported(value: object, words: str) -> Answer:
    """Met where something was reported."""
    return ("missing", "not told") if value is None or value in ("", ()) else ("met", words)


def _shown(flag: bool | None, yes: str, no: str) -> Answer:
    """Met, missing or failed for a fact that was shown, not told, or denied."""
    if flag is None:
        return "missing", "not told"
    return ("met", yes) if flag else ("failed", no)


def _nomenclature(product: Product) -> Answer:
    described = product.characterisation
    if described.claims == "extracellular vesicle":
        return "met", "called extracellular vesicles"
    if described.endosomal_origin:
        return "met", "called exosomes, endosomal origin shown"
    return "failed", "called exosomes without evidence of endosomal origin"


def _source(product: Product) -> Answer:
    source, preparation = product.source, product.preparation
    asked = {"medium" if source.grown else "raw material": preparation.medium}
    if source.human:
        asked["donors"] = preparation.donors
    missing = [name for name, value in asked.items() if not value]
    if source.grown and preparation.passage is None:
        missing.append("passage")
    words = f"{source.title}; {preparation.medium or ''}".rstrip("; ")
    return ("missing", f"not told: {', '.join(missing)}") if missing else ("met", words)


def _depleted(product: Product) -> Answer:
    if not product.source.grown:
        return "does not apply", "no culture medium"
    return _shown(product.preparation.depleted, "medium free of foreign vesicles", "medium brings vesicles of its own")


def _cells(product: Product) -> Answer:
    if not product.source.grown:
        return "does not apply", "no cells are grown"
    preparation = product.preparation
    if preparation.viability is None or not preparation.cells_counted:
        return "missing", "cell number or viability at harvest not told"
    if preparation.viability < 90.0:
        return "failed", f"{preparation.viability:g} % living cells: debris of dying cells is likely"
    return "met", f"{preparation.viability:g} % living cells, counted"


def _separation(product: Product) -> Answer:
    steps = product.preparation.isolation
    if not steps:
        return "missing", "no isolation step told"
    if not product.characterisation.methods_reported:
        return "missing", f"{', '.join(steps)}; settings not told"
    return "met", ", ".join(steps)


def _storage(product: Product) -> Answer:
    return _reported(product.storage, "; ".join(describe_step(step) for step in product.history()))


def _count(product: Product) -> Answer:
    particles = product.particles
    if particles.counting == "not-told":
        return "missing", "a number without a method"
    if particles.counting == "dls":
        return "failed", "dynamic light scattering does not count"
    if particles.concentration.basis == "label":
        return "missing", f"{particles.concentration.value:.2g} per mL is a label, not a measurement of this product"
    return "met", f"{particles.concentration.value:.2g} per mL by {particles.counting}"


def _size(product: Product) -> Answer:
    diameter = product.particles.diameter
    if diameter is None:
        return "missing", "no diameter told"
    if not SMALLEST <= diameter.value <= LARGEST:
        return "failed", f"{diameter.value:g} nm is outside {SMALLEST:g} to {LARGEST:g} nm"
    if product.particles.diameter_sd is None:
        return "missing", f"{diameter.value:g} nm, but no distribution"
    return "met", f"{diameter.value:g} nm, SD {product.particles.diameter_sd.value:g} nm"


def _protein(product: Product) -> Answer:
    ratio = product.particles.particle_to_protein
    return ("missing", "no particle:protein ratio") if ratio is None else ("met", f"{ratio.value:.2g} particles/ug")


def _positive(category: MarkerCategory) -> Callable[[Product], Answer]:
    """Met where at least one marker of a category is present."""

    def answer(product: Product) -> Answer:
        present, absent = _markers(product, category, "present"), _markers(product, category, "absent")
        if present:
            return "met", f"{', '.join(present)} present"
        return ("failed", f"{', '.join(absent)} absent") if absent else ("missing", _usual(product, category))

    return answer


def _negative(category: MarkerCategory) -> Callable[[Product], Answer]:
    """Met where markers of a category were looked for and not found."""

    def answer(product: Product) -> Answer:
        present, absent = _markers(product, category, "present"), _markers(product, category, "absent")
        if present:
            return "failed", f"{', '.join(present)} present"
        return ("met", f"{', '.join(absent)} absent") if absent else ("missing", _usual(product, category))

    return answer


def _usual(product: Product, category: MarkerCategory) -> str:
    """That nothing was tested, and what is usual with this source."""
    names = (*product.source.markers, *product.source.contaminants)
    usual = [name for name in names if MARKERS[name].category == category]
    return f"none tested; usual with this source: {', '.join(usual)}" if usual else "none tested"


def _markers(product: Product, category: MarkerCategory, result: str) -> list[str]:
    return [m.name for m in product.marker if m.result == result and MARKERS[m.name].category == category]


def _imaging(product: Product) -> Answer:
    return _reported(product.characterisation.imaging, ", ".join(product.characterisation.imaging))


def _second_method(product: Product) -> Answer:
    second = product.particles.second_method
    if second in (None, "not-told"):
        return "missing", "one method only"
    if second == product.particles.counting:
        return "failed", f"{second} twice"
    return "met", f"{product.particles.counting} and {second}"


def _count_controls(product: Product) -> Answer:
    characterisation = product.characterisation
    if characterisation.buffer_control is None or characterisation.detergent_control is None:
        return "missing", "not told"
    flags = {"buffer": characterisation.buffer_control, "detergent": characterisation.detergent_control}
    missing = [name for name, flag in flags.items() if not flag]
    return ("failed", f"no {', no '.join(missing)} control") if missing else ("met", "buffer and detergent controls")


def _dose_response(product: Product) -> Answer:
    assay = product.potency
    if assay is None:
        return "missing", "no functional assay"
    return _shown(assay.dose_response, f"dose response of {assay.assay}", f"{assay.assay} at one dose")


def _function_controls(product: Product) -> Answer:
    assay = product.potency
    if assay is None:
        return "missing", "no functional assay"
    both = assay.vehicle_control and assay.depleted_control
    return _shown(both, "vehicle and vesicle-depleted controls", "no vehicle or no vesicle-depleted control")


def _flag(name: str, yes: str, no: str) -> Callable[[Product], Answer]:
    def answer(product: Product) -> Answer:
        return _shown(getattr(product.characterisation, name), yes, no)

    return answer


COLLECTION, SEPARATION, CHARACTERISATION, FUNCTION, REPORTING = (
    "MISEV2023 3 collection and pre-processing; MISEV2018 2",
    "MISEV2023 4 separation and concentration; MISEV2018 3",
    "MISEV2023 5 characterisation; MISEV2018 4",
    "MISEV2023 8 functional studies; MISEV2018 5",
    "MISEV2023 6 reporting by technique; MISEV2018 6",
)


def _items() -> Iterable[ChecklistItem]:
    item = ChecklistItem
    yield item("name", "MISEV2023 2 nomenclature; MISEV2018 1", "the name claims no more than was shown",
               "small vesicles are a mixture; trials cannot be pooled by a name",
               _nomenclature)  # fmt: skip
    yield item("source", COLLECTION, "donors, medium or raw material, and passage are told",
               "donors differ, and activity falls with passage", _source)  # fmt: skip
    yield item("foreign vesicles", COLLECTION, "the medium brings no vesicles of serum or platelet lysate",
               "bovine vesicles in the count would be injected and counted as the dose", _depleted)  # fmt: skip
    yield item("cells at harvest", COLLECTION, "cell number and viability are told",
               "dying cells shed debris that a counter takes for vesicles", _cells)  # fmt: skip
    yield item("separation", SEPARATION, "every step is told so that it can be repeated",
               "recovery differs 20-fold between methods, and purity more", _separation)  # fmt: skip
    yield item("storage", COLLECTION, "temperature, time, buffer and tube are told",
               "half of the particles can be gone after 48 h in a fridge", _storage)  # fmt: skip
    yield item("count", CHARACTERISATION, "particles are counted by a named method",
               "the dose of every trial is this number", _count)  # fmt: skip
    yield item("size", CHARACTERISATION, "diameter and its spread are told",
               "size decides drainage from skin and what the count consists of", _size)  # fmt: skip
    yield item("particle:protein", CHARACTERISATION, "particles per ug protein are told",
               "free protein of the medium may do what vesicles are credited with", _protein)  # fmt: skip
    yield item("membrane marker", CHARACTERISATION, "at least one membrane protein of vesicles is present",
               "shows that there are membranes in the vial", _positive("membrane"))  # fmt: skip
    yield item("cytosolic marker", CHARACTERISATION, "at least one cytosolic protein of vesicles is present",
               "shows that they are closed and not empty: cargo needs that", _positive("cytosolic"))  # fmt: skip
    yield item("co-isolated protein", CHARACTERISATION, "proteins that come along were looked for and are low",
               "what comes along counts as particles; lipoproteins carry miRNA", _negative("co-isolated"))  # fmt: skip
    yield item("other compartments", CHARACTERISATION, "proteins of other compartments were looked for and are low",
               "fragments of cells in skin provoke inflammation", _negative("other compartment"))  # fmt: skip
    yield item("single vesicles", CHARACTERISATION, "pictures of single vesicles are shown",
               "intact vesicles and debris count alike", _imaging)  # fmt: skip
    yield item("second method", CHARACTERISATION, "a second, independent method agrees with the count",
               "counts of one sample differ tenfold between methods", _second_method)  # fmt: skip
    yield item("controls of the count", CHARACTERISATION, "buffer alone and detergent-treated samples were counted",
               "buffers, excipients and plastic hold particles of the same size", _count_controls)  # fmt: skip
    yield item("topology", CHARACTERISATION, "where the cargo sits is shown with protease or RNase",
               "miRNA outside vesicles is degraded in skin; a surface ligand needs no uptake",
               _flag("topology", "inside and outside told apart", "not told apart"))  # fmt: skip
    yield item("dose response", FUNCTION, "the effect grows with the dose in a named assay",
               "without it a trial's dose is a guess", _dose_response)  # fmt: skip
    yield item("controls of function", FUNCTION, "vehicle and vesicle-depleted preparations were tested",
               "conditioned medium without vesicles acts on papilla cells too", _function_controls)  # fmt: skip
    yield item("reporting", REPORTING, "methods are deposited or told in full",
               "products are compared by what was written down",
               _flag("methods_reported", "told in full", "not told in full"))  # fmt: skip


CHECKLIST: tuple[ChecklistItem, ...] = tuple(_items())
"""Items of the checklist in the order of the guideline."""
