"""Quantities with a unit, read from text at the boundary; inside the package numbers are plain."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from anagen.core.errors import InputError, Problem

if TYPE_CHECKING:
    from pint import UnitRegistry

PARTICLES = "particles"
CANONICAL_UNITS = (
    "mg",
    "mL",
    PARTICLES,
    "cm^2",
    "percent",
    "week",
    "mg/mL",
    "um",
    "mm/day",
    "FU/cm^2",
    "J/cm^2",
    "U",
)
"""The units in which this package keeps values; text in one of them needs no conversion."""

_EXAMPLES = {
    "mg": "5 mg",
    "mL": "1 mL",
    PARTICLES: "1e10 particles",
    "cm^2": "1 cm^2",
    "percent": "5 %",
    "week": "12 weeks",
    "mg/mL": "50 mg/mL",
    "um": "60 um",
    "mm/day": "0.35 mm/day",
    "FU/cm^2": "30 FU/cm^2",
    "J/cm^2": "67 J/cm^2",
    "U": "150 U",
}
_DIMENSIONS = {
    "[mass]": "a mass",
    "[length]": "a length",
    "[length] ** 2": "an area",
    "[length] ** 3": "a volume",
    "[time]": "a time",
    "[mass] / [length] ** 3": "a concentration",
    "[length] / [time]": "a speed",
    "[particle]": "a number of particles",
    "[particle] / [length] ** 3": "a number of particles per volume",
    "[particle] / [length] ** 2": "a number of particles per area",
    "[follicular_unit]": "a number of follicular units",
    "[follicular_unit] / [length] ** 2": "a number of follicular units per area",
    "[mass] / [time] ** 2": "an energy per area",
    "[substance] / [time]": "an activity in units",
    "[temperature]": "a temperature",
    "dimensionless": "a number without a unit",
}
_COMMON_WORDS = ("mg", "ug", "g", "kg", "mL", "uL", "L", "cm^2", "mm^2", "in^2", "particles", "vesicles", "exosomes",
                 "FU", "percent", "day", "week", "month", "year", "um", "mm", "cm")  # fmt: skip

# Only these shapes reach the unit library: an expression such as 9**9**9 would keep it busy for ever.
_QUANTITY = re.compile(r"\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)\s*(?P<unit>\D.*)?", re.DOTALL)
_UNIT = re.compile(r"[A-Za-zµμÅ]+(?:\^-?\d)?(?:\s*[*/ ]\s*[A-Za-zµμÅ]+(?:\^-?\d)?){0,3}")
_PLURAL = frozenset({"day", "week", "month", "year", "hour"})
"""Units that people write in the plural."""
_UNITS = re.compile(r"(?:international\s+)?units?|IU", re.IGNORECASE)
"""Units of activity in words; the unit library would take "units" for a luminance, micro-nit."""
_LONGEST = 60
_REST = r"(?P<rest>(?:[^\d.,].*)?)"
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "mio": 6, "mrd": 9, "bn": 9}


def _power(match: re.Match[str]) -> str:
    exponent = int(match["power"].translate(_DIGITS))
    factor = "1" if match["factor"] is None else match["factor"].replace(",", ".")
    return f"{factor}e{exponent} {match['rest']}"


def _either(match: re.Match[str]) -> str:
    number, rest = match["number"], match["rest"].strip()
    plain, point = number.replace(",", ""), number.replace(",", ".")
    return (
        f"can be read in two ways: a comma is not read in a number; write {plain} {rest} if it marks thousands, "
        f"{point} {rest} if it marks decimals"
    )


_Spelling = tuple[re.Pattern[str], Callable[[re.Match[str]], str], Callable[[re.Match[str]], str]]
_SPELLINGS: tuple[_Spelling, ...] = (
    (
        re.compile(
            r"\s*(?:(?P<factor>\d+(?:[.,]\d+)?)\s*[x×*·]\s*)?10\s*(?:\^|\*\*|(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]))\s*"
            rf"(?P<power>[-⁻]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}){_REST}",
            re.DOTALL,
        ),
        _power,
        lambda match: f"holds a power of ten; write it with e, as in {_power(match).split(maxsplit=1)[0]}",
    ),
    (
        re.compile(rf"\s*(?P<number>[-+]?[1-9]\d{{0,2}},\d{{3}}){_REST}", re.DOTALL),
        lambda match: f"{match['number'].replace(',', '')} {match['rest']}",
        _either,
    ),
    (
        re.compile(rf"\s*(?P<number>[-+]?[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?){_REST}", re.DOTALL),
        lambda match: f"{match['number'].replace(',', '')} {match['rest']}",
        lambda _: "has commas between thousands; a number is written without",
    ),
    (
        re.compile(rf"\s*(?P<number>[-+]?\d{{1,3}}(?:[ '’\u00a0\u202f]\d{{3}})+){_REST}", re.DOTALL),
        lambda match: f"{re.sub(r'[^-+0-9]', '', match['number'])} {match['rest']}",
        lambda _: "has marks between thousands; a number is written without",
    ),
    (
        re.compile(rf"\s*(?P<number>[-+]?\d{{1,3}}(?:\.\d{{3}})*,\d+(?:[eE][-+]?\d+)?){_REST}", re.DOTALL),
        lambda match: f"{match['number'].replace('.', '').replace(',', '.')} {match['rest']}",
        lambda _: "has a comma in its number; decimals are marked by a point",
    ),
    (
        re.compile(rf"\s*(?P<number>[-+]?\d+(?:\.\d+)?)\s*(?P<word>{'|'.join(_WORDS)})\b{_REST}", re.DOTALL | re.I),
        lambda match: f"{match['number']}e{_WORDS[match['word'].lower()]} {match['rest']}",
        lambda match: (
            f"has a number in words; write it with e, as in {match['number']}e{_WORDS[match['word'].lower()]}"
        ),
    ),
)


@cache
def unit_registry() -> UnitRegistry[Any]:
    """The unit library with the units of products and of grafts; built when first needed because that takes time."""
    import pint

    registry: UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)
    registry.define("particle = [particle]")
    registry.define("@alias particle = vesicle = exosome")
    registry.define("follicular_unit = [follicular_unit] = FU = graft")
    registry.define("endotoxin_unit = [endotoxin] = EU = IU")
    registry.define("colony_forming_unit = [colony] = CFU")
    registry.define("osmole = [osmotic_amount] = Osm = osmol = Osmol = osm")
    registry.define("container = [container] = vial")
    registry.define("dose = [dose]")
    return registry


def quantity_example(unit: str) -> str:
    """A quantity that `parse_quantity` accepts for this unit.

    Examples
    --------
    >>> quantity_example("particles")
    '1e10 particles'
    """
    return _EXAMPLES.get(unit, f"1 {unit}")


def parse_quantity(text: str, unit: str) -> float:
    """Value of a quantity such as "1e10 particles", converted to `unit`.

    Parameters
    ----------
    text : str
        A number, then a unit ("0.5 mg", "1 mL", "5.07 cm^2", "5.07 cm2", "5 %", "1e10 particles").
    unit : str
        The unit of the result.

    Returns
    -------
    float
        A finite number in `unit`.

    Raises
    ------
    InputError
        With one problem without file and field, where the number or the unit cannot be read or the unit has another
        dimension.

    Examples
    --------
    >>> parse_quantity("500 ug", "mg"), parse_quantity("1 in^2", "cm^2")
    (0.5, 6.4516)
    >>> parse_quantity("2e9 vesicles", "particles")
    2000000000.0
    """
    if len(text) <= _LONGEST:
        _refuse_other_spelling(text, unit)
    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise _error(f"{_shown(text)} is not a quantity; expected {_expected(unit)}")
    number = float(match["number"])
    if not math.isfinite(number):
        raise _error(f"{_shown(text)} is too large a number; expected {_expected(unit)}")
    written = (match["unit"] or "").strip()
    if not written and unit != "":
        raise _error(
            f"{_shown(text)} has no unit; expected {_expected(unit)}", suggestion=with_unit(number, unit, text.strip())
        )
    if unit == "U" and _UNITS.fullmatch(written):
        words = f"{_shown(text)} has its unit in words; expected {_expected(unit)}"
        raise _error(words, suggestion=f"{match['number']} U")
    spelled = _normalised(written)
    # a plural of a word ("28 days") needs no unit library
    if spelled in (unit, f"{unit}s" if unit in _PLURAL else unit) or (written == "%" and unit == "percent"):
        return number
    return _converted(text, number, spelled, unit)


def with_unit(number: float, unit: str, text: str | None = None) -> str:
    """What was probably meant by a number without its unit; a share is a percentage of a hundred.

    Parameters
    ----------
    number : float
        The number.
    unit : str
        The unit that is missing.
    text : str, optional
        The number as it was written.

    Returns
    -------
    str
        A quantity.

    Examples
    --------
    >>> with_unit(0.95, "percent"), with_unit(30, "week")
    ('95 %', '30 week')
    """
    if unit == "percent":
        return f"{100.0 * number if 0.0 < number <= 1.0 else number:.10g} %"
    return f"{f'{number:g}' if text is None else text} {unit}"


def _refuse_other_spelling(text: str, unit: str) -> None:
    """Refuses numbers as other programs and people write them, with what is read instead."""
    for pattern, respelt, fault in _SPELLINGS:
        match = pattern.fullmatch(text)
        if match is not None:
            meant = respelt(match).split()
            words = f"{_shown(text)} {fault(match)}; expected {_expected(unit)}"
            raise _error(words, suggestion=" ".join(meant if meant[1:] else [*meant, unit]))


def describe_dimension(dimensionality: str) -> str:
    """A physical dimension in plain words.

    Examples
    --------
    >>> describe_dimension("[length] ** 3")
    'a volume'
    """
    return _DIMENSIONS.get(dimensionality, "a quantity of another kind")


def _converted(text: str, number: float, written: str, unit: str) -> float:
    """`number` of the unit `written` in the unit `unit`."""
    import pint

    # The library is annotated for the checker only in part.
    registry = cast("Any", unit_registry())
    if _UNIT.fullmatch(written) is None:
        raise _error(f"{_shown(text)} has no unit that can be read; expected {_expected(unit)}")
    target = registry.parse_units(_normalised(unit))
    try:
        source = registry.parse_units(written)
    except (pint.errors.UndefinedUnitError, ValueError):
        nearest = difflib.get_close_matches(written, _COMMON_WORDS, n=1, cutoff=0.6)
        corrected = (
            f"{text[: len(text) - len(text.lstrip(' +-.0123456789eE'))].strip()} {nearest[0]}" if nearest else None
        )
        raise _error(
            f"{_shown(text)} has the unknown unit {written!r}; expected {_expected(unit)}", suggestion=corrected
        ) from None
    if source.dimensionality != target.dimensionality:
        dimension = describe_dimension(str(source.dimensionality))
        raise _error(f"{_shown(text)} is {dimension}; expected {_expected(unit)}")
    value = float(registry.Quantity(number, source).to(target).magnitude)
    if not math.isfinite(value):
        raise _error(f"{_shown(text)} is too large a number; expected {_expected(unit)}")
    return value


def _normalised(written: str) -> str:
    """Common ways of writing a unit, as the unit library spells them: cm2, cm², cm**2, cm ^ 2, % and units are read."""
    if _UNITS.fullmatch(written):
        return "U"
    spelled = written.replace("**", "^").replace("²", "^2").replace("³", "^3").replace("%", "percent")
    spelled = re.sub(r"\s*\^\s*", "^", " ".join(spelled.split()))
    return re.sub(r"(?<=[A-Za-z])([23])\b", r"^\1", spelled)


def _expected(unit: str) -> str:
    """What should have been written, with an example."""
    words = {
        "mg": "a mass",
        "mL": "a volume",
        PARTICLES: "a number of particles",
        "cm^2": "an area",
        "percent": "a percentage",
        "week": "a time",
        "mg/mL": "a concentration",
        "um": "a length",
        "mm/day": "a speed",
        "FU/cm^2": "a number of follicular units per area",
    }.get(unit, f"a quantity in {unit}")
    return f'{words}, e.g. "{quantity_example(unit)}"'


def _shown(text: str) -> str:
    """`text` in quotes, cut where it is long."""
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")


def _error(message: str, suggestion: str | None = None) -> InputError:
    """An error with one problem that the caller can place in a file."""
    return InputError([Problem(None, None, None, "", message, (), suggestion)])
