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

    columns = {"name": "name", "prior_value": "value", "unit": "unit", "prior_low": "5 %", "prior_high": "95 %"}
    if any(row["informed_by"] == "posterior" for row in rows):
        columns |= {"prior_value": "prior", "posterior": "posterior", "posterior_low": "5 %", "posterior_high": "95 %"}
    columns |= {"grade": "grade", "hand_set": "hand-set", "source": "source"}
    print_table("", tuple(columns.values()), ([_beside(row)[key] for key in columns] for row in rows))
    for row in rows if len(rows) == 1 else ():
        print(cell(row["note"]))


def _beside(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the posterior in columns of its own, empty where the parameter has its prior only."""
    calibrated = row["informed_by"] == "posterior"
    used = {"posterior": "value", "posterior_low": "low", "posterior_high": "high"}
    return row | {column: row[key] if calibrated else None for column, key in used.items()}
