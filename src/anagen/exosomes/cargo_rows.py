"""Cargo beside miRNA in the check of a product: what was measured, what of it reaches a papilla cell, what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anagen.exosomes.cargo import WNT, why_not
from anagen.exosomes.carried import Carried, carried_by, copies_per_vesicle, enzyme_per_vesicle
from anagen.exosomes.potency import spread_of
from anagen.exosomes.product import Product
from anagen.exosomes.stoichiometry import copies_delivered, vesicles_per_papilla_cell

ASKED = ("VEGF", "IGF-1", "TGF-beta 1", "catalase", "superoxide dismutase")
"""Cargo that makers and reviews speak of, so that its absence from a file is told."""


def cargo_rows(product: Product, drawn: Sequence[Mapping[str, float]]) -> tuple[tuple[str, str], ...]:
    """Other cargo with what was found and what it means; cargo that nobody measured is told as such.

    Parameters
    ----------
    product : Product
        The product.
    drawn : Sequence[Mapping[str, float]]
        Values of its parameters, the central ones first.
    """
    entries = [entry for entry in carried_by(product) if entry.item is not None]
    rows = [(entry.name, f"{_found(entry)}; {_delivered(product, entry, drawn)}") for entry in entries]
    named = {entry.name.casefold() for entry in entries}
    wnt = any(entry.manner == "wnt" for entry in entries)
    if not wnt:
        rows.append(("surface Wnt", f"not measured; {_usual_wnt(product)}"))
    rows += [(name, "not measured") for name in ASKED if name.casefold() not in named]
    return tuple(rows)


def _usual_wnt(product: Product) -> str:
    if product.source.carries(WNT):
        return "taken as much as on the reference product; a surface ligand needs no uptake and no escape"
    return f"taken as none: {product.source.absent.get(WNT, 'this source is not known to carry it')}"


def _found(entry: Carried) -> str:
    amount = None if entry.item is None else entry.item.amount
    return "not measured" if amount is None else f"{amount.value:g} {amount.unit} ({amount.basis})"


def _delivered(product: Product, entry: Carried, drawn: Sequence[Mapping[str, float]]) -> str:
    """What reaches a papilla cell of a session, and whether that does anything."""
    if not entry.counted:
        return why_not(entry.name, entry.kind) if entry.input is None else f"would act through {entry.input}"
    if entry.manner == "wnt":
        usual = drawn[0]["vesicle.wnt_copies_reference"]
        return f"acts through {entry.input} in proportion to {usual:g} copies on the reference product"

    def reaches(values: Mapping[str, float]) -> float:
        vesicles = vesicles_per_papilla_cell(values[f"{product.name}.dose"], values)
        vesicles *= values.get(f"{product.name}.uptake", 1.0)
        if entry.manner == "enzyme":
            return enzyme_per_vesicle(product, entry, values) * vesicles
        copies = copies_per_vesicle(product, entry, values)
        return copies_delivered(values["vesicle.escape"] if entry.manner == "inside" else 1.0, copies, vesicles)

    unit = {"enzyme": "U/mg of its protein", "inside": "copies inside"}.get(entry.manner, "molecules at its surface")
    spread = spread_of([reaches(values) for values in drawn])
    brought = f"a papilla cell gets {spread.central:.2g} ({spread.low:.2g} to {spread.high:.2g}) {unit} of a session"
    if entry.manner == "inside":
        brought += f", where it acts from {drawn[0]['vesicle.gate_copies']:g} on"
    if entry.input is None:
        return f"{brought}; moves nothing: {why_not(entry.name, entry.kind)}"
    return f"{brought}; acts through {entry.input}"
