"""The command `anagen results`: a result folder queried in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anagen.cli.options import JsonOption, NoVerifyOption, emit


def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help='One query, such as "SELECT * FROM effects".')],
    no_verify: NoVerifyOption = False,
    as_json: JsonOption = False,
) -> None:
    """Query a result folder in SQL: visits, patients, effects, arms, comparison, parameters."""
    from anagen.cli.console import print_frame
    from anagen.core.plain import records
    from anagen.results import query

    rows = query(folder, sql, verified=not no_verify)
    emit(records(rows) if as_json else None, as_json, lambda: print_frame(rows))
