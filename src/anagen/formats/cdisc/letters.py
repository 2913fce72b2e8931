"""Texts of a study in ASCII, as SAS transport files need them: letters without accents, signs spelt out."""

from __future__ import annotations

import unicodedata

from anagen.core.errors import InputError, Problem

SPELT = {
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "×": "x", "·": "*", "µ": "u", "μ": "u", "²": "2", "³": "3",
    "≥": ">=", "≤": "<=", "±": "+/-", "°": " deg", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "ß": "ss",
    "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d", "α": "alpha", "β": "beta",
    "γ": "gamma", "δ": "delta", "®": "(R)", "™": "(TM)", "\u00a0": " ",
}  # fmt: skip
"""What a sign is written as; accents of other letters are left out."""


def in_ascii(text: str, what: str) -> str:
    """A text in ASCII.

    Parameters
    ----------
    text : str
        Of a study.
    what : str
        Which text it is, for messages.

    Returns
    -------
    str
        On one line.

    Raises
    ------
    InputError
        Naming the letters that have no spelling here.

    Examples
    --------
    >>> in_ascii("Sérum à 5 µg – twice", "title")
    'Serum a 5 ug - twice'
    """
    spelt = "".join(SPELT.get(letter, letter) for letter in text)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))
    if not plain.isascii():
        other = " ".join(dict.fromkeys(letter for letter in plain if not letter.isascii()))
        message = f"holds letters that ASCII has no spelling for: {other}; SAS transport files hold ASCII alone"
        raise InputError([Problem(None, None, None, what, message)])
    return " ".join(plain.split())
