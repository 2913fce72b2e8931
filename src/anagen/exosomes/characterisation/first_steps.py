"""What a maker would do first: what failed, then what would narrow the potent dose most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from anagen.exosomes.characterisation.checklist import Checked
from anagen.exosomes.potency import BATCH, PotentDose
from anagen.exosomes.product import Product

MOST_STEPS = 3
LEAST_SHARE = 0.1
"""Share of the variance from which on a factor is worth a step."""
Step = Callable[[Product], str]


def _share(product: Product) -> str:
    if product.particles.particle_to_protein is None:
        return "measure particles per ug protein"
    return "show what share of the particles detergent lyses or vesicle markers label; now it is a prior of its class"


def _storage(product: Product) -> str:
    return f"follow particles and potency {'longer' if product.stability else 'over storage, as [[stability]]'}"


def _potency(product: Product) -> str:
    if product.potency is None or product.potency.relative_potency is None:
        return "assay potency against a reference on papilla cells"
    return "repeat the potency assay: its interval is wide"


def _batch(product: Product) -> str:
    if product.batch.of == "potency" and product.batch.seen_in >= LEAST_BATCHES:
        return "narrow the scatter between batches"
    return f"assay the potency of {LEAST_BATCHES} batches or more, and say so in batch.of and batch.seen_in"


LEAST_BATCHES = 3
STEPS: Mapping[str, Step] = {
    "particles counted": lambda product: "count the particles of a dose more closely",
    "share that is vesicles": _share,
    "left after storage": _storage,
    "relative potency": _potency,
    "kept over passages": lambda product: "use cells of an earlier passage, or assay potency at this one",
    "uptake": lambda product: "measure uptake by papilla cells over that of native vesicles more closely",
    BATCH: _batch,
}
"""What narrows each factor of the potent dose, as far as the file has not done it."""


def first_steps(product: Product, checked: Sequence[Checked], potent: PotentDose) -> tuple[str, ...]:
    """At most three things to do, in words.

    Parameters
    ----------
    product : Product
        The product.
    checked : Sequence of Checked
        Items of the checklist and findings beyond it.
    potent : PotentDose
        With each factor's share of the variance.
    """
    failed = [f"mend {entry.item.name}: {entry.finding}" for entry in checked if entry.status == "failed"]
    factors = sorted(potent.factors, key=lambda factor: -factor.variance_share)
    narrowing = [
        f"{STEPS[factor.name](product)} ({factor.variance_share:.0%} of the variance of the potent dose)"
        for factor in factors
        if factor.variance_share >= LEAST_SHARE
    ]
    # What narrows the dose most has a place among them, whatever failed.
    kept = failed[: MOST_STEPS - min(len(narrowing), 1)]
    return (*kept, *narrowing[: MOST_STEPS - len(kept)])
