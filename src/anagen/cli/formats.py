"""The commands about files of other programs: `anagen export`, `anagen import` and `anagen formats`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    ArmOption,
    JsonOption,
    OverwriteFileOption,
    ParametersOption,
    chosen_source,
    emit,
)
from anagen.core.numbers import MOST_REPLICATES

if TYPE_CHECKING:
    from anagen.formats.format import Checked, Part

FormatArgument = Annotated[
    str, typer.Argument(metavar="FORMAT", help="A name that `anagen formats` lists, such as sbml.")
]
SubjectArgument = Annotated[
    str,
    typer.Argument(
        metavar="STUDY-OR-RUN", help="A study file, a shipped study, a result folder of `run`, or a product."
    ),
]
OutArgument = Annotated[Path, typer.Argument(metavar="OUT", help="File to write, or folder where the format is one.")]
AssayOption = Annotated[
    list[Path] | None,
    typer.Option("--assay", metavar="CSV", help="Measurements that go with it (PEtab), as `network fit` takes them."),
]
TableOption = Annotated[
    Path | None,
    typer.Option(
        "--table",
        metavar="CSV",
        help="What the parts of a model or trial mean here; docs/formats.md and docs/own-trial.md have its form.",
    ),
]
ReplicateOption = Annotated[
    int | None,
    typer.Option(
        "--replicate",
        metavar="N",
        min=0,
        max=MOST_REPLICATES,
        help="The trial of a run that is meant, counted from 0. [the first]",
    ),
]

PARTS: dict[str, Part] = {"export": "writer", "import": "reader", "check": "check"}


def export(
    format_name: FormatArgument,
    study: SubjectArgument,
    out: OutArgument,
    arm: ArmOption = None,
    assays: AssayOption = None,
    replicate: ReplicateOption = None,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Write a study, a run or a product for other programs: SBML, PEtab, NONMEM, RO-Crate, all of `anagen formats`."""
    from anagen.formats.registry import format_named
    from anagen.formats.result import export as written_by

    # what should be known of a posterior is told where it is read
    heeded = source != ANY_SOURCE or "parameters" in format_named(format_name, "writer").options
    parameters = chosen_source(source) if heeded else None
    done = written_by(
        study,
        format_name,
        out,
        arm=arm,
        assays=tuple(assays or ()),
        parameters=parameters,
        replicate=replicate,
        overwrite=overwrite,
    )
    document = {"format": done.format, "study": done.name, "files": [str(path) for path in done.files]}
    emit(document, as_json, lambda: print("\n".join(str(path) for path in done.files)))


def import_file(
    format_name: FormatArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file or folder to read.")],
    table: TableOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write what it becomes; printed where left out.")
    ] = None,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read a file of another program and write what it becomes here; what is not understood is refused by name."""
    from anagen.formats.result import import_file as read_by

    imported = read_by(file, format_name, table=table, out=out, overwrite=overwrite)
    written = [] if out is None else [out]
    document = {"format": format_name, **imported.document, "files": [str(path) for path in written]}
    if out is None:
        document["text"] = {name: data.decode() for name, data in imported.files.items()}

    def show() -> None:
        for line in imported.lines:
            print(line)
        for data in imported.files.values() if out is None else ():
            print(data.decode(), end="")
        for path in written:
            print(path)

    emit(document, as_json, show)


def formats(as_json: JsonOption = False) -> None:
    """List the formats of other programs, and whether each is exported, imported and checked."""
    from anagen.cli.console import print_table
    from anagen.formats.registry import FORMATS

    rows = [
        {
            "name": name,
            "file": entry.title,
            **{word: entry.has(part) for word, part in PARTS.items()},
            "extra": entry.extra if entry.needs else "",
            "from": FORMATS.origin(name).text(),
        }
        for name, entry in FORMATS.items()
    ]
    header = ("name", "file", "export", "import", "check", "extra", "from")
    shown = ([_word(row[key]) for key in header] for row in rows)
    emit(rows, as_json, lambda: print_table("", header, shown))


def checked_as_format(path: Path, as_json: bool) -> bool:
    """Check a file or folder of another program, recognised by its content; ends with an error where it is wrong.

    Parameters
    ----------
    path : Path
        As the command line names it.
    as_json : bool
        Whether --json was given.

    Returns
    -------
    bool
        False where no format knows it, so that it may be a study.
    """
    from anagen.core.errors import InputError
    from anagen.formats.registry import format_named, recognised

    found = recognised(path)
    if found is None:
        return False
    result: Checked = format_named(found.name, "check").check(path)
    if result.problems:
        raise InputError(result.problems)
    document = {"ok": True, "format": found.name, "description": list(result.lines)}
    emit(document, as_json, lambda: print("\n".join((f"{path} is {found.title}.", *result.lines))))
    return True


def _word(value: Any) -> str:
    return value if isinstance(value, str) else "yes" if value else ""
