"""Whether entries of one substance add up to one course, and what keeps them apart where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from anagen.delivery import kinetics_of
from anagen.therapies import Therapy


def never_one(forms: Sequence[tuple[Therapy, str]]) -> str | None:
    """Why ways of giving one substance cannot be added up; None where they can.

    Parameters
    ----------
    forms : Sequence[tuple[Therapy, str]]
        The therapy as it is given in each way, with the route.

    Returns
    -------
    str or None
        What keeps them apart, with what to do.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> by_mouth, on_scalp = THERAPIES["minoxidil"].by("oral"), THERAPIES["minoxidil"]
    >>> never_one([(by_mouth, "oral"), (on_scalp, "topical")]) is None
    True
    >>> never_one([(THERAPIES["dutasteride"], "oral"), (THERAPIES["dutasteride"], "oral")])[:54]
    'dutasteride is not in proportion to its dose, so that '
    """
    if len(forms) == 1:
        return None
    name = forms[0][0].name
    data = [form.kinetics[route] for form, route in forms]
    kinds = [kinetics_of(each) for each in data]
    if not all(kind.in_proportion for kind in kinds):
        return (
            f"{name} is not in proportion to its dose, so that its entries add up only where all are given in one way: "
            "give them the same route, settings and adherence"
        )
    alike = all(kind.saturates is kinds[0].saturates or each == data[0] for kind, each in zip(kinds, data, strict=True))
    pairs = [dict(zip(_exposures_at_half(forms[0][0]), _exposures_at_half(form), strict=False)) for form, _ in forms]
    one_for_one = all(len({first for first, _ in of}) == len(of) for of in pairs)
    if alike and one_for_one and len({_what_moves(form) for form, _ in forms}) == 1:
        return None
    return f"what {name} does differs between its routes, so that their doses cannot be added up; give it by one route"


def _what_moves(therapy: Therapy) -> tuple[object, ...]:
    """What a therapy occupies and moves, apart from the exposures at half of it."""
    occupies = tuple((entry.input, entry.half is None, entry.exposure, entry.reference) for entry in therapy.occupies)
    actions = tuple((replace(action, half=None), action.half is None) for action in therapy.actions)
    return occupies, actions


def _exposures_at_half(therapy: Therapy) -> list[tuple[str, str]]:
    """(exposure, parameter of the exposure at half) of every input and action that has one."""
    return [(e.exposure, e.half) for e in (*therapy.occupies, *therapy.actions) if e.half is not None]
