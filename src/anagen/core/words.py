"""Numbers in words: a count with its noun."""

from __future__ import annotations


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """A number with its noun, in the singular where it is one.

    Parameters
    ----------
    number : float
        How many; whole numbers of a thousand and more have commas.
    noun : str
        In the singular; the last word is the one that takes the plural.
    plural : str, optional
        The plural where it is not the noun with an s.

    Examples
    --------
    >>> counted(1, "session"), counted(3, "session"), counted(2, "batch", "batches"), counted(1200, "vessel")
    ('1 session', '3 sessions', '2 batches', '1,200 vessels')
    """
    amount = f"{int(number):,}" if float(number).is_integer() else f"{number:g}"
    return f"{amount} {noun if number == 1 else plural or f'{noun}s'}"


def be(number: float) -> str:
    """The verb that goes with a number.

    Examples
    --------
    >>> be(1), be(2)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"
