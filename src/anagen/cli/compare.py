"""The command `anagen compare`: the same patients under one treatment after another and under combinations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    DRAWS,
    ClusterOption,
    DrawsOption,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    working,
)
from anagen.core.numbers import MOST_REFERENCE

if TYPE_CHECKING:
    from anagen.comparative.ranking import ComparisonResult


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
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", metavar="NAME", help="Who is not admitted, e.g. pregnancy-potential; may be repeated."
        ),
    ] = None,
    menopause: Annotated[
        str | None, typer.Option("--menopause", help="before or after: women of that age only.")
    ] = None,
    threshold: Annotated[
        float, typer.Option("--responder", help="Own measured change of a responder, for the NNT.")
    ] = 10.0,
    patients: Annotated[int, typer.Option("--patients", min=10, max=MOST_REFERENCE, help="Reference patients.")] = 200,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Rank treatments and combinations in the same patients, each against its own control."""
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.comparative.result import Ranking
        from anagen.comparative.result import compare as compare_treatments
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.runs.result import REPORT

        parameters = chosen_source(source)

        def work(kept: Path) -> Ranking:
            return compare_treatments(
                *treatments,
                condition=condition,
                sex=sex,
                weeks=weeks,
                endpoint=endpoint,
                keep_up=keep_up,
                exclude=exclude or (),
                menopause=menopause,
                responder=threshold,
                patients=patients,
                seed=seed,
                draws=draws,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: Ranking, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder("comparison", FolderOptions(out, overwrite), work, write)
    document = {"folder": str(folder), "report": str(folder / REPORT), **result.document()}
    title = f"Gain in {endpoint.replace('_', ' ')} at week {weeks:g} over own control, the same patients under all"
    emit(document, as_json, lambda: _print(result.result, title, folder))


def _print(result: ComparisonResult, title: str, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.comparative.admission import not_admitted
    from anagen.comparative.folder import PAGE
    from anagen.comparative.page import (
        ESSENTIAL,
        HEADER,
        arm_title,
        bear_in_mind,
        rows_of,
        spoken,
        standing_of,
    )
    from anagen.core.plain import records

    rows = rows_of(result)
    print_table(
        title, [HEADER[column] for column in ESSENTIAL], ([row[column] for column in ESSENTIAL] for row in rows)
    )
    if told := not_admitted(result.comparison):
        print(told)
    for row in records(result.table):
        if told := bear_in_mind(row):
            print(f"Bear in mind with {arm_title(result.comparison, str(row['arm']))}: {told}")
    if result.manifest["draws"] and len(rows) > 1:
        print(
            "If one more trial of each were run: best is the chance of the largest gain, beats others (SUCRA) the "
            "chance to gain more than another of them at random."
        )
    for told in filter(None, spoken(result)):
        print(told)
    print("Adverse events, cost and evidence: in the report.")
    print(standing_of(result.manifest))
    print(f"Results: {folder}\nReport:  {folder / PAGE}")
