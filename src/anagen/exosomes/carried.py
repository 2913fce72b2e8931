"""What a product carries and the inputs that it acts through: one entry for each miRNA, ligand, enzyme or other cargo.

inside the cell    copies = escape x copies per vesicle x vesicles per cell, nothing below the gate
on its surface     molecules = copies per vesicle x vesicles per cell
surface Wnt        vesicles x copies per vesicle / copies per vesicle of the reference
an enzyme          U/mg of the cell = activity x protein of a vesicle x vesicles per cell / protein of the cell
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.exosomes.cargo import WNT, CargoItem, CargoKind, usual_input
from anagen.exosomes.fields import MassFigure
from anagen.exosomes.product import Product

Manner = Literal["inside", "surface", "wnt", "enzyme"]
AVOGADRO = 6.02214076e23
GRAMS_PER_NANOGRAM, DALTONS_PER_KILODALTON = 1e-9, 1e3
MILLIGRAMS_PER_MICROGRAM = 1e-3


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing that a product carries.

    Attributes
    ----------
    name : str
        The miRNA, ligand, enzyme or other cargo.
    kind : CargoKind
        What it is.
    acts_on : str
        What it is said to act on; "" where nobody says.
    input : str or None
        Input of the network that it occupies; None where it has none.
    counted : bool
        Whether its amount is known of this product.
    parameter : str
        Name of the parameter of its amount.
    item : CargoItem or None
        Its entry of [[cargo]], where it has one.
    """

    name: str
    kind: CargoKind
    acts_on: str
    input: str | None
    counted: bool
    parameter: str
    item: CargoItem | None = None

    @property
    def manner(self) -> Manner:
        """How it can act."""
        if self.kind == "enzyme":
            return "enzyme"
        if self.kind != "ligand":
            return "inside"
        return "wnt" if self.input == WNT else "surface"


def carried_by(product: Product) -> tuple[Carried, ...]:
    """What a product carries, each thing once: its miRNA, what was loaded, then other cargo.

    Loaded copies stand in place of native ones of the same name.

    Parameters
    ----------
    product : Product
        Its [[mirna]], [engineering] and [[cargo]] are read.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> [(entry.name, entry.input, entry.counted) for entry in carried_by(load_product("adsc-native"))]
    [('miR-122-5p', 'VESICLE_MIR122', False)]
    """
    found: list[Carried] = []
    engineering = product.engineering
    loaded = engineering.loaded if engineering is not None else None
    for entry in product.mirna:
        through = entry.acts_through
        if engineering is not None and entry.name == loaded:
            found.append(_loaded(product, entry.name, entry.acts_on, engineering.acts_through or through))
            continue
        counted = entry.copies is not None
        parameter = f"{product.name}.copies_{entry.name}" if counted else "vesicle.copies_not_measured"
        through = through or usual_input(entry.name, "mirna")
        found.append(Carried(entry.name, "mirna", entry.acts_on, through, counted, parameter))
    if engineering is not None and loaded is not None and loaded not in {entry.name for entry in product.mirna}:
        found.append(_loaded(product, loaded, "what it was loaded for", engineering.acts_through))
    for item in product.cargo:
        through = item.acts_through or usual_input(item.name, item.kind)
        parameter = f"{product.name}.{item.key}"
        found.append(
            Carried(item.name, item.kind, item.acts_on or "", through, item.amount is not None, parameter, item)
        )
    return tuple(found)


def _loaded(product: Product, name: str, acts_on: str, through: str | None) -> Carried:
    parameter = f"{product.name}.loaded_copies"
    return Carried(name, "mirna", acts_on, through or usual_input(name, "mirna"), True, parameter)


def copies_per_vesicle(product: Product, carried: Carried, values: Mapping[str, float]) -> float:
    """Copies or molecules in or on a counted particle, for one draw of the parameters.

    Cargo inside a cell that nobody counted has the prior of any miRNA; a ligand that nobody counted has none.

    Parameters
    ----------
    product : Product
        The product.
    carried : Carried
        What it carries, no enzyme.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.

    Raises
    ------
    ValueError
        For an enzyme, of which nobody knows molecules.
    """
    if carried.manner == "enzyme":
        raise ValueError(f"{carried.name} is told by its activity, not by copies")
    if not carried.counted:
        return values["vesicle.copies_not_measured"] if carried.manner == "inside" else 0.0
    amount = values[carried.parameter]
    item = carried.item
    if item is None or not isinstance(item.amount, MassFigure):
        return amount
    assert item.molar_mass is not None
    moles_per_ml = amount * GRAMS_PER_NANOGRAM / (item.molar_mass * DALTONS_PER_KILODALTON)
    return moles_per_ml * AVOGADRO / values[f"{product.name}.concentration"]


def enzyme_per_vesicle(product: Product, carried: Carried, values: Mapping[str, float]) -> float:
    """Activity that a vesicle adds to a papilla cell [U per mg of the cell's protein], for one draw.

    Parameters
    ----------
    product : Product
        The product.
    carried : Carried
        The enzyme.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    """
    if not carried.counted:
        return 0.0
    ratio = values.get(f"{product.name}.particle_to_protein", values["vesicle.particles_per_ug_not_measured"])
    protein = MILLIGRAMS_PER_MICROGRAM / ratio
    return values[carried.parameter] * protein / (values["vesicle.cell_protein"] * MILLIGRAMS_PER_MICROGRAM)


def wnt_share(product: Product, reference: Product, values: Mapping[str, float]) -> float:
    """Wnt on a vesicle over that on one of the reference product, for one draw of the parameters.

    1 where nobody counted and the source carries Wnt, 0 where its source carries none; else copies over copies of
    the reference.

    Parameters
    ----------
    product : Product
        The product.
    reference : Product
        The product for which a therapy's levers are set.
    values : Mapping[str, float]
        Values of the parameters of both.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> native = load_product("adsc-native")
    >>> [wnt_share(load_product(name), native, {}) for name in ("uc-msc", "plant")]
    [1.0, 0.0]
    """
    ligands = [entry for entry in carried_by(product) if entry.manner == "wnt" and entry.counted]
    if not ligands:
        return 1.0 if product.source.carries(WNT) else 0.0
    copies = sum(copies_per_vesicle(product, entry, values) for entry in ligands)
    own = [entry for entry in carried_by(reference) if entry.manner == "wnt" and entry.counted]
    usual = sum(copies_per_vesicle(reference, entry, values) for entry in own) if own else 0.0
    return copies / (usual or values["vesicle.wnt_copies_reference"])


def inputs_of(product: Product) -> tuple[str, ...]:
    """Inputs of the network that a product can occupy: by its source, and by what it carries.

    Parameters
    ----------
    product : Product
        The product.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> inputs_of(load_product("plant")), inputs_of(load_product("adsc-mir-122-5p"))
    (('VESICLE_UPTAKE',), ('VESICLE_MIR122', 'VESICLE_UPTAKE', 'VESICLE_WNT'))
    """
    names = {route.input for route in product.source.routes}
    for entry in carried_by(product):
        if entry.input is not None:
            names.add(entry.input)
    if _wnt_measured_as_none(product):
        names.discard(WNT)
    return tuple(sorted(names))


def _wnt_measured_as_none(product: Product) -> bool:
    """Whether somebody counted Wnt on the vesicles and found none."""
    counts = [
        entry.item.amount.value
        for entry in carried_by(product)
        if entry.manner == "wnt" and entry.item is not None and entry.item.amount is not None
    ]
    return bool(counts) and max(counts) == 0.0
