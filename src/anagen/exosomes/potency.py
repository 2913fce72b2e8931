"""Potent particles in a dose, how sure that is, and what is not known.

potent = particles x share that is vesicles x share left after storage x relative potency x kept over passages x uptake
x batch

Each factor is drawn from its prior; a potency of 1 is that of the fresh vesicles of the culture studies. Number and
function are not the same: relative potency is measured for few products, and never in people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.words import counted
from anagen.exosomes.followed import beyond_measured
from anagen.exosomes.passage import kept_over_passages
from anagen.exosomes.product import Product
from anagen.exosomes.purity import vesicle_share
from anagen.exosomes.storage import COUNTED_WORDS, StorageStep, remaining_after
from anagen.parameters import ParameterSet

DRAWS = 400
DOSE_RESPONSE = "dose response in people"
BATCH = "batch"
ROOMS = ("isolation", "storage", "vesicle", "manufacture", "facility", "release")
"""Groups of parameters that this folder reads."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A number: central value, and 5 % and 95 % quantiles over draws of the parameters."""

    central: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of the potent dose and its share of the (logarithmic) variance."""

    name: str
    spread: Spread
    variance_share: float


@dataclass(frozen=True, slots=True)
class Step:
    """What one factor leaves of the particles on the label.

    Attributes
    ----------
    name : str
        Of the factor.
    factor : Spread
        The factor; of the first step the particles counted.
    left : float
        Particles after it, at central values.
    variance_share : float
        Of the (logarithmic) variance of the potent dose.
    """

    name: str
    factor: Spread
    left: float
    variance_share: float


@dataclass(frozen=True, slots=True)
class PotentDose:
    """Potent particles of a dose.

    Attributes
    ----------
    particles : Spread
        Particles of the dose as counted or claimed.
    potent : Spread
        Potent particles, in fresh vesicles of the culture studies.
    factors : tuple[Factor, ...]
        What they are the product of.
    unknown : tuple[str, ...]
        What is not known.
    """

    particles: Spread
    potent: Spread
    factors: tuple[Factor, ...]
    unknown: tuple[str, ...]

    def steps(self) -> tuple[Step, ...]:
        """From the particles on the label to the potent ones, a step for each factor, at central values.

        Returns
        -------
        tuple of Step
            The first holds the particles counted, the last the potent ones.
        """
        left, found = 1.0, list[Step]()
        for factor in self.factors:
            left *= factor.spread.central
            found.append(Step(factor.name, factor.spread, left, factor.variance_share))
        return tuple(found)


def product_parameters(product: Product, parameters: ParameterSet) -> ParameterSet:
    """The parameters that a product needs: those of this folder and its own numbers.

    Their draws are addressed by name, so that a product's own numbers change no other draw.
    """
    shared = parameters.only(name for name in parameters if name.partition(".")[0] in ROOMS)
    return shared.with_entries(product.parameters())


def potency_factors(product: Product, values: Mapping[str, float]) -> dict[str, float]:
    """Factors that turn counted particles into potent ones, for one draw of the parameters.

    Parameters
    ----------
    product : Product
        The product.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    """
    ratio = values.get(f"{product.name}.particle_to_protein")
    prior = "human" if product.source.human else "other"
    assumed = values[f"vesicle.potency_without_assay_{prior}"]
    # An assay of the product was done on vesicles of treated cells and holds it already.
    assumed *= math.prod(values[f"vesicle.{name}_potency"] for name in product.preparation.treatments)
    unmeasured = values["vesicle.batch_potency_not_measured"] if product.batch.of == "count" else 1.0
    return {
        "share that is vesicles": vesicle_share(ratio, values),
        "left after storage": left_after_storage(product, product.history(), values),
        "relative potency": 0.0 if product.inactivated else values.get(f"{product.name}.relative_potency", assumed),
        "kept over passages": kept_over_passages(product, values),
        "uptake": values.get(f"{product.name}.uptake", 1.0),
        BATCH: values[f"{product.name}.batch_factor"] * unmeasured,
    }


def left_after_storage(product: Product, history: Sequence[StorageStep], values: Mapping[str, float]) -> float:
    """Share of the counted particles that a history leaves, in the product's own vial and by its own series."""
    return remaining_after(history, values, product.vial(values), product.count(), product.own_rates(values))


def potent_share(product: Product, values: Mapping[str, float]) -> float:
    """Potent particles per counted particle, for one draw of the parameters; 0 for an inactivated product.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> product = load_product("adsc-native")
    >>> 0.0 < potent_share(product, product_parameters(product, load_parameters()).draw(1, 0)) < 1.0
    True
    """
    return math.prod(potency_factors(product, values).values())


