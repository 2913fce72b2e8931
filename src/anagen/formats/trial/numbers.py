"""Numbers and dates as people write them: decimal sign, thousands, codes of missing values and order of dates are found
over whole columns, and asked for where they cannot be.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from anagen.core.errors import InputError, Problem

MISSING = (
    "",
    "na",
    "n/a",
    "nan",
    ".",
    "-",
    "--",
    "nd",
    "n.d.",
    "n.a.",
    "k.a.",
    "k. a.",
    "missing",
    "null",
    "none",
    "#n/a",
    "?",
)
"""How people write that a value is missing, in small letters."""
DECIMALS = ("point", "comma")
ORDERS = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY")
_NUMERIC = re.compile(r"[+-]?(?:\d[\d ., '\u00a0\u202f]*|[.,]\d+)(?:[eE][+-]?\d+)?")
_ONE_GROUP = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_NAMED = re.compile(r"(\d{1,2})[- /.]?([A-Za-z]{3})[A-Za-z]*[- /.]?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def is_missing(text: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a cell says that a value is missing.

    Examples
    --------
    >>> is_missing("N/A"), is_missing("0"), is_missing("-99", ("-99",))
    (True, False, True)
    """
    return text.strip().lower() in MISSING or text.strip() in more


def is_numeric(text: str) -> bool:
    """Whether a cell looks like a number, with whatever decimal sign.

    Examples
    --------
    >>> is_numeric("1.234,5"), is_numeric("12 weeks")
    (True, False)
    """
    return _NUMERIC.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class Style:
    """How the numbers of a file are written.

    Attributes
    ----------
    decimal : str
        "." or ",".
    missing : tuple[str, ...]
        Codes of missing values beside the usual ones.
    told : tuple[str, ...]
        How that was found, in sentences.
    """

    decimal: str
    missing: tuple[str, ...]
    told: tuple[str, ...]

    def number(self, text: str) -> float:
        """The number of a cell; not a number where it is missing.

        Raises
        ------
        ValueError
            Where it is no number.
        """
        if is_missing(text, self.missing):
            return math.nan
        if not is_numeric(text):
            raise ValueError(text)
        other = "," if self.decimal == "." else "."
        whole, sign, part = text.strip().partition(self.decimal)
        groups = re.split(rf"[{other} '\u00a0\u202f]", whole)
        grouped = len(groups) == 1 or (1 <= len(groups[0].lstrip("+-")) <= 3 and all(len(g) == 3 for g in groups[1:]))
        if not grouped or (sign and not re.fullmatch(r"\d*(?:[eE][+-]?\d+)?", part)):
            raise ValueError(text)
        return float("".join(groups) + ("." + part if sign else ""))


def style_of(cells: Iterable[tuple[int, str]], file: str, decimal: str = "", missing: tuple[str, ...] = ()) -> Style:
    """How the numbers of some columns are written.

    Parameters
    ----------
    cells : iterable of (int, str)
        Line and text of each cell that holds a number.
    file : str
        Name of the file in messages.
    decimal : str
        "point" or "comma", where the user says it.
    missing : tuple[str, ...]
        Codes of missing values beside the usual ones.

    Returns
    -------
    Style
        With what was found, in sentences.

    Raises
    ------
    InputError
        Where the decimal sign cannot be told, or two are used.

    Examples
    --------
    >>> style_of([(2, "12,5"), (3, "1.250,0")], "a.csv").number("1.250,0")
    1250.0
    """
    seen: dict[str, tuple[int, str]] = {}
    unsure: dict[str, tuple[int, str]] = {}
    codes: Counter[str] = Counter()
    grouped = found = False
    for line, text in cells:
        if is_missing(text, missing):
            codes[text.strip()] += 1
            continue
        if not is_numeric(text):
            continue
        found = True
        marks = [mark for mark in ".," if mark in text]
        grouped = grouped or len(marks) == 2 or bool(re.search(r"\d[ '\u00a0\u202f]\d{3}", text))
        if len(marks) == 2:
            seen.setdefault(max(marks, key=text.rindex), (line, text))
        elif len(marks) == 1 and text.count(marks[0]) > 1:
            seen.setdefault("," if marks[0] == "." else ".", (line, text))
            grouped = True
        elif len(marks) == 1:
            (unsure if _ONE_GROUP.fullmatch(text.strip()) else seen).setdefault(marks[0], (line, text))
    told = (
        [f"Missing values: {', '.join(f'{code or chr(34) * 2} ({n})' for code, n in codes.items())}."] if codes else []
    )
    if decimal:
        if decimal not in DECIMALS:
            raise InputError([Problem(file, None, None, "decimal", f"{decimal!r} is no decimal sign", DECIMALS)])
        return Style("." if decimal == "point" else ",", missing, (f"Decimal sign: {decimal} (as said).", *told))
    if len(seen) == 2:
        (line, one), (other, two) = seen["."], seen[","]
        message = f"has {one!r} in line {line} and {two!r} here: two decimal signs; write all numbers alike"
        raise InputError([Problem(file, other, None, "", message)])
    if not seen and "," in unsure:
        line, text = unsure[","]
        message = (
            f"{text!r} can be a decimal comma or a thousands separator; say which in the table: file,decimal,comma"
        )
        raise InputError([Problem(file, line, None, "", message, DECIMALS)])
    if not found:
        return Style(".", missing, ("Decimal sign: not looked for, as no column is known to hold numbers.", *told))
    sign = next(iter(seen), ".")
    words = f"Decimal sign: {'point' if sign == '.' else 'comma'}"
    words += "" if seen else ", as no comma is there" if "." in unsure else "; all numbers are whole"
    words += ", with separators of thousands" if grouped or (seen and any(mark != sign for mark in unsure)) else ""
    return Style(sign, missing, (f"{words}.", *told))


