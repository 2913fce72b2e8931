"""Numbers as people read them, the same in the terminal, on a page and in a picture.

An estimate has as many decimals as give two significant digits of its standard error (`decimals_for`), and so have the
ends of its interval. Any other number has four significant digits (`significant`). A p value has three decimals below
0.1 and two above (`p_text`). A minus is a minus sign, not a hyphen. JSON and CSV hold the numbers themselves.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.digits import DASH, MINUS, MISSING, NBSP, is_number, significant
from anagen.core.words import counted

if TYPE_CHECKING:
    import pandas as pd


def decimals_for(uncertainty: object, value: object = None) -> int:
    """Decimals that give two significant digits of the uncertainty (of a third of the value without one), at most
    three decimals unless they would hide it.

    >>> decimals_for(3.5), decimals_for(0.012), decimals_for(41.0)
    (1, 3, 0)
    """
    scale = abs(float(uncertainty)) if is_number(uncertainty) else 0.0  # type: ignore[arg-type]
    if scale == 0.0 and is_number(value):
        scale = abs(float(value)) / 3.0  # type: ignore[arg-type]
    if scale == 0.0:
        return 1
    needed = max(0, 1 - math.floor(math.log10(scale) + 1e-9))
    return min(needed, 3) if scale >= 0.001 else min(needed, 6)


def number(value: object, decimals: int = 1, *, signed: bool = False) -> str:
    """Number with fixed decimals, a true minus sign and, when `signed`, a plus sign.

    >>> number(8.04, 1, signed=True), number(float("nan"))
    ('+8.0', 'not available')
    """
    if not is_number(value):
        return MISSING
    rounded = round(float(value), decimals)  # type: ignore[arg-type]
    if rounded == 0:
        return f"{0:.{decimals}f}"
    text = f"{abs(rounded):,.{decimals}f}"
    return (MINUS if rounded < 0 else "+" if signed else "") + text


def interval(low: object, high: object, decimals: int | None = 1, *, signed: bool = True) -> str:
    """Interval in words, "low to high"; to four significant digits where `decimals` is None.

    >>> interval(-1.0, 2.0), interval(0.5, 1234.56, None, signed=False)
    ('−1.0 to +2.0', '0.5 to 1,235')
    """
    if not (is_number(low) and is_number(high)):
        return MISSING
    if decimals is None:
        return f"{significant(low, signed=signed)} to {significant(high, signed=signed)}"
    return f"{number(low, decimals, signed=signed)} to {number(high, decimals, signed=signed)}"


BAND_COLUMNS = ("parameter_low", "parameter_high")
"""Columns of the tables of arms and of safety that hold the ends of a band."""


def has_band(draws: int) -> bool:
    """Whether so many parameter draws have a band that people are told."""
    return draws >= LEAST_DRAWS


def for_people(table: pd.DataFrame, draws: int, *columns: str) -> pd.DataFrame:
    """The table as people read it: without the ends of bands where there are too few draws for one.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    draws : int
        Parameter draws behind it.
    *columns : str
        Columns that hold the ends of bands.

    Returns
    -------
    pandas.DataFrame
        The same table where there are draws enough, otherwise a copy in which these columns are NaN.
    """
    return table if has_band(draws) else table.assign(**dict.fromkeys(columns, math.nan))


def no_band(draws: int) -> str:
    """That there are too few draws for a band.

    >>> no_band(2), no_band(0)
    ('no band: 2 draws', 'no band: no draws')
    """
    return f"no band: {counted(draws, 'draw') if draws else 'no draws'}"


def is_figure(text: str) -> bool:
    """Whether a text is a number, a number with its range, or what stands for one: a dash, none, no band.

    >>> is_figure("+8.1 (−1.0 to +17)"), is_figure(no_band(2)), is_figure(DASH), is_figure("2 draws")
    (True, True, True, False)
    """
    bare = re.sub(r"\b(to|of|none)\b", "", text)
    return (
        text in (DASH, "none")
        or text.startswith("no band: ")
        or (any(c.isdigit() for c in bare) and not any(c.isalpha() for c in bare))
    )


def with_unit(text: str, unit: str) -> str:
    """Number and unit with a space that does not break, none when there is no unit."""
    return f"{text}{NBSP}{unit}" if unit else text


def p_text(p: object) -> str:
    """P value as journals print it: three decimals below 0.1, two above, and none closer to 0 or 1 than that tells.

    >>> p_text(0.0004), p_text(0.0213), p_text(0.584), p_text(0.998), p_text(None)
    ('p < 0.001', 'p = 0.021', 'p = 0.58', 'p > 0.99', 'p not available')

    References
    ----------
    AMA Manual of Style, 11th edition, section 19.5, "P value".
    """
    if not is_number(p):
        return "p not available"
    x = float(p)  # type: ignore[arg-type]
    if x < 0.001:
        return "p < 0.001"
    if x > 0.994999:
        return "p > 0.99"
    return f"p = {x:.3f}" if x < 0.0995 else f"p = {x:.2f}"


def percent(share: object, decimals: int = 0) -> str:
    """Share as per cent.

    >>> percent(0.954).replace(NBSP, " ")
    '95 %'
    """
    return f"{number(100.0 * float(share), decimals)}{NBSP}%" if is_number(share) else MISSING  # type: ignore[arg-type]
