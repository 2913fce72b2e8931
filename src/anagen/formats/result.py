"""Files of other programs from Python: a study or a run exported, a file imported or checked, as the commands do it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.formats.format import Checked, Format, Imported
from anagen.formats.registry import FORMATS, check_kind, format_named, recognised
from anagen.formats.subject import Exportable, products_of, subject_of
from anagen.formats.writing import FilesTarget
from anagen.parameters import Source, parameter_source


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes
    ----------
    format : str
        Name of the format.
    name : str
        Name of the study, or of the products.
    files : tuple of Path
        What was written.
    """

    format: str
    name: str
    files: tuple[Path, ...]


def export(
    what: Exportable,
    format: str,
    out: str | os.PathLike[str],
    *,
    arm: str | None = None,
    assays: Sequence[str | os.PathLike[str]] = (),
    parameters: Source | None = None,
    replicate: int | None = None,
    overwrite: bool = False,
) -> Exported:
    """Write a study, a run or a vesicle product in a format of other programs.

    Parameters
    ----------
    what : Study, TrialResult, Product, mapping, str or path
        A study, a run, the name of a shipped study, a file or a result folder; where the format is of products, a
        product, its name or its file as well.
    format : str
        A name that `anagen formats` lists, such as "sbml".
    out : str or path
        File to write, or folder where the format is one.
    arm : str, optional
        The arm that is meant; the first that is not a control where left out.
    assays : sequence of str or path
        Files of measurements that go with it (PEtab).
    parameters : str, path or ParameterSource, optional
        Where parameter values come from; the usual source where left out.
    replicate : int, optional
        Number of the trial of a run that is meant, from 0 (CDISC); the first where left out.
    overwrite : bool
        Whether a file that exists may be replaced; a folder never is.

    Returns
    -------
    Exported
        What was written.

    Raises
    ------
    InputError
        Where the format is not written or heeds no such option, what is named is wrong, or `out` may not be written;
        nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = export("adsc-native", "evtrack", f"{folder}/form")
    >>> [path.name for path in written.files]
    ['adsc-native-ev-track.csv', 'adsc-native-ev-track.html']
    """
    chosen = format_named(format, "writer")
    given = {"arm": arm is not None, "assay": bool(assays), "parameters": parameters is not None}
    _refuse_unheeded(chosen, given | {"replicate": replicate is not None})
    target = FilesTarget(Path(out), chosen.folder, overwrite)
    target.check()
    if chosen.takes == "product":
        products = products_of(what)
        written = target.write(chosen.write(products))
        return Exported(chosen.name, ", ".join(product.name for product in products), tuple(written))
    source = None if parameters is None else parameter_source(parameters)
    subject = subject_of(what, arm=arm, source=source, tables=tuple(map(Path, assays)), replicate=replicate or 0)
    if chosen.takes == "run" and subject.contents is None:
        message = f"{chosen.title} holds results; name the result folder of `anagen run`"
        raise InputError([Problem(None, None, None, "STUDY-OR-RUN", message)])
    written = target.write(chosen.write(subject))
    return Exported(chosen.name, subject.study.study, tuple(written))


def import_file(
    file: str | os.PathLike[str],
    format: str | None = None,
    *,
    table: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> Imported:
    """Read a file of another program; what is not understood is refused by name.

    Parameters
    ----------
    file : str or path
        The file or folder.
    format : str, optional
        A name that `anagen formats` lists; known by the content of the file where left out.
    table : str or path, optional
        What the parts of a model mean here.
    out : str or path, optional
        File to write what it becomes.
    overwrite : bool
        Whether a file that exists may be replaced.

    Returns
    -------
    Imported
        What it becomes, and what should be known of it.

    Raises
    ------
    InputError
        Where it is of another kind, cannot be read, or `out` may not be written.
    """
    path = Path(file)
    chosen = format_named(_format_of(path).name if format is None else format, "reader")
    _refuse_unheeded(chosen, {"table": table is not None})
    check_kind(path, chosen)
    target = None if out is None else FilesTarget(Path(out), False, overwrite, "--out")
    if target is not None:
        _refuse_given(target.path, path, table)
        target.check()
    imported = chosen.read(path, None if table is None else Path(table))
    if target is not None:
        target.write(imported.files)
    return imported


def _refuse_given(out: Path, *given: str | os.PathLike[str] | None) -> None:
    """What is read is never replaced by what it becomes, not even where files may be replaced."""
    if any(each is not None and os.path.exists(each) and out.exists() and out.samefile(each) for each in given):
        words = "is the file that is read, so it is not replaced; choose another --out"
        raise InputError([Problem(str(out), None, None, "--out", words)])


def check_file(file: str | os.PathLike[str]) -> Checked:
    """Check a file or folder of another program, known by its content.

    Parameters
    ----------
    file : str or path
        The file or folder.

    Returns
    -------
    Checked
        What it holds, and every problem.

    Raises
    ------
    InputError
        Where no format knows it.
    """
    path = Path(file)
    return format_named(_format_of(path).name, "check").check(path)


def _format_of(path: Path) -> Format:
    found = recognised(path) if path.exists() else None
    if found is None:
        message = "is of no format that is known" if path.exists() else "there is no such file"
        raise InputError([Problem(str(path), None, None, "", message, tuple(FORMATS) if path.exists() else ())])
    return found


def _refuse_unheeded(chosen: Format, given: Mapping[str, bool]) -> None:
    """An option that a format does not heed is refused, not passed over."""
    for option, there in given.items():
        if there and option not in chosen.options:
            heeded = ", ".join(f"--{name}" for name in chosen.options) or "none"
            message = f"means nothing for {chosen.title}; leave it out (it takes {heeded})"
            raise InputError([Problem(None, None, None, option, message)])
