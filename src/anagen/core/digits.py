"""The digits of a number as people read them, wherever it is shown."""

from __future__ import annotations

import math
from numbers import Real

MINUS = "\u2212"
NBSP = "\u00a0"
DASH = "\u2013"
MISSING = "not available"


def is_number(value: object) -> bool:
    """Whether `value` is a finite number; a truth value and text are none.

    >>> is_number(2.5), is_number(float("nan")), is_number(True), is_number("2")
    (True, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def significant(value: object, digits: int = 4, *, signed: bool = False) -> str:
    """Number with at most `digits` significant digits, thousands separated, powers of ten outside 1e-3 to 1e6.

    >>> significant(0.0003), significant(753.04), significant(1e10), significant(2, signed=True)
    ('3×10⁻⁴', '753', '1×10¹⁰', '+2')
    """
    if not is_number(value):
        return MISSING
    x = float(value)  # type: ignore[arg-type]
    if x == 0:
        return "0"
    mantissa, exponent = f"{abs(x):.{digits - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 6:
        text = f"{float(f'{abs(x):.{digits - 1}e}'):,.{max(0, digits - 1 - power)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        text = f"{mantissa}×10{raised}"
    return (MINUS if x < 0 else "+" if signed else "") + text
