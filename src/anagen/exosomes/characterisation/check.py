"""The check of a product: checklist, purity, cargo, label, potent dose and losses over storage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from anagen.exosomes.cargo_rows import cargo_rows
from anagen.exosomes.carried import carried_by
from anagen.exosomes.characterisation.checklist import Checked, Status, run_checklist
from anagen.exosomes.characterisation.first_steps import first_steps
from anagen.exosomes.characterisation.further import questions, run_further
from anagen.exosomes.characterisation.label import LabelFinding, check_label
from anagen.exosomes.isolation import run_train
from anagen.exosomes.listening import cargo_warnings, empty_inputs
from anagen.exosomes.potency import (
    DRAWS,
    PotentDose,
    Spread,
    left_after_storage,
    potent_dose,
    product_parameters,
    spread_of,
)
from anagen.exosomes.product import Product
from anagen.exosomes.purity import PurityClass, purity_class
from anagen.exosomes.stoichiometry import copies_delivered, route_open, vesicles_needed, vesicles_per_papilla_cell
from anagen.exosomes.storage import REFERENCE_HISTORIES, StorageStep, remaining_after
from anagen.exosomes.subpopulations import SizeClass, size_classes
from anagen.parameters import ParameterSet


@dataclass(frozen=True, slots=True)
class MirnaRoute:
    """One miRNA route of a product.

    Attributes
    ----------
    name : str
        The miRNA.
    acts_on : str
        What it is said to act on.
    copies_per_vesicle : Spread
        Copies in a vesicle.
    basis : str
        Measured, published, label or assumed; "prior" where nobody counted and that of any miRNA is used.
    copies_per_cell : Spread
        Copies that reach a papilla cell.
    vesicles_per_cell : Spread
        Vesicles that a papilla cell takes up.
    vesicles_needed : float
        Vesicles per cell at which the route opens.
    acts_through : str or None
        Input of the network that it occupies; None where it names none.
    verdict : Literal["off", "open", "not decided"]
        "off", "open", or "not decided" where the interval holds the gate.
    """

    name: str
    acts_on: str
    copies_per_vesicle: Spread
    basis: str
    copies_per_cell: Spread
    vesicles_per_cell: Spread
    vesicles_needed: float
    verdict: Literal["off", "open", "not decided"]
    acts_through: str | None = None


@dataclass(frozen=True, slots=True)
class Purity:
    """Measured particle:protein ratio, its class, and what the isolation train would give."""

    measured: float | None
    kind: PurityClass
    expected: Spread
    expected_kind: PurityClass


@dataclass(frozen=True, slots=True)
class ProductCheck:
    """Everything that `check_product` found.

    checklist; purity; routes: one per miRNA; label; potent: the potent dose; storage: share left after the product's
    own history and after those that products are compared over; cargo: other cargo, what was found and what it means;
    silent: cargo that no edge listens to, with why; empty: inputs for vesicles that the product leaves empty, with why.
    further: findings beyond MISEV2023; questions: numbers that look like a slip of a thousand; sizes: subpopulations.
    """

    product: Product
    checklist: tuple[Checked, ...]
    purity: Purity
    routes: tuple[MirnaRoute, ...]
    label: tuple[LabelFinding, ...]
    potent: PotentDose
    storage: tuple[tuple[str, Spread], ...]
    cargo: tuple[tuple[str, str], ...]
    silent: tuple[str, ...] = ()
    empty: tuple[tuple[str, str], ...] = ()
    further: tuple[Checked, ...] = ()
    questions: tuple[str, ...] = ()
    sizes: tuple[SizeClass, ...] = ()

    @property
    def first_steps(self) -> tuple[str, ...]:
        """At most three things to do first."""
        return first_steps(self.product, (*self.checklist, *self.further), self.potent)

    def count(self, status: Status) -> int:
        """Number of items of the checklist with a status."""
        return sum(entry.status == status for entry in self.checklist)


def check_product(
    product: Product,
    parameters: ParameterSet,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    listening: Mapping[str, Collection[str]] | None = None,
) -> ProductCheck:
    """Check a product against the guidelines and against arithmetic.

    Parameters
    ----------
    product : Product
        The product.
    parameters : ParameterSet
        The parameters of the model.
    seed : int, default 1
        Of the intervals.
    draws : int, default DRAWS
        Of the intervals.
    listening : Mapping[str, Collection[str]], optional
        Input of a network -> edges of positive weight that leave it; where left out nothing is said of them.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> check = check_product(load_product("adsc-native"), load_parameters(), draws=20)
    >>> check.routes[0].verdict
    'off'
    """
    read = product_parameters(product, parameters)
    drawn = [read.draw(seed, index) for index in range(draws + 1)]
    return ProductCheck(
        product,
        run_checklist(product),
        _purity(product, drawn),
        _routes(product, drawn),
        check_label(product, drawn[0]),
        potent_dose(product, parameters, seed=seed, draws=draws),
        _storage(product, drawn),
        cargo_rows(product, drawn),
        () if listening is None else cargo_warnings(product, listening),
        () if listening is None else tuple(empty_inputs(product, listening).items()),
        run_further(product, drawn[0]),
        questions(product, drawn[0]),
        size_classes(product.subpopulation),
    )


def _storage(product: Product, drawn: list[dict[str, float]]) -> tuple[tuple[str, Spread], ...]:
    """What the product's own history leaves in its own vial, then histories to compare, in the published tube."""
    own = spread_of([left_after_storage(product, product.history(), values) for values in drawn])
    vial = spread_of([remaining_after([StorageStep(4.0, 2.0)], values, product.vial(values)) for values in drawn])
    compared = (
        (name, spread_of([remaining_after(history, values) for values in drawn]))
        for name, history in REFERENCE_HISTORIES.items()
    )
    return (("as this product is kept", own), ("48 h at 4 C, PBS, polypropylene, this fill", vial), *compared)


