"""Values of biology, drugs and vesicle products as they were read, one tidy table each; not the model's parameters."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

from anagen.core.registry import Registry
from anagen.evidence.published import READ, TABLES_FOLDER

TABLES = Registry("table", dict.fromkeys(("biology", "drugs", "vesicle_products")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteratureValue:
    """One value as it was read.

    value, low, high: numbers in `unit`; words: what was printed where it is no single number. read: where it was seen.
    """

    topic: str
    name: str
    symbol: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    words: str
    context: str
    source: str
    url: str
    read: str
    note: str


def literature(table: str) -> tuple[LiteratureValue, ...]:
    """Rows of a shipped table: `biology`, `drugs` or `vesicle_products`.

    Raises:
        KeyError: where there is no such table. ValueError: where a row says nothing, or not where it was read.

    Example:
        >>> next(row.value for row in literature("drugs") if row.name == "one_inch_circle_area")
        5.07
    """
    if table not in TABLES:
        raise KeyError(table)
    with (TABLES_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(_value(row) for row in csv.DictReader(stream))


def _value(row: dict[str, str]) -> LiteratureValue:
    numbers: dict[str, Any] = {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
    found = LiteratureValue(**{**row, **numbers})
    if found.read not in READ or not found.source:
        raise ValueError(f"{found.name}: not said where it was read")
    if not found.words and all(number is None for number in numbers.values()):
        raise ValueError(f"{found.name}: says nothing")
    return found
