"""Names that had another name in earlier versions, so that an error can say the present one."""

from __future__ import annotations

LEVERS = {
    "anagen_brake": "anagen_extension",
    "resting_clock": "telogen_exit",
    "calibre_boost": "calibre_gain",
    "attack": "immune_attack",
}
"""Old name of a lever, and of the parameter of a therapy that moves it -> the present one."""


def present_name(name: str) -> str | None:
    """The present name of a lever or of a parameter named after one; None where it had no other name.

    Parameters
    ----------
    name : str
        As it stands in a file: a lever or ``<therapy>.<lever>``.

    Returns
    -------
    str or None
        What to write in its place.

    Examples
    --------
    >>> present_name("exosome.resting_clock")
    'exosome.telogen_exit'
    >>> present_name("calibre_gain") is None
    True
    """
    prefix, dot, last = name.rpartition(".")
    return prefix + dot + LEVERS[last] if last in LEVERS else None
