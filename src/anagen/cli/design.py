"""The command `anagen design`: the trial that reaches a goal at the least cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    ClusterOption,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    SetOption,
    StudyArgument,
    WithoutOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    single_overrides,
    working,
)
from anagen.core.numbers import MOST_DRAWS, MOST_REPLICATES

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch


def design(
    study: StudyArgument,
    goal: Annotated[
        str, typer.Option("--goal", metavar="assurance=S|power=S", help="Chance of success that is asked for.")
    ] = "assurance=0.8",
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="NAME=A,B|FILE",
            show_default=False,
            help="What may vary: dose, sessions, interval, arms (a+b), allocation (2:1), week, layout, patients "
            "(values, or {min: 20, max: 400}), a path as --set has it, or a file of such; can be repeated. "
            "[allocation, week and patients by the study]",
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option("--budget", metavar="MONEY", help='What the trial may cost, e.g. "500000 EUR".'),
    ] = None,
    months: Annotated[
        float | None,
        typer.Option("--months", min=0.0, show_default=False, help="Months it may take until the last patient is out."),
    ] = None,
    arm: Annotated[
        str | None,
        typer.Option("--arm", help="The arm that has to succeed. [at least one of those kept]"),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, max=10_000, help="Candidates that are looked at.")] = 200,
    replicates: Annotated[
        int, typer.Option("--replicates", min=2, max=MOST_REPLICATES, help="Simulated trials of each design.")
    ] = 8,
    draws: Annotated[int, typer.Option("--draws", min=0, max=MOST_DRAWS, help="Parameter draws of each design.")] = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Search dose, sessions, arms, allocation, week, layout and patients for the trial that reaches a goal cheapest."""
    overrides = single_overrides(sets, without)
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.planning.search.optimise import needs_optuna

        needs_optuna()
        from anagen.planning.search.folder import PAGE
        from anagen.planning.search.result import design as design_of
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.study import Study

        subject, parameters = Study.load(study, overrides), chosen_source(source)

        def work(kept: Path) -> DesignSearch:
            return design_of(
                subject,
                vary or (),
                goal=goal,
                budget=budget,
                months=months,
                arm=arm,
                trials=trials,
                replicates=replicates,
                draws=draws,
                seed=seed,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: DesignSearch, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder(f"{subject.study}-design", FolderOptions(out, overwrite), work, write)
    document = {**result.document(), "folder": str(folder), "report": str(folder / PAGE)}
    emit(document, as_json, lambda: _print(result, folder))


def _print(result: DesignSearch, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.planning.search import wording
    from anagen.planning.search.folder import BEST, CLOSEST, PAGE
    from anagen.planning.search.printed import printed_tables

    print(f"{wording.title_of(result)}\n\n{result.headline()}")
    for sentence in wording.findings(result):
        print(sentence)
    print()
    for table in (each.for_terminal() for each in printed_tables(result)):
        print_table(table.title, table.header, table.rows)
        if table.note:
            print(f"{table.note}\n")
    for sentence in wording.how_to_read(result):
        print(sentence)
    print(wording.standing_of(result))
    if result.best is not None:
        command = f"anagen power {folder / BEST} --patients {result.best.key.patients}"
        print(f"Best:    {folder / BEST}; `{command}` simulates it")
    if result.closest is not None:
        print(f"Closest: {folder / CLOSEST}")
    print(f"Results: {folder}\nReport:  {folder / PAGE}")
