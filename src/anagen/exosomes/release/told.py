"""What other tables of a product file show of an item of the specification."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from anagen.exosomes.markers import MARKERS, MarkerCategory
from anagen.exosomes.release.items import ReleaseItem, Values
from anagen.exosomes.release.judge import (
    UNMEASURED,
    Judged,
    Verdict,
    default_limit,
    judge_number,
    judge_uniformity,
    limit_words,
    result_of,
)
from anagen.exosomes.subpopulations import share_between

if TYPE_CHECKING:
    from anagen.exosomes.fields import Figure
    from anagen.exosomes.product import Product

Tell = Callable[[ReleaseItem, "Product", Values], Judged]
NOT_OF_A_BATCH = "a number of the product, not of a named batch"


def tell(item: ReleaseItem, product: Product, values: Values) -> Judged:
    """The verdict on an item that has no result of its own in the table [release]."""
    told = _TOLD.get(item.name)
    if told is not None:
        return told(item, product, values)
    return Judged(item, "not shown", UNMEASURED, limit_words(item, product, values))


def _batch(item: ReleaseItem, product: Product, values: Values) -> Judged:
    batch = None if product.release is None else product.release.batch
    return Judged(item, "not shown", UNMEASURED) if batch is None else Judged(item, "passes", batch)


def _named(product: Product, result: str, *categories: MarkerCategory) -> list[str]:
    return [m.name for m in product.marker if m.result == result and MARKERS[m.name].category in categories]


def _identity(item: ReleaseItem, product: Product, values: Values) -> Judged:
    needed = int(values["release.identity_proteins"])
    present, absent = (_named(product, result, "membrane", "cytosolic") for result in ("present", "absent"))
    verdict: Verdict = "passes" if len(present) >= needed else "fails" if absent else "not shown"
    found = f"{', '.join(present) or 'none'} present" + (f"; {', '.join(absent)} absent" if absent else "")
    return Judged(item, verdict, found, f">= {needed} proteins", _methods(product, [*present, *absent]))


def _negative(item: ReleaseItem, product: Product, values: Values) -> Judged:
    categories: tuple[MarkerCategory, ...] = ("other compartment",) if product.source.human else (
        "other compartment", "co-isolated",
    )  # fmt: skip
    present, absent = (_named(product, result, *categories) for result in ("present", "absent"))
    verdict: Verdict = "fails" if present else "passes" if absent else "not shown"
    words = [f"{', '.join(names)} {what}" for names, what in ((present, "present"), (absent, "absent")) if names]
    return Judged(item, verdict, "; ".join(words) or UNMEASURED, "absent", _methods(product, [*present, *absent]))


def _methods(product: Product, names: list[str]) -> str:
    return ", ".join(dict.fromkeys(marker.source for marker in product.marker if marker.name in names))


def _flagged(read: Callable[[Product], bool | None]) -> Tell:
    """A flag of the file is no result."""

    def answer(item: ReleaseItem, product: Product, values: Values) -> Judged:
        flag, held = read(product), limit_words(item, product, values)
        if flag is None:
            return Judged(item, "not shown", UNMEASURED, held)
        return Judged(item, "not shown", f"no result given; the file says {'true' if flag else 'false'}", held)

    return answer


def _measured(item: ReleaseItem, figure: Figure | None, product: Product, values: Values) -> Judged:
    """A figure of the file, where it was measured on this product."""
    if figure is None:
        return Judged(item, "not shown", UNMEASURED, limit_words(item, product, values))
    judged = judge_number(item, figure.value, product, values, figure.source, NOT_OF_A_BATCH)
    if figure.basis == "measured":
        return judged
    words = f"{judged.found} is {_BASIS[figure.basis]}"
    return Judged(item, "not shown", words, judged.limit, judged.method)


_BASIS = {"published": "published of a product like it", "label": "a label", "assumed": "an assumption"}


def _size_peak(item: ReleaseItem, product: Product, values: Values) -> Judged:
    return _measured(item, product.particles.diameter, product, values)


def _size(item: ReleaseItem, product: Product, values: Values) -> Judged:
    if product.subpopulation:
        return _size_by_classes(item, product, values)
    told = product.particles.diameter is not None
    words = "a mean, no share between 50 and 400 nm" if told else UNMEASURED
    return Judged(item, "not shown", words, limit_words(item, product, values))


def _size_by_classes(item: ReleaseItem, product: Product, values: Values) -> Judged:
    """The share between the two sizes as far as the classes of the file tell it."""
    limit = default_limit(item, product, values)
    low, high = share_between(product.subpopulation, values["release.size_low"], values["release.size_high"])
    ends = {limit is not None and limit.holds(low), limit is not None and limit.holds(high)}
    verdict: Verdict = "not shown" if len(ends) == 2 else "passes" if True in ends else "fails"
    found = f"{low:g} %" if low == high else f"{low:g} to {high:g} %"
    return Judged(item, verdict, found, limit_words(item, product, values), _sources(product), NOT_OF_A_BATCH)


def _sources(product: Product) -> str:
    return ", ".join(dict.fromkeys(entry.source for entry in product.subpopulation))


def _morphology(item: ReleaseItem, product: Product, values: Values) -> Judged:
    pictures = product.characterisation.imaging
    words = f"pictures by {', '.join(pictures)}, no result given" if pictures else UNMEASURED
    return Judged(item, "not shown", words)


def _ratio(item: ReleaseItem, product: Product, values: Values) -> Judged:
    return _measured(item, product.particles.particle_to_protein, product, values)


def _protein(item: ReleaseItem, product: Product, values: Values) -> Judged:
    ratio = product.particles.particle_to_protein
    if ratio is None:
        return Judged(item, "not shown", UNMEASURED)
    return judge_number(item, product.dose.value / ratio.value, product, values, ratio.source, NOT_OF_A_BATCH)


def _containers(item: ReleaseItem, product: Product, values: Values) -> Judged:
    words = "no container was counted; the concentration is of the product, not of a named batch"
    return Judged(item, "not shown", words, limit_words(item, product, values) or "no label is told")


def _per_dose(item: ReleaseItem, product: Product, values: Values) -> Judged:
    """Endotoxin by dose: by volume times the volume of a dose, where that was measured."""
    by_volume = result_of(product, "endotoxin per mL")
    if by_volume is None or isinstance(by_volume.result, bool):
        return _endotoxin(item, product, values)
    limit, words = default_limit(item, product, values), limit_words(item, product, values)
    told = None if product.release is None else product.release.dose_volume
    volume = told if told is not None else product.dose.value / product.particles.concentration.value
    worst = max(by_volume.quantities(), key=lambda quantity: quantity.value)
    found = type(worst)(worst.value * volume, worst.sign)
    inside = None if limit is None else found.within(limit)
    verdict: Verdict = "not shown" if inside is None else "passes" if inside else "fails"
    came = f"{found.text('EU/dose')}, from {worst.text('EU/mL')} and {volume:.3g} mL"
    return Judged(item, verdict, came, words, by_volume.method)


def _viability(item: ReleaseItem, product: Product, values: Values) -> Judged:
    viability = product.preparation.viability
    if viability is None:
        return _measured(item, None, product, values)
    return judge_number(item, viability, product, values, "", NOT_OF_A_BATCH)


def _passage(item: ReleaseItem, product: Product, values: Values) -> Judged:
    passage, last = product.preparation.passage, values["manufacture.last_passage"]
    limit = f"<= {last:g}"
    if passage is None:
        return Judged(item, "not shown", UNMEASURED, limit)
    return Judged(item, "passes" if passage <= last else "fails", f"passage {passage}", limit, "", NOT_OF_A_BATCH)


def _cell_bank(item: ReleaseItem, product: Product, values: Values) -> Judged:
    donors = product.preparation.donors
    return Judged(item, "not shown", UNMEASURED if donors is None else f"in words only: {donors}")


def _potency(item: ReleaseItem, product: Product, values: Values) -> Judged:
    assay = product.potency
    figure = None if assay is None else assay.relative_potency
    judged = _measured(item, figure, product, values)
    if assay is None or figure is None or judged.verdict != "passes":
        return judged
    method = f"{assay.assay} on {assay.cells}"
    if figure.low is None or figure.high is None:
        return Judged(item, "not shown", f"{judged.found}, without confidence limits", judged.limit, method)
    limit = default_limit(item, product, values)
    found = f"{figure.value:g} ({figure.low:g} to {figure.high:g})"
    inside = limit is not None and limit.holds(figure.low) and limit.holds(figure.high)
    note = NOT_OF_A_BATCH if inside else "the confidence limits reach outside"
    return Judged(item, "passes" if inside else "not shown", found, judged.limit, method, note)


_endotoxin = _flagged(lambda product: product.characterisation.endotoxin)
_TOLD: dict[str, Tell] = {
    "batch": _batch,
    "identity": _identity,
    "negative markers": _negative,
    "detergent lysis": _flagged(lambda product: product.characterisation.detergent_control),
    "morphology": _morphology,
    "size": _size,
    "size peak": _size_peak,
    "particles per container": _containers,
    "dose uniformity": judge_uniformity,
    "particle:protein": _ratio,
    "protein per dose": _protein,
    "sterility": _flagged(lambda product: product.characterisation.sterility),
    "endotoxin per mL": _endotoxin,
    "endotoxin per dose": _per_dose,
    "potency": _potency,
    "dose response": _flagged(lambda product: None if product.potency is None else product.potency.dose_response),
    "mock control": _flagged(lambda product: None if product.potency is None else product.potency.depleted_control),
    "cell bank": _cell_bank,
    "passage": _passage,
    "cell viability": _viability,
}
