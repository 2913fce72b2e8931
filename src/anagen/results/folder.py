"""Writes and reads result folders: whole or not there, and nothing overwritten by accident."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, cast

from anagen.core.errors import InputError, Problem
from anagen.core.files import rename_durably, sync_file, sync_folder, write_durably
from anagen.core.provenance import sha256_of_file
from anagen.results.contents import ResultContents
from anagen.results.manifest import PACKAGE, REQUIRED_KEYS
from anagen.results.schema import SCHEMA_VERSION, TABLES, SchemaError
from anagen.results.storage import read_table, table_to_bytes

MANIFEST = "manifest.json"
STUDY = "study.json"
FLOW = "flow.json"
MARKER = "INCOMPLETE"
PARTIAL = ".partial"
REPLACED = ".replaced"


def free_folder(parent: Path, study: str, taken: Collection[Path] = ()) -> Path:
    """First of `<parent>/<study>`, `<parent>/<study>-2`, ... that does not exist and is not among `taken`.

    Examples
    --------
    >>> free_folder(Path("/nowhere"), "exosome-vs-saline").name
    'exosome-vs-saline'
    """
    folder, number = parent / study, 1
    while folder.exists() or folder in taken:
        number += 1
        folder = parent / f"{study}-{number}"
    return folder


def is_result_folder(folder: Path) -> bool:
    """Whether the folder holds a manifest that this package wrote."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and cast("dict[str, Any]", manifest).get("package") == PACKAGE


