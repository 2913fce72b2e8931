"""The command `anagen compare`: the same patients under one treatment after another and under combinations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anagen.cli.options import ANY_SOURCE, ParametersOption, chosen_source


def compare(
    treatments: Annotated[
        list[str],
        typer.Argument(
            metavar="THERAPY...",
            help='Therapies; "a+b" is a combination, "exosome@microneedle" names the route.',
        ),
    ],
    condition: Annotated[str, typer.Option("--condition", help="Condition of the patients.")] = "aga",
    sex: Annotated[str, typer.Option("--sex", help="male, female or both.")] = "male",
    weeks: Annotated[float, typer.Option("--weeks", min=4.0, max=520.0, help="Last visit.")] = 48.0,
    endpoint: Annotated[str, typer.Option("--endpoint", help="What is ranked.")] = "total_density",
    keep_up: Annotated[
        bool, typer.Option("--keep-up", help="Sessions go on at their interval until the last visit.")
    ] = False,
    threshold: Annotated[float, typer.Option("--responder", help="Own gain of a responder, for the NNT.")] = 10.0,
    patients: Annotated[int, typer.Option("--patients", min=10, help="Reference patients.")] = 200,
    draws: Annotated[int, typer.Option("--draws", min=0, help="Parameter draws besides the central values.")] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; results do not depend on it.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Result folder. [results/comparison]")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier result folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Rank treatments and combinations in the same patients, each against its own control."""
    from anagen.cli.console import ProgressBar, print_json, print_table, records

    with ProgressBar() as bar:
        from anagen.comparative.design import comparison
        from anagen.comparative.folder import HEADER, rows_of, standing_of
        from anagen.comparative.job import comparison_to_folder
        from anagen.runs.options import RunOptions

        asked = comparison(treatments, condition=condition, sex=sex, weeks=weeks, endpoint=endpoint, keep_up=keep_up)
        options = RunOptions(seed, patients, 1, draws, workers, out, overwrite, source=chosen_source(source))
        finished = comparison_to_folder(asked, options, threshold=threshold, progress=bar.advance, stage=bar.stage)
    table, folder, page = finished.result.table, finished.folder, finished.report
    if as_json:
        print_json({"folder": str(folder), "report": str(page), "ranking": records(table)})
        return
    shown = [i for i, name in enumerate(HEADER) if name != "evidence"]
    print_table(
        f"Gain in {endpoint.replace('_', ' ')} at week {weeks:g} over own control, the same {patients} patients",
        [HEADER[i] for i in shown],
        ([row[i] for i in shown] for row in rows_of(finished.result)),
    )
    print(standing_of(finished.result.manifest))
    print(f"Results: {folder}\nReport:  {page}")
