"""The command `anagen explain`: why an arm of a study does what it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import ANY_SOURCE, ParametersOption, chosen_source, read_overrides, refuse_lists

if TYPE_CHECKING:
    from anagen.explanation.explain import Explanation

ROWS_PRINTED = 8
StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped study.")]
ArmOption = Annotated[str, typer.Option("--arm", help="The arm to explain, against the study's control.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")]
PatientsOption = Annotated[
    int, typer.Option("--patients", min=2, help="Reference patients; 128 are those of a run's expected effect.")
]
DrawsOption = Annotated[int, typer.Option("--draws", min=0, help="Parameter draws, for the bands of the shares.")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, help="Processes; results do not depend on it.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder to write. [results/STUDY-explain-ARM]")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="A value in place of the file's; can be repeated."),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without", metavar="EDGE", help='An edge ("AR->DKK1"), node or input to silence in all arms; can be repeated.'
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def explain(
    study: StudyArgument,
    arm: ArmOption,
    seed: SeedOption = 1,
    patients: PatientsOption = 128,
    draws: DrawsOption = 20,
    workers: WorkersOption = 1,
    out: OutOption = None,
    as_json: JsonOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Explain an arm: which therapy, lever, edge and path carries its gain, and how weak the evidence is."""
    from anagen.cli.console import ProgressBar, plain, print_json
    from anagen.study.shipped import find_study

    path = find_study(study)
    values, silenced = read_overrides(sets or [], without or [])
    refuse_lists(values)
    with ProgressBar() as bar:
        from anagen.explanation.explain import explain_arm
        from anagen.explanation.folder import check_free, document_of, write_explanation
        from anagen.results import free_folder
        from anagen.study import Study

        loaded = Study.load(path, [*(each[0] for each in values), *silenced])
        if out is not None:
            check_free(out)
        bar.stage("explaining")
        found = explain_arm(
            loaded,
            arm,
            seed=seed,
            patients=patients,
            draws=draws,
            workers=workers,
            progress=bar.advance,
            source=chosen_source(source),
        )
        bar.stage("writing")
        name = f"{found.about['study']}-explain-{re.sub('[^a-z0-9]+', '-', found.about['arm'].lower()).strip('-')}"
        folder = write_explanation(found, out or free_folder(Path("results"), name), plain)
    if as_json:
        print_json({**document_of(found), "folder": str(folder)})
    else:
        _print(found, folder)


def _print(found: Explanation, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.explanation import wording
    from anagen.explanation.folder import PAGE
    from anagen.reports.wording import titled

    about: dict[str, Any] = found.about
    unit = wording.unit_of(about)
    print(f"{about['title']}\n\n{wording.headline(found)}")
    for sentence in wording.sentences(found):
        print(sentence)
    print()
    print_table(titled("Shares of the gain", unit), wording.GAIN_HEADER, wording.printed_gain(found))
    tables = (
        ("Where it enters", wording.LEVERS_HEADER, wording.printed_levers(found, ROWS_PRINTED)),
        ("Paths", wording.PATHS_HEADER, wording.printed_paths(found, ROWS_PRINTED)),
        (titled("Without one part", unit), wording.ABLATION_HEADER, wording.printed_ablation(found, ROWS_PRINTED)),
    )
    for title, header, rows in tables:
        if rows:
            more = f"; the {ROWS_PRINTED} largest" if len(rows) == ROWS_PRINTED else ""
            print_table(title + more, header, rows)
    print()
    for note in wording.notes(found):
        print(note)
    print(f"Results: {folder}\nPage:    {folder / PAGE}")
