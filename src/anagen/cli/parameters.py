"""The command `anagen parameters`: every number of the model with its source and grade."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from anagen.cli.options import ANY_SOURCE, JsonOption, ParametersOption, chosen_source, emit


def parameters(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A parameter, or a group such as follicle.")
    ] = None,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """List the parameters of the model: value, unit, 90 % prior, posterior where there is one, source, grade."""
    from anagen.parameters.result import parameter_rows

    rows = parameter_rows(chosen_source(source), name).parameters.rows()
    emit(rows, as_json, lambda: _print(rows))


def _print(rows: list[dict[str, Any]]) -> None:
    from anagen.cli.console import cell, print_table

    header = ("name", "unit", "prior (5 to 95 %)", "posterior (5 to 95 %)", "grade")
    print_table("", header, map(_printed, rows))
    for row in rows if len(rows) == 1 else ():
        print(f"Source: {cell(row['source']) or 'none'}")
        print(cell(row["note"]))


def _printed(row: dict[str, Any]) -> tuple[str, ...]:
    """A parameter for people, with a posterior where published values inform it."""
    from anagen.cli.console import interval, number
    from anagen.reports.wording import pretty_unit

    def spread(value: float, low: float, high: float) -> str:
        return number(value) if low == high else f"{number(value)} ({interval(low, high)})"

    prior = spread(*(row[f"prior_{end}"] for end in ("value", "low", "high")))
    posterior = spread(*(row[end] for end in ("value", "low", "high"))) if row["informed_by"] == "posterior" else ""
    return row["name"], pretty_unit(row["unit"]), prior, posterior, row["grade"]
