"""The tables of a search in words, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from anagen.core.plain import records
from anagen.planning.printed import Printed
from anagen.planning.search.price import STATED
from anagen.planning.search.wording import ITEMS, goal_of, money
from anagen.planning.wording import unit_of
from anagen.reports.numbers import DASH, decimals_for, is_number, number, percent
from anagen.reports.wording import measure_scale, titled

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch

MOST_ROWS, MOST_DESIGNS = 16, 24
"""Rows of the front and of the designs that are printed; the files hold all."""


def printed_tables(result: DesignSearch) -> list[Printed]:
    """The front, what every design needs for the goal, and the cost of the best trial item by item."""
    found = [front(result), designs(result)]
    if result.best is not None and result.pool.prices.kind == STATED:
        found.append(items(result))
    return found


def spread_over(rows: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Rows evenly spread over many, the first and the last among them.

    Examples
    --------
    >>> [row["n"] for row in spread_over([{"n": i} for i in range(7)], 3)]
    [0, 3, 6]
    """
    if len(rows) <= most:
        return list(rows)
    return [rows[round(i * (len(rows) - 1) / (most - 1))] for i in range(most)]


def front(result: DesignSearch, most: int = MOST_ROWS) -> Printed:
    """Candidates that no other beats, at most so many of them."""
    rows = records(result.summary())
    shown = spread_over(rows, most)
    axes = _axes(result)
    header = (
        *axes, "allocation", "patients", _cost_title(result), "months", "assurance (%)", "power (%)", "goal"
    )  # fmt: skip
    body = tuple(
        (
            *(str(row[name]) for name in axes),
            row["allocation"],
            f"{row['patients_in_all']:,}",
            _cost(row),
            number(row["months"], 1),
            f"{_percent(row['assurance'])} ± {_percent(row['assurance_error'])}",
            _percent(row["power"]),
            "reached" if row["reaches_goal"] else "no",
        )
        for row in shown
    )
    left = "" if len(shown) == len(rows) else f" {len(shown)} of {len(rows)} are shown; front.csv holds all."
    note = f"Each is cheaper, shorter or likelier to succeed than any other. Patients of a whole trial.{left}"
    return Printed("Trials that no other beats", header, body, note, page_only=("power (%)",))


def designs(result: DesignSearch) -> Printed:
    """What every design needs for the goal."""
    choice = result.pool.space.study.endpoints.primary
    scale, (kind, share) = measure_scale(choice.measure), goal_of(result)
    axes = _axes(result)
    rows = records(result.designs)
    decimals = decimals_for(min(row["sd_of_draws"] for row in rows) * scale)
    header = (
        *axes, "allocation", "effect", "over draws", "SD of draws", "assurance at most (%)", "patients",
        _cost_title(result), "months",
    )  # fmt: skip
    body = tuple(
        (
            *(str(row[name]) for name in axes),
            row["allocation"],
            number(row["effect"] * scale, decimals, signed=True),
            number(row["effect_mean"] * scale, decimals, signed=True),
            number(row["sd_of_draws"] * scale, decimals),
            _percent(row["ceiling"]),
            f"{row['patients_in_all']:,.0f}" if is_number(row["patients_in_all"]) else "none",
            _amount(row["cost"]) if is_number(row["patients_in_all"]) else DASH,
            number(row["months"], 1) if is_number(row["months"]) else DASH,
        )
        for row in rows[:MOST_DESIGNS]
    )
    left = "" if len(rows) <= MOST_DESIGNS else f" {MOST_DESIGNS} of {len(rows)} are shown; designs.csv holds all."
    note = (
        "Effects as wanted are positive. Patients of the smallest whole trial that reaches the goal, whatever budget "
        f"and months.{left}"
    )
    title = titled(f"What each design needs for {percent(share)} {kind}", unit_of(choice))
    return Printed(title, header, body, note, page_only=("over draws", "SD of draws"))


def items(result: DesignSearch) -> Printed:
    """The cost of the best trial."""
    assert result.best is not None
    currency = result.pool.prices.currency
    body = tuple(
        (ITEMS[name], number(item["number"], 1), _amount(item["each"]), _amount(item["sum"]))
        for name, item in result.best.cost["items"].items()
    )
    header = ("item", "number", f"each ({currency})", f"sum ({currency})")
    return Printed("Cost of the best trial", header, body, f"In all {money(result, result.best.cost['total'])}.")


def _axes(result: DesignSearch) -> list[str]:
    space = result.pool.space
    names = [axis.name for axis in space.axes if len(axis.labels) > 1 or not axis.derived]
    return [*names, "arms"] if len(space.arms.labels) > 1 else names


def _cost_title(result: DesignSearch) -> str:
    currency = result.pool.prices.currency
    return f"cost ({currency})" if currency else "cost"


def _cost(row: dict[str, Any]) -> str:
    if not is_number(row["cost"]):
        return DASH
    if row["cost_low"] == row["cost_high"]:
        return _amount(row["cost"])
    return f"{_amount(row['cost_low'])} to {_amount(row['cost_high'])}"


def _amount(value: object) -> str:
    return f"{float(f'{float(value):.3g}'):,.0f}" if is_number(value) else DASH  # type: ignore[arg-type]


def _percent(share: object) -> str:
    """A share in per cent without the sign; a dash where nobody was measured."""
    return number(100.0 * float(share), 0) if is_number(share) else DASH  # type: ignore[arg-type]
