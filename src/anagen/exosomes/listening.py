"""What of a product's cargo nothing listens to, and which inputs of a network it leaves empty, in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from anagen.exosomes.cargo import usual_input, why_not
from anagen.exosomes.carried import Carried, carried_by, inputs_of
from anagen.exosomes.product import Product

VESICLE_INPUT = "VESICLE_"
Listening = Mapping[str, Collection[str]]
"""Input of a network -> edges of positive weight that leave it."""


def cargo_warnings(product: Product, listening: Listening) -> tuple[str, ...]:
    """Cargo that moves nothing, each with why and with what to write.

    Parameters
    ----------
    product : Product
        Everything that it carries is looked at.
    listening : Listening
        Of the network.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> cargo_warnings(load_product("adsc-native"), {"VESICLE_MIR122": ["VESICLE_MIR122->MIR122"]})
    ()
    >>> cargo_warnings(load_product("dermal-papilla"), {})[0][-86:]
    'such as acts_through = "VESICLE_MIR218", and give that input an edge in a network file'
    """
    return tuple(
        f"{entry.name} moves nothing: {reason}"
        for entry in carried_by(product)
        for reason in [silence_of(entry, listening)]
        if reason is not None
    )


def silence_of(entry: Carried, listening: Listening) -> str | None:
    """Why one thing that is carried moves nothing; None where an edge listens to it.

    Parameters
    ----------
    entry : Carried
        What is carried.
    listening : Listening
        Of the network.
    """
    if entry.input is None:
        known = why_not(entry.name, entry.kind)
        example = f'such as acts_through = "{_example(entry.name)}", and give that input an edge in a network file'
        reason = f"{known}; it" if entry.item is not None else "it"
        return f"{reason} names no input of the network that it acts through, {example}"
    if entry.input not in listening:
        return (
            f"the network has no input {entry.input}; add [input.{entry.input}] and an edge from it in a network file "
            "that the study names"
        )
    if not listening[entry.input]:
        assumed = entry.input == usual_input(entry.name, entry.kind)
        known = f"{why_not(entry.name, entry.kind)}; " if assumed else ""
        return f"{known}no edge of positive weight leaves {entry.input}"
    return None


def _example(name: str) -> str:
    """Name that an input for this cargo could have."""
    return f"VESICLE_{re.sub(r'[^A-Z0-9]', '', re.sub(r'-[35]p$', '', name).upper())}"


def empty_inputs(product: Product, listening: Listening) -> dict[str, str]:
    """Inputs for vesicles that edges listen to and that a product leaves empty, each with why.

    Parameters
    ----------
    product : Product
        Its source and its cargo say what it occupies.
    listening : Listening
        Of the network, as in `cargo_warnings`.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> list(empty_inputs(load_product("plant"), {"VESICLE_WNT": ["VESICLE_WNT->WNT"]}))
    ['VESICLE_WNT']
    """
    occupied = inputs_of(product)
    absent = product.source.absent
    return {
        name: absent.get(name, "nothing in the file acts through it")
        for name, edges in listening.items()
        if name.startswith(VESICLE_INPUT) and edges and name not in occupied
    }