def order_of(cells: Iterable[tuple[int, str]], file: str, asked: str = "") -> tuple[str, list[str]]:
    """Order of day, month and year in a column of dates, and a sentence on how it was found.

    Parameters
    ----------
    cells : iterable of (int, str)
        Line and text of each.
    file : str
        Name of the file in messages.
    asked : str
        The order, where the user says it.

    Returns
    -------
    order : str
        Of ORDERS.
    told : list[str]
        A sentence.

    Raises
    ------
    InputError
        Where it cannot be told, or two orders are used.

    Examples
    --------
    >>> order_of([(2, "03/04/2024"), (3, "25/04/2024")], "a.csv")[0]
    'DD/MM/YYYY'
    """
    if asked:
        if asked.upper() not in ORDERS:
            raise InputError([Problem(file, None, None, "dates", f"{asked!r} is no order of dates", ORDERS)])
        return asked.upper(), [f"Dates: {asked.upper()} (as said)."]
    firsts: tuple[int, str] | None = None
    seconds: tuple[int, str] | None = None
    unsure: tuple[int, str] | None = None
    for line, text in cells:
        match = _SLASHED.fullmatch(text.strip())
        if match is None:
            continue
        if int(match[1]) > 12:
            firsts = firsts or (line, text)
        elif int(match[2]) > 12:
            seconds = seconds or (line, text)
        else:
            unsure = unsure or (line, text)
    if firsts is not None and seconds is not None:
        message = f"{firsts[1]!r} in line {firsts[0]} and {seconds[1]!r} here have days and months in two orders"
        raise InputError([Problem(file, seconds[0], None, "", message)])
    if firsts is not None:
        return ORDERS[1], [f"Dates: {ORDERS[1]}, by {firsts[1]} in line {firsts[0]}."]
    if seconds is not None:
        return ORDERS[2], [f"Dates: {ORDERS[2]}, by {seconds[1]} in line {seconds[0]}."]
    if unsure is not None:
        message = (
            f"{unsure[1]!r} can be day/month or month/day, as all others; say in the table: file,dates,{ORDERS[1]}"
        )
        raise InputError([Problem(file, unsure[0], None, "", message, ORDERS)])
    return ORDERS[0], [f"Dates: {ORDERS[0]}, or with the month in letters."]


def date_of(text: str, order: str) -> datetime.date:
    """The date of a cell.

    Raises
    ------
    ValueError
        Where it is none.

    Examples
    --------
    >>> date_of("03/04/2024", "DD/MM/YYYY").isoformat(), date_of("3APR2024", "YYYY-MM-DD").isoformat()
    ('2024-04-03', '2024-04-03')
    """
    text = text.strip()
    if (match := _ISO.fullmatch(text)) is not None:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _NAMED.fullmatch(text)) is not None and match[2].lower() in _MONTHS:
        return datetime.date(int(match[3]), 1 + _MONTHS.index(match[2].lower()), int(match[1]))
    if (match := _SLASHED.fullmatch(text)) is not None:
        day, month = (match[1], match[2]) if order == ORDERS[1] else (match[2], match[1])
        return datetime.date(int(match[3]), int(month), int(day))
    raise ValueError(text)
