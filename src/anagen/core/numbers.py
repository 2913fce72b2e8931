"""Numbers that users give to functions."""

from __future__ import annotations

import operator

from anagen.core.errors import InputError, Problem
from anagen.core.streams import MAX_SEED


def whole(field: str, value: object, least: int, most: int | None = None) -> int:
    """A whole number within its bounds.

    Parameters
    ----------
    field : str
        Name of the argument, for the message.
    value : object
        A Python or NumPy integer.
    least : int
        Smallest right number.
    most : int, optional
        Largest right number.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        Where it is no whole number or out of bounds.

    Examples
    --------
    >>> whole("draws", 20, 0)
    20
    """
    bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
    try:
        number = operator.index(value)  # pyright: ignore[reportArgumentType]
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least or (most is not None and number > most):
        raise InputError([Problem(None, None, None, field, f"must be a whole number {bounds}, got {value!r}")])
    return number


def seed_of(value: object) -> int:
    """A seed: a whole number from 0 to 2**32 - 1.

    Parameters
    ----------
    value : object
        A Python or NumPy integer.

    Returns
    -------
    int
        The seed.

    Raises
    ------
    InputError
        Where it is none.
    """
    return whole("seed", value, 0, MAX_SEED)
