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

if TYPE_CHECKING:
    from anagen.formats.format import Checked, Format, Part

FormatArgument = Annotated[
    str, typer.Argument(metavar="FORMAT", help="A name that `anagen formats` lists, such as sbml.")
]
SubjectArgument = Annotated[
    str, typer.Argument(metavar="STUDY-OR-RUN", help="A study file, a shipped study, or a result folder of `run`.")
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

PARTS: dict[str, Part] = {"export": "writer", "import": "reader", "check": "check"}


def export(
    format_name: FormatArgument,
    study: SubjectArgument,
    out: OutArgument,
    arm: ArmOption = None,
    assays: AssayOption = None,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Write a study or a run in a format of other programs: SBML, SED-ML, a COMBINE archive, PEtab."""
    from anagen.formats.registry import format_named
    from anagen.formats.subject import subject_of
    from anagen.formats.writing import FilesTarget

    chosen = format_named(format_name, "writer")
    given = {"--arm": arm is not None, "--assay": bool(assays), "--parameters": source != ANY_SOURCE}
    _refuse_unheeded(chosen, given)
    target = FilesTarget(out, chosen.folder, overwrite)
    target.check()
    subject = subject_of(study, arm=arm, source=chosen_source(source), tables=tuple(assays or ()))
    if chosen.takes == "run" and subject.run is None:
        _refuse("STUDY-OR-RUN", f"{chosen.title} holds results; name the result folder of `anagen run`")
    written = target.write(chosen.write(subject))
    document = {"format": chosen.name, "study": subject.study.study, "files": [str(path) for path in written]}
    emit(document, as_json, lambda: print("\n".join(str(path) for path in written)))


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
    from anagen.formats.registry import check_kind, format_named
    from anagen.formats.writing import FilesTarget

    chosen = format_named(format_name, "reader")
    _refuse_unheeded(chosen, {"--table": table is not None})
    check_kind(file, chosen)
    target = None if out is None else FilesTarget(out, False, overwrite, "--out")
    if target is not None:
        target.check()
    imported = chosen.read(file, table)
    written = [] if target is None else target.write(imported.files)
    document = {"format": chosen.name, **imported.document, "files": [str(path) for path in written]}
    if target is None:
        document["text"] = {name: data.decode() for name, data in imported.files.items()}

    def show() -> None:
        for line in imported.lines:
            print(line)
        for data in imported.files.values() if target is None else ():
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


def _refuse_unheeded(chosen: Format, given: dict[str, bool]) -> None:
    """An option that a format does not heed is refused, not passed over."""
    for option, there in given.items():
        if there and option.removeprefix("--") not in chosen.options:
            heeded = ", ".join(f"--{name}" for name in chosen.options) or "none"
            _refuse(option, f"means nothing for {chosen.title}; leave it out (it takes {heeded})")


def _refuse(option: str, message: str) -> None:
    from anagen.core.errors import InputError, Problem

    raise InputError([Problem(None, None, None, option, message)])
