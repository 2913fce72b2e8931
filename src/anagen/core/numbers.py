"""Numbers that users give to functions: what they may be, and the most that each can be."""

from __future__ import annotations

import math
import operator

from anagen.core.errors import InputError, Problem

MAX_SEED = 2**32 - 1
MOST_PATIENTS = MOST_REPLICATES = 1_000_000
MOST_DRAWS = MOST_POINTS = MOST_SAMPLES = MOST_REFERENCE = 100_000
MOST_DATA_SETS = MOST_COUNTED = 10_000
MOST_DOSES = 1_000_000_000
MOST_WORKERS = 1024
"""Nobody needs more, and a slip of the keyboard ends at once in place of filling the memory."""
MOST_WEEKS = 1040.0
"""Twenty years: nothing longer has been published for hair, and tables of the simulation are daily."""


def whole(field: str, value: object, least: int, most: int) -> int:
    """A whole number within its bounds.

    Parameters
    ----------
    field : str
        Name of the argument, for the message.
    value : object
        A Python or NumPy number; 12.0 is a whole number, as in a file.
    least : int
        Smallest right number.
    most : int
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
    >>> whole("draws", 20, 0, 100), whole("draws", 6.0, 0, 100)
    (20, 6)
    """
    plain = _plain(value)
    number = int(plain) if isinstance(plain, float) and plain.is_integer() else plain
    if not isinstance(number, int) or not least <= number <= most:
        raise _wrong(field, plain, f"a whole number from {least} to {most}")
    return number


def real(field: str, value: object, least: float, most: float) -> float:
    """A finite number within its bounds.

    Parameters
    ----------
    field : str
        Name of the argument, for the message.
    value : object
        A Python or NumPy number.
    least : float
        Smallest right number.
    most : float
        Largest right number.

    Returns
    -------
    float
        The number.

    Raises
    ------
    InputError
        Where it is no number, not finite or out of bounds.

    Examples
    --------
    >>> real("weeks", 48, 4.0, 520.0)
    48.0
    """
    plain = _plain(value)
    if not isinstance(plain, int | float) or not least <= plain <= most:
        raise _wrong(field, plain, f"a number from {least:g} to {most:.10g}")
    return float(plain)


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


def _plain(value: object) -> object:
    """A number as Python has it: true and false are none, a whole number of any library is an int."""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return str(value)
    if isinstance(value, float):
        return float(value)
    try:
        return operator.index(value)  # pyright: ignore[reportArgumentType]
    except TypeError:
        # a number of NumPy of another width than Python's
        return float(value) if hasattr(value, "__float__") and not hasattr(value, "__len__") else value  # pyright: ignore[reportArgumentType]


def _wrong(field: str, value: object, expected: str) -> InputError:
    from anagen.core.reading import shown

    got = f"{value:g}" if isinstance(value, float) and not math.isfinite(value) else shown(value)
    return InputError([Problem(None, None, None, field, f"must be {expected}, got {got}")])
