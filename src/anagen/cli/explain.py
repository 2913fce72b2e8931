"""The command `anagen explain`: why an arm of a study does what it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    EXPLAIN_DRAWS,
    ArmOption,
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
from anagen.core.numbers import MOST_REFERENCE

if TYPE_CHECKING:
    from anagen.explanation.explain import Explanation

ROWS_PRINTED = 8
PatientsOption = Annotated[
    int,
    typer.Option(
        "--patients",
        min=2,
        max=MOST_REFERENCE,
        help="Reference patients, in fours; 128 are those of a run's expected effect.",
    ),
]


def explain(
    study: StudyArgument,
    arm: ArmOption = None,
    seed: SeedOption = 1,
    patients: PatientsOption = 128,
    draws: DrawsOption = EXPLAIN_DRAWS,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Explain an arm: which therapy, lever, edge and path carries its gain, and how weak the evidence is."""
    overrides = single_overrides(sets, without)
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.explanation.result import ExplanationResult, explained_arm
        from anagen.explanation.result import explain as explain_study
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.study import Study

        subject = Study.load(study, overrides)
        chosen, parameters = explained_arm(subject, arm), chosen_source(source)

        def work(kept: Path) -> ExplanationResult:
            return explain_study(
                subject,
                chosen,
                seed=seed,
                patients=patients,
                draws=draws,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: ExplanationResult, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        name = f"{subject.study}-explain-{re.sub('[^a-z0-9]+', '-', chosen.lower()).strip('-')}"
        result, folder = into_folder(name, FolderOptions(out, overwrite), work, write)
    document = {**result.document(), "folder": str(folder)}
    emit(document, as_json, lambda: _print(result.explanation, folder))


def _print(explanation: Explanation, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.explanation import printed, wording
    from anagen.explanation.folder import PAGE
    from anagen.reports.wording import titled

    about: dict[str, Any] = explanation.about
    unit = wording.unit_of(about)
    print(f"{about['title']}\n\n{wording.headline(explanation)}")
    for sentence in wording.sentences(explanation):
        print(sentence)
    print()
    gain, levers, paths, ablation = (
        printed.printed_gain(explanation),
        printed.printed_levers(explanation, ROWS_PRINTED),
        printed.printed_paths(explanation, ROWS_PRINTED),
        printed.printed_ablation(explanation, ROWS_PRINTED),
    )
    tables = (
        (titled("Shares of the gain", unit), printed.GAIN_HEADER, gain, ()),
        ("Where it enters", printed.LEVERS_HEADER, levers, ("5-95 %", "system")),
        ("Paths", printed.PATHS_HEADER, paths, ("sign", "system", printed.SOURCE)),
        (titled("Without one part", unit), printed.ABLATION_HEADER, ablation, ("system",)),
    )
    for title, header, rows, on_the_page_only in tables:
        if rows:
            more = f"; the {ROWS_PRINTED} largest" if len(rows) == ROWS_PRINTED else ""
            kept = [index for index, name in enumerate(header) if name not in on_the_page_only]
            print_table(title + more, [header[i] for i in kept], ([row[i] for i in kept] for row in rows))
    print()
    for note in wording.notes(explanation):
        print(note)
    print(f"Results: {folder}\nPage:    {folder / PAGE}")