def _purity(product: Product, drawn: list[dict[str, float]]) -> Purity:
    ratio = product.particles.particle_to_protein
    measured = ratio.value if ratio is not None else None
    steps, raw = product.preparation.isolation, product.source.raw_material
    expected = spread_of([run_train(steps, raw, values).particles_per_ug for values in drawn])
    return Purity(measured, purity_class(measured), expected, purity_class(expected.central))


def _routes(product: Product, drawn: list[dict[str, float]]) -> tuple[MirnaRoute, ...]:
    """Routes of the native miRNA, and of what was loaded in its place or besides."""
    loaded = product.engineering.copies if product.engineering is not None else None
    bases = {entry.name: entry.copies.basis for entry in product.mirna if entry.copies is not None}
    return tuple(
        replace(
            _route(
                product,
                entry.name,
                entry.acts_on,
                entry.parameter,
                loaded.basis
                if loaded is not None and entry.parameter.endswith(".loaded_copies")
                else bases.get(entry.name, "prior"),
                drawn,
            ),
            acts_through=entry.input,
        )
        for entry in carried_by(product)
        if entry.item is None
    )


def _route(
    product: Product, mirna: str, acts_on: str, copies: str, basis: str, drawn: list[dict[str, float]]
) -> MirnaRoute:
    uptake = f"{product.name}.uptake"
    per_cell = [
        vesicles_per_papilla_cell(values[f"{product.name}.dose"], values) * values.get(uptake, 1.0) for values in drawn
    ]
    delivered = spread_of(
        [copies_delivered(v["vesicle.escape"], v[copies], n) for v, n in zip(drawn, per_cell, strict=True)]
    )
    low, high = (route_open(end, drawn[0]) for end in (delivered.low, delivered.high))
    return MirnaRoute(
        mirna,
        acts_on,
        spread_of([values[copies] for values in drawn]),
        basis,
        delivered,
        spread_of(per_cell),
        vesicles_needed(drawn[0]["vesicle.escape"], drawn[0][copies], drawn[0]),
        "open" if low else "not decided" if high else "off",
    )
