"""What can be wrong with a product beyond MISEV2023: passage, purity, potency, batches, numbers that look like slips.

Each finding says whose limit it is. MISEV2023 asks for the particle:protein ratio and sets no limit to it; the classes
are those of Webber & Clayton 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anagen.core.words import counted
from anagen.exosomes.characterisation.checklist import Answer, Checked, ChecklistItem
from anagen.exosomes.passage import passages_beyond
from anagen.exosomes.product import Product
from anagen.exosomes.purity import purity_class
from anagen.exosomes.subpopulations import mean_between, tells_all

Values = Mapping[str, float]
THOUSAND = 1000.0


def run_further(product: Product, values: Values) -> tuple[Checked, ...]:
    """Every finding beyond MISEV2023 for a product, with the source of its limit.

    Parameters
    ----------
    product : Product
        The product.
    values : Mapping[str, float]
        Values of the groups "manufacture" and "release" of the parameters.
    """
    return tuple(Checked(item, *item.answer(product)) for item in _items(values))


def questions(product: Product, values: Values) -> tuple[str, ...]:
    """Numbers of a product file that look like a slip of a thousand, each with what was probably meant.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> questions(load_product("adsc-native"), load_parameters().draw(1, 0))
    ()
    """
    asked: list[str] = []
    ratio, particles = product.particles.particle_to_protein, product.particles
    bounds = (values["release.believable_ratio_least"], values["release.believable_ratio_most"])
    if ratio is not None:
        asked += _slip("particles.particle_to_protein", ratio.value, "particles/ug", bounds)
    bounds = (values["release.believable_concentration_least"], values["release.believable_concentration_most"])
    asked += _slip("particles.concentration", particles.concentration.value, "particles/mL", bounds)
    content = particles.concentration.value * particles.vial_volume
    factor = product.dose.value / content
    if factor >= 0.99 * THOUSAND or factor <= 1.01 / THOUSAND:
        words = f"dose: {product.dose.value:.3g} particles are {factor:.3g} times what a vial holds ({content:.3g})"
        asked.append(f"{words}; is the unit of vial_volume, concentration or dose right?")
    diameter, classes = particles.diameter, product.subpopulation
    if diameter is not None and tells_all(classes):
        low, high = mean_between(classes)
        if not low <= diameter.value <= high:
            words = f"particles.diameter: {diameter.value:g} nm, and the classes of [[subpopulation]] have a mean of"
            asked.append(f"{words} {low:.3g} to {high:.3g} nm; which is right?")
    return tuple(asked)


def _slip(field: str, value: float, unit: str, bounds: tuple[float, float]) -> list[str]:
    """The question to a number that is outside its bounds and inside them a thousand times larger or smaller."""
    low, high = bounds
    if low <= value <= high:
        return []
    found = f"{field}: {value:.3g} {unit} lies outside {low:.0e} to {high:.0e}, between which products were measured"
    meant = next((value * f for f in (THOUSAND, 1.0 / THOUSAND) if low <= value * f <= high), None)
    likely = (
        f"; did you mean {meant:.3g} {unit} (per ug or mL, not per mg or L)?"
        if meant is not None
        else "; is its unit right?"
    )
    return [found + likely]


def _items(values: Values) -> tuple[ChecklistItem, ...]:
    return (
        ChecklistItem(
            "passage",
            "doi:10.1002/btm2.10065",
            f"the cells are at most at passage {values['manufacture.last_passage']:g}",
            "activity of mesenchymal vesicles falls with passage",
            _passage(values),
        ),
        ChecklistItem(
            "purity",
            "Webber & Clayton 2013, doi:10.3402/jev.v2i0.19861",
            "particles per ug protein are above 1.5e9",
            "free protein of the medium may do what vesicles are credited with",
            _purity,
        ),
        ChecklistItem(
            "potency",
            "ICH Q6B 2.1.2",
            "potency relative to a reference on cells of the follicle",
            "particles are not doses: it ties batches and products together",
            _potency,
        ),
        ChecklistItem(
            "batches",
            "ICH Q6B 4",
            "variation of potency between batches is told",
            "a batch effect is a trial effect: all patients of one batch share it",
            _batches,
        ),
    )


def _passage(values: Values) -> Callable[[Product], Answer]:
    def answer(product: Product) -> Answer:
        if not product.source.grown:
            return "does not apply", "no cells are grown"
        passage = product.preparation.passage
        if passage is None:
            return "missing", "not told"
        beyond = passages_beyond(product, values)
        if passage > values["manufacture.last_passage"]:
            words = f"{counted(beyond, 'passage')} beyond {values['manufacture.last_passage']:g}"
            lost = f"; potency is lowered for {words}" if beyond > 0.0 else "; potency was measured there"
            return "failed", f"passage {passage}{lost}"
        return "met", f"passage {passage}"

    return answer


def _purity(product: Product) -> Answer:
    ratio = product.particles.particle_to_protein
    if ratio is None:
        return "missing", "no particle:protein ratio"
    kind = purity_class(ratio.value)
    return ("failed" if kind == "impure" else "met"), f"{ratio.value:.2g} particles/ug: {kind}"


def _potency(product: Product) -> Answer:
    assay = product.potency
    if assay is None or assay.relative_potency is None:
        return "missing", "no potency relative to a reference"
    return "met", f"{assay.relative_potency.value:g} by {assay.assay} on {assay.cells}"


def _batches(product: Product) -> Answer:
    batch = product.batch
    if batch.seen_in < 3:
        return "missing", f"{counted(batch.seen_in, 'batch', 'batches')} compared; three are a minimum"
    found = f"CV {batch.cv:.0%} over {counted(batch.seen_in, 'batch', 'batches')}"
    if batch.of is None:
        return (
            "missing",
            f"{found}; whether of count or of potency is not told (batch.of); taken as of potency",
        )
    if batch.of == "count":
        return "missing", f"{found} is of the count; that of potency is not told and a prior stands for it"
    return ("met" if batch.cv <= 0.5 else "failed"), f"{found}, of potency"
