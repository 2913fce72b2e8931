"""The command `anagen protocol`: the synopsis of a trial protocol after SPIRIT 2025."""

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
from anagen.core.numbers import MOST_REPLICATES

if TYPE_CHECKING:
    from anagen.planning.synopsis.result import ProtocolSynopsis


def protocol(
    study: StudyArgument,
    numbers: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FOLDER",
            show_default=False,
            help="Result folder of `anagen power` or `anagen run` of the same study: sample size, power, assurance.",
        ),
    ] = None,
    power: Annotated[
        bool, typer.Option("--power", help="Work power and assurance out at the study's own number of patients.")
    ] = False,
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", min=2, max=MOST_REPLICATES, show_default=False, help="Trials with --power. [200]"),
    ] = None,
    draws: DrawsOption = DRAWS,
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
    """Write the synopsis of a trial protocol after SPIRIT 2025 (HTML and DOCX), with what is open marked and listed."""
    overrides = single_overrides(sets, without)
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.planning.synopsis.word import needs_docx

        needs_docx()
        from anagen.planning.synopsis.folder import PAGE, WORD
        from anagen.planning.synopsis.result import protocol as protocol_of
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.study import Study

        subject, parameters = Study.load(study, overrides), chosen_source(source)

        def work(kept: Path) -> ProtocolSynopsis:
            return protocol_of(
                subject,
                numbers=numbers,
                power=power,
                replicates=replicates,
                draws=draws,
                seed=seed,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: ProtocolSynopsis, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder(f"{subject.study}-protocol", FolderOptions(out, overwrite), work, write)
    document = {**result.document(), "folder": str(folder), "report": str(folder / PAGE), "docx": str(folder / WORD)}
    emit(document, as_json, lambda: _print(result, folder))


def _print(result: ProtocolSynopsis, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.planning.synopsis.folder import PAGE, WORD

    print(f"{result.title}\n\n{result.headline()}\n")
    print_table("Open points", ("item", "topic", "open point"), result.open_points())
    print(f"Results: {folder}\nProtocol: {folder / PAGE} and {folder / WORD}")
