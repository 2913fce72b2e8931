"""Numbers of a product file that tell the same thing twice and do not agree: contents, doses, protein, endotoxin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.exosomes.release.items import SPECIFICATION, Values
from anagen.exosomes.release.judge import result_of
from anagen.exosomes.release.limits import Quantity, with_unit

if TYPE_CHECKING:
    from anagen.exosomes.fields import Figure
    from anagen.exosomes.product import Product


@dataclass(frozen=True, slots=True)
class Told:
    """One way in which a file tells a number: where it stands, and between which values it lies."""

    where: str
    low: float
    high: float
    text: str

    def apart(self, other: Told, factor: float) -> bool:
        """Whether two differ by more than a factor, wherever they lie within what is told of them."""
        return self.low > factor * other.high or other.low > factor * self.high

    def changed(self, where: str, change: Callable[[float], float], unit: str) -> Told:
        """What follows from it by arithmetic that rises or falls with it."""
        ends = sorted((change(self.low), change(self.high)))
        low, high = ends
        shown = f"{low:.3g}" if math.isclose(low, high) else f"{low:.3g} to {high:.3g}"
        return Told(where, low, high, with_unit(shown, unit))


def contradictions(product: Product, values: Values) -> tuple[str, ...]:
    """Pairs of numbers of a file that cannot both be true, each as a question with both places.

    Parameters
    ----------
    product : Product
        The product, with its table [release].
    values : Mapping[str, float]
        Values of the group "release" of the parameters.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> contradictions(load_product("adsc-native"), load_parameters().draw(1, 0))
    ()
    """
    pairs = [(pair, values["release.contradiction"]) for pair in _pairs(product)]
    pairs += [(pair, values["release.contradiction_of_batch"]) for pair in _batch_pairs(product)]
    return tuple(
        f"{one.where} is {one.text} and {other.where} is {other.text}: both cannot be; is a unit or power of ten wrong?"
        for (one, other), factor in pairs
        if one.apart(other, factor)
    )


def _pairs(product: Product) -> Iterator[tuple[Told, Told]]:
    """Numbers that follow from each other."""
    dense, dose = product.particles.concentration, product.dose
    volume = product.particles.vial_volume
    concentration = _figure("particles.concentration", dense, "particles/mL")
    content = concentration.changed(
        f"particles.concentration x vial_volume ({volume:g} mL)", lambda value: value * volume, "particles"
    )
    counted = _result(product, "particles per container")
    lots = [lot.particles for lot in product.lot if lot.particles is not None]
    label = None if product.release is None else product.release.label
    for told in (
        None if label is None else _exact("release.label", label, "particles"),
        counted,
        None if not lots else _exact("the mean of [[lot]] particles", sum(lots) / len(lots), "particles"),
    ):
        if told is not None:
            yield told, content
    per_dose = concentration.changed("dose over particles.concentration", lambda value: dose.value / value, "mL")
    poured = None if product.release is None else product.release.dose_volume
    if poured is not None:
        yield _exact("release.dose_volume", poured, "mL"), per_dose
    protein, ratio = _result(product, "protein per dose"), _result(product, "particle:protein")
    if protein is not None and ratio is not None:
        yield protein, _protein(dose.value, ratio)
    by_volume, by_dose = (_result(product, f"endotoxin per {what}") for what in ("mL", "dose"))
    if by_volume is not None and by_dose is not None:
        taken = dose.value / dense.value if poured is None else poured
        yield by_dose, by_volume.changed(f"endotoxin per mL x {taken:.3g} mL", lambda value: value * taken, "EU/dose")


def _batch_pairs(product: Product) -> Iterator[tuple[Told, Told]]:
    """Results of the batch against the same number of the product, from which batches scatter."""
    assay, particles = product.potency, product.particles
    figures = (
        ("size peak", "particles.diameter", particles.diameter, "nm"),
        ("particle:protein", "particles.particle_to_protein", particles.particle_to_protein, "particles/ug"),
        ("potency", "potency.relative_potency", None if assay is None else assay.relative_potency, "1"),
    )
    for test, where, figure, unit in figures:
        result = _result(product, test)
        if result is not None and figure is not None:
            yield result, _figure(where, figure, unit)
    protein, ratio = _result(product, "protein per dose"), particles.particle_to_protein
    if protein is not None and ratio is not None:
        told = _figure("particles.particle_to_protein", ratio, "particles/ug")
        yield protein, _protein(product.dose.value, told)
    living, viability = _result(product, "cell viability"), product.preparation.viability
    if living is not None and viability is not None:
        yield living, _exact("preparation.viability", viability, "percent")


def _protein(dose: float, ratio: Told) -> Told:
    """Protein of a dose that follows from particle:protein."""
    return ratio.changed(f"dose over {ratio.where}", lambda value: dose / value if value > 0.0 else math.inf, "ug/dose")


def _figure(where: str, figure: Figure, unit: str) -> Told:
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Told(where, low, high, with_unit(f"{figure.value:.3g}", unit))


def _exact(where: str, value: float, unit: str) -> Told:
    return Told(where, value, value, with_unit(f"{value:.3g}", unit))


def _result(product: Product, test: str) -> Told | None:
    """A result of the batch; the mean of several containers."""
    result = result_of(product, test)
    if result is None or isinstance(result.result, bool):
        return None
    found = result.quantities()
    mean = sum(quantity.value for quantity in found) / len(found)
    signs = {quantity.sign for quantity in found}
    low, high = (0.0 if "<" in signs else mean), (math.inf if ">" in signs else mean)
    shown = Quantity(mean, "<" if signs == {"<"} else ">" if signs == {">"} else "")
    unit = SPECIFICATION[test].unit or "1"
    return Told(f"the result of {test!r}", low, high, shown.text(unit))
