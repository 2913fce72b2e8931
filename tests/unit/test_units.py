"""Quantities with a unit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anagen.core.errors import InputError
from anagen.core.units import CANONICAL_UNITS, parse_quantity, quantity_example


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1e10 particles", "particles", 1e10),
        ("1 particle", "particles", 1.0),
        ("5e9 vesicles", "particles", 5e9),
        ("2e9 exosomes", "particles", 2e9),
        ("0.5 mg", "mg", 0.5),
        ("500 ug", "mg", 0.5),
        ("500 µg", "mg", 0.5),
        ("1 g", "mg", 1000.0),
        ("1 mL", "mL", 1.0),
        ("1ml", "mL", 1.0),
        ("100 uL", "mL", 0.1),
        ("1 cm^3", "mL", 1.0),
        ("5.07 cm^2", "cm^2", 5.07),
        ("5.07 cm2", "cm^2", 5.07),
        ("5.07 cm²", "cm^2", 5.07),
        ("5.07 cm**2", "cm^2", 5.07),
        ("100 mm^2", "cm^2", 1.0),
        ("1 in^2", "cm^2", 6.4516),
        ("5 %", "percent", 5.0),
        ("5 percent", "percent", 5.0),
        ("50 mg/mL", "mg/mL", 50.0),
        ("14 days", "week", 2.0),
        ("+.5 mg", "mg", 0.5),
        (" 1   cm ^ 2", "cm^2", 1.0),
        ("1 mm ** 2", "cm^2", 0.01),
        ("67  J / cm ^ 2 ", "J/cm^2", 67.0),
        ("-1 mg", "mg", -1.0),
    ],
)
def test_value(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "says", "suggestion"),
    [
        ("1e10 mg", "particles", 'is a mass; expected a number of particles, e.g. "1e10 particles"', None),
        ("1 cm", "cm^2", 'is a length; expected an area, e.g. "1 cm^2"', None),
        ("1 mL", "mg", "is a volume; expected a mass", None),
        ("5", "mg", "has no unit", "5 mg"),
        ("5 mgg", "mg", "unknown unit 'mgg'", "5 mg"),
        ("1e10 particels", "particles", "unknown unit 'particels'", "1e10 particles"),
        ("five mg", "mg", "is not a quantity", None),
        ("", "mg", "is not a quantity", None),
        ("1e999 mg", "mg", "too large a number", None),
        ("9**9**9 mg", "mg", "no unit that can be read", None),
        ("1 mg^999999", "mg", "no unit that can be read", None),
        ("1 " + "m" * 100, "mg", "is not a quantity", None),
        ("1 __import__('os')", "mg", "no unit that can be read", None),
        ("nan mg", "mg", "is not a quantity", None),
        ("1,5 mg", "mg", "has a comma in its number", "1.5 mg"),
        ("0,500 mL", "mL", "has a comma in its number", "0.500 mL"),
        ("1,000 uL", "mL", "write 1000 uL if it marks thousands, 1.000 uL if it marks decimals", "1000 uL"),
        ("1,000,000 particles", "particles", "commas between thousands", "1000000 particles"),
        ("1.000,5 mL", "mL", "has a comma in its number", "1000.5 mL"),
        ("1 000 uL", "mL", "marks between thousands", "1000 uL"),
        ("10^10 particles", "particles", "a power of ten; write it with e", "1e10 particles"),
        ("10**10 particles", "particles", "a power of ten", "1e10 particles"),
        ("5 x 10^9 particles", "particles", "a power of ten", "5e9 particles"),
        ("2,5·10⁹ particles", "particles", "a power of ten", "2.5e9 particles"),
        ("10^10", "particles", "a power of ten", "1e10 particles"),
        ("10 billion", "particles", "a number in words", "10e9 particles"),
        ("0.95", "percent", "has no unit", "95 %"),
        ("150 units", "U", "has its unit in words", "150 U"),
        ("150 IU", "U", "has its unit in words", "150 U"),
        ("150 units", "mL", "is an activity in units; expected a volume", None),
        ("5 lumen", "mg", "is a quantity of another kind; expected a mass", None),
    ],
)
def test_mistakes(text: str, unit: str, says: str, suggestion: str | None) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, unit)
    (problem,) = caught.value.problems
    assert says in problem.message
    assert quantity_example(unit) in problem.message
    assert problem.suggestion == suggestion


@pytest.mark.parametrize("unit", CANONICAL_UNITS)
def test_examples_can_be_read(unit: str) -> None:
    assert parse_quantity(quantity_example(unit), unit) > 0.0


def test_the_unit_library_is_loaded_only_when_a_unit_is_converted() -> None:
    code = (
        "import sys; from anagen.core.units import parse_quantity; parse_quantity('1 mL', 'mL'); "
        "assert 'pint' not in sys.modules; parse_quantity('1 L', 'mL'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
