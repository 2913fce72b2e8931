"""Names of conditions: studies say `aa`, the network `alopecia_areata`; both are understood everywhere."""

from __future__ import annotations

from collections.abc import Collection

from anagen.core.errors import Problem
from anagen.core.reading import nearest, shown
from anagen.patients import CONDITIONS


def condition_names(known: Collection[str]) -> dict[str, str]:
    """Every name by which a condition of a network may be called.

    Parameters
    ----------
    known : Collection[str]
        Conditions of the network.

    Returns
    -------
    dict[str, str]
        Name in study files or in the network -> name in the network.

    Examples
    --------
    >>> condition_names(["aga", "alopecia_areata"])
    {'aga': 'aga', 'aa': 'alopecia_areata', 'alopecia_areata': 'alopecia_areata'}
    """
    short = {name: entry.network for name, entry in CONDITIONS.items() if entry.network in known}
    return short | {name: name for name in known}


def condition_named(name: str, known: Collection[str]) -> str | Problem:
    """A condition as the network names it.

    Parameters
    ----------
    name : str
        As the network or a study file names it.
    known : Collection[str]
        Conditions of the network.

    Returns
    -------
    str or Problem
        A problem without a place, with the nearest right spelling, where there is no such condition.

    Examples
    --------
    >>> condition_named("aa", ["aga", "alopecia_areata"])
    'alopecia_areata'
    >>> condition_named("alopecia", ["aga", "alopecia_areata"]).suggestion
    'alopecia_areata'
    """
    names = condition_names(known)
    if name in names:
        return names[name]
    return Problem(
        None, None, None, "condition", f"unknown condition {shown(name)}", tuple(names), nearest(name, names)
    )