def prepare_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Checks, before any work is done, that results may be written to `folder`; writes nothing.

    Raises
    ------
    InputError
        Where it exists and `overwrite` is false, or holds something that is not a result folder.
    """
    if folder.exists() and not overwrite:
        _refuse(folder, "exists already; choose another --out, or --overwrite to replace earlier results")
    if folder.exists() and not is_result_folder(folder):
        _refuse(folder, "is not a result folder, so it is not overwritten; choose another --out")
    partial = _beside(folder, PARTIAL)
    if partial.exists() and not (partial / MARKER).exists():
        _refuse(partial, "is in the way: results are written there first; move it or choose another --out")


def write_results(
    contents: ResultContents,
    folder: Path,
    *,
    overwrite: bool = False,
    add: Callable[[ResultContents, Path], object] | None = None,
) -> ResultContents:
    """Write a result folder: everything to `<folder>.partial` first, which then gets its name in one step.

    The files have the same bytes for the same contents, on the same versions of the libraries.

    Parameters
    ----------
    contents : ResultContents
        What came out of the run.
    folder : Path
        Where to; its parents are made.
    overwrite : bool
        Whether an earlier result folder may be replaced; anything else is never replaced.
    add : callable, optional
        Writes further files (report, figures), given the contents as they are on the disk and the folder.

    Returns
    -------
    ResultContents
        The contents as they are on the disk.

    Raises
    ------
    InputError
        Where `folder` may not be written; see `prepare_folder`.
    SchemaError
        Where a table does not fit its schema.
    OSError
        Where the disk is full or the folder cannot be written.
    """
    whole = contents.conformed()

    def fill(partial: Path) -> None:
        _write_tables(whole, partial)
        if add is not None:
            add(whole, partial)

    write_folder(folder, fill, whole.manifest, overwrite=overwrite)
    return whole


def write_folder(
    folder: Path, fill: Callable[[Path], object], manifest: Mapping[str, Any], *, overwrite: bool = False
) -> Path:
    """Writes a folder with a manifest: `fill` puts its files into `<folder>.partial`, which then gets its name.

    Raises
    ------
    InputError
        Where `folder` may not be written; see `prepare_folder`.
    OSError
        Where the disk is full or the folder cannot be written.
    """
    prepare_folder(folder, overwrite=overwrite)
    partial = _beside(folder, PARTIAL)
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        _refuse(folder, f"cannot be written: {error.strerror or error}")
    write_durably(partial / MARKER, b"A run is writing here or was stopped while it did; the folder may be removed.\n")
    try:
        fill(partial)
        _write_manifest(manifest, partial)
        (partial / MARKER).unlink()
        _put_in_place(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a result folder.

    Raises
    ------
    InputError
        Where there is none, it cannot be read, lacks entries or has another schema version.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        _refuse(folder, "is not a folder")
    if not path.is_file():
        _refuse(folder, f"is not a result folder: it has no {MANIFEST}")
    manifest = _read_json(path)
    if manifest.get("package") != PACKAGE:
        _refuse(path, "was not written by anagen")
    version = manifest.get("schema_version")
    if version != SCHEMA_VERSION and "kind" in manifest:
        _refuse(folder, f"holds the {manifest['kind']} of a study, not the tables of a run")
    if version != SCHEMA_VERSION:
        _refuse(path, f"has schema version {version!r}; this version of anagen reads {SCHEMA_VERSION}")
    lacking = [key for key in (*REQUIRED_KEYS, "files") if key not in manifest]
    if lacking:
        _refuse(path, f"lacks {', '.join(lacking)}")
    return manifest


def read_results(folder: Path) -> ResultContents:
    """Reads a result folder and checks every file against its hash.

    Raises
    ------
    InputError
        Naming every file that is missing, changed or does not fit the schema.
    """
    manifest = read_manifest(folder)
    if "kind" in manifest:
        _refuse(folder, f"holds the {manifest['kind']} of a study, not the tables of a run")
    problems = _damages(folder, cast("Mapping[str, str]", manifest["files"]))
    if problems:
        raise InputError(tuple(problems))
    tables: dict[str, Any] = {}
    for name in TABLES:
        try:
            tables[name] = read_table(name, folder / TABLES[name].file)
        except (SchemaError, OSError, ValueError) as error:
            problems.append(_problem(folder / TABLES[name].file, str(error)))
    if problems:
        raise InputError(tuple(problems))
    return ResultContents(study=_read_json(folder / STUDY), flow=_read_json(folder / FLOW), manifest=manifest, **tables)


def _write_tables(contents: ResultContents, folder: Path) -> None:
    for name, table in contents.tables().items():
        write_durably(folder / TABLES[name].file, table_to_bytes(name, table))
    write_durably(folder / STUDY, _to_json(contents.study))
    write_durably(folder / FLOW, _to_json(contents.flow))


def _write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    files: dict[str, str] = {}
    folders = {folder}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            folders.add(path)
        elif path.name != MARKER:
            sync_file(path)
            files[path.relative_to(folder).as_posix()] = sha256_of_file(path)
    write_durably(folder / MANIFEST, _to_json({**manifest, "files": files}))
    for each in folders:
        sync_folder(each)


def _put_in_place(partial: Path, folder: Path) -> None:
    if not folder.exists():
        rename_durably(partial, folder)
        return
    replaced = _beside(folder, REPLACED)
    shutil.rmtree(replaced, ignore_errors=True)
    rename_durably(folder, replaced)
    rename_durably(partial, folder)
    shutil.rmtree(replaced, ignore_errors=True)


def _damages(folder: Path, files: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    needed = [schema.file for schema in TABLES.values()] + [STUDY, FLOW]
    problems += [_problem(folder / MANIFEST, f"does not list {name}") for name in needed if name not in files]
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            problems.append(_problem(path, "is missing"))
        elif sha256_of_file(path) != expected:
            problems.append(_problem(path, "was changed after it was written: its SHA-256 is not the manifest's"))
    return problems


def _to_json(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(_plain(value), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _plain(value: object) -> object:
    """JSON has no NaN: a missing number is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(entry) for entry in cast("Sequence[object]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        _refuse(path, f"cannot be read as JSON: {error}")
    if not isinstance(value, dict):
        _refuse(path, "does not hold a JSON object")
    return cast("dict[str, Any]", value)


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(folder.name + suffix)


def _problem(path: Path, message: str) -> Problem:
    return Problem(file=str(path), line=None, column=None, field="", message=message)


def _refuse(path: Path, message: str) -> NoReturn:
    raise InputError((_problem(path, message),))