def relative_potency(product: Product, reference: Product, values: Mapping[str, float]) -> float:
    """Potent particles per counted particle over that of a reference product, for one draw of the parameters.

    Batches are left out: their variation belongs to a trial, not to a product. What both products do not know of
    themselves they share, so that it cancels; a product relative to itself is exactly 1.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> native = load_product("adsc-native")
    >>> relative_potency(native, native, {})
    1.0
    """
    if product == reference:
        return 1.0
    over, under = potency_factors(product, values), potency_factors(reference, values)
    return math.prod(over[name] for name in over if name != BATCH) / math.prod(
        under[name] for name in under if name != BATCH
    )


def potent_dose(
    product: Product,
    parameters: ParameterSet,
    *,
    particles: float | None = None,
    seed: int = 1,
    draws: int = DRAWS,
) -> PotentDose:
    """Potent particles in a dose with their uncertainty.

    Parameters
    ----------
    product : Product
        The product.
    parameters : ParameterSet
        The parameters of the model.
    particles : float, optional
        Counted particles of the dose; the dose of the product's file where left out.
    seed : int, default 1
        Seed of the draws.
    draws : int, default DRAWS
        Number of draws.

    Raises
    ------
    ValueError
        Where the dose is negative or there are fewer than 20 draws.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> dose = potent_dose(load_product("adsc-native"), load_parameters(), draws=50)
    >>> dose.potent.low < dose.potent.central < dose.potent.high
    True
    """
    if draws < 20 or (particles is not None and particles < 0.0):
        raise ValueError("at least 20 draws are needed, and a dose is not negative")
    read = product_parameters(product, parameters)
    rows: list[dict[str, float]] = []
    for index in range(draws + 1):
        values = read.draw(seed, index)
        counted = values[f"{product.name}.dose"] if particles is None else particles
        rows.append({"particles counted": counted, **potency_factors(product, values)})
    names = list(rows[0])
    total = [math.prod(row.values()) for row in rows]
    spreads = {name: spread_of([row[name] for row in rows]) for name in names}
    variances = {name: _log_variance([row[name] for row in rows[1:]]) for name in names}
    whole = sum(variances.values())
    factors = tuple(Factor(name, spreads[name], variances[name] / whole if whole > 0.0 else 0.0) for name in names)
    return PotentDose(spreads["particles counted"], spread_of(total), factors, what_is_not_known(product))


def spread_of(numbers: list[float]) -> Spread:
    """Central value (draw 0) and quantiles over the other draws."""
    low, high = (float(bound) for bound in np.quantile(numbers[1:], [0.05, 0.95]))
    return Spread(numbers[0], low, high)


def what_is_not_known(product: Product) -> tuple[str, ...]:
    """What is not known of a product: what its file says, its source, and what its file leaves out."""
    gaps = [*product.unknown, *product.source.unknown]
    if product.potency is None:
        gaps.append("potency: no assay on papilla cells or follicles; relative potency is a prior")
    elif product.potency.relative_potency is None:
        gaps.append("potency: an assay exists, but no potency relative to a reference")
    elif product.source.grown and product.potency.passage is None:
        gaps.append(
            "potency: the passage of the cells of the assay; a loss beyond the last passage is taken as not in it"
        )
    if product.particles.particle_to_protein is None:
        gaps.append("purity: no particle:protein ratio; what share of the count is vesicles is a prior")
    if product.batch.seen_in < 3:
        gaps.append(
            f"batches: variation was seen in {counted(product.batch.seen_in, 'batch', 'batches')} of this product"
        )
    if product.batch.of == "count":
        gaps.append("batches: variation of potency; only that of the count is told")
    if not product.storage:
        gaps.append("storage: no history; taken as used fresh")
    gaps += [f"storage: {words}" for words in beyond_measured(product.history(), product.stability)]
    if any(step.tube == "glass" for step in product.history()):
        gaps.append("storage: loss on glass; it is worse than on polypropylene, and taken as equal")
    if product.storage:
        gaps.append(f"storage: counted {COUNTED_WORDS[product.particles.counted]}")
    if product.storage and all(row.potency is None for row in product.stability):
        gaps.append("storage: function of what is left; losses here are losses of particles")
    loading = product.engineering
    loaded = None if loading is None or loading.copies is None else loading.copies
    for entry in product.mirna:
        count = loaded if loading is not None and loading.loaded == entry.name else entry.copies
        if count is None or count.basis == "assumed":
            gaps.append(f"{entry.name}: copies per vesicle were not counted")
    if not any(gap.lower().startswith(DOSE_RESPONSE) for gap in gaps):
        gaps.append(DOSE_RESPONSE)
    gaps.append("how long an injected vesicle stays in human scalp")
    # What the file and its source both say is said once.
    return tuple({gap.lower().rstrip("."): gap for gap in gaps}.values())


def _log_variance(numbers: list[float]) -> float:
    """Variance of the logarithm of the numbers above 0; 0 where there are none."""
    positive = [number for number in numbers if number > 0.0]
    return float(np.var(np.log(positive))) if positive else 0.0
