"""Writes result folders: whole or not there, and nothing of the user's removed or overwritten."""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn, cast

from anagen.core.disk import cannot_write, is_of_disk, mode_of, rename_durably, sync_file, sync_folder, write_durably
from anagen.core.environment import environment
from anagen.core.errors import InputError, Problem
from anagen.core.interruption import undisturbed
from anagen.core.own_folders import (
    MARKER,
    MARKER_TEXT,
    FolderInUse,
    clear_scratch,
    empty_own,
    held,
    is_own,
    refuse_foreign,
    remove_own,
)
from anagen.results.contents import ResultContents
from anagen.results.manifest import (
    MANIFEST,
    any_manifest,
    changed_files,
    files_record,
    finished_words,
    is_result_folder,
    listed_files,
    strangers,
)
from anagen.results.schema import TABLES
from anagen.results.storage import table_to_bytes

STUDY = "study.json"
FLOW = "flow.json"
PARTIAL = ".partial"
REPLACED = ".replaced"
READY = f"{MARKER}.ready"
"""The marker of the earlier results, until it is whole."""
OUT = "path"
"""Argument that names the place; the command line tells it as its option."""
NAMED = 3
"""Files that a message names before it only counts them."""


def free_folder(parent: Path, study: str, taken: Collection[Path] = ()) -> Path:
    """First of `<parent>/<study>`, `<parent>/<study>-2`, ... that does not exist and is not among `taken`.

    Examples
    --------
    >>> free_folder(Path("/nowhere"), "exosome-vs-saline").name
    'exosome-vs-saline'
    """
    folder, number = parent / study, 1
    while mode_of(folder, OUT) is not None or folder in taken:
        number += 1
        folder = parent / f"{study}-{number}"
    return folder


def prepare_folder(folder: Path, *, overwrite: bool = False) -> None:
    """Checks, before any work is done, that results may be written to `folder`; writes nothing.

    Raises
    ------
    InputError
        Where it exists and `overwrite` is false, is not a result folder or holds files that are not of the result or
        were changed, or where something else stands in a place that is needed.
    """
    if folder.name in ("", ".."):
        _refuse(folder, "has no name of its own; name the folder itself, as it is called in the one above")
    mode = mode_of(folder, OUT)
    if mode is not None and stat.S_ISLNK(mode):
        _refuse(folder, f"is a link to {os.readlink(folder)}; name that place itself, links are not replaced")
    if mode is not None and not overwrite:
        message = f"exists already{finished_words(folder)}; choose another {OUT}, or give overwrite=True to replace"
        _refuse(folder, f"{message} earlier results")
    if mode is not None and not is_result_folder(folder):
        _refuse(folder, f"is not a result folder, so it is not overwritten; choose another {OUT}")
    if mode is not None:
        _refuse_users(folder)
    refuse_foreign(_beside(folder, PARTIAL), OUT, "results are written there first")
    _prepare_replaced(folder, _beside(folder, REPLACED), overwrite=overwrite, standing=mode is not None)


def _prepare_replaced(folder: Path, replaced: Path, *, overwrite: bool, standing: bool) -> None:
    """A run that was killed while it replaced results leaves the earlier ones there."""
    if mode_of(replaced, OUT) is None:
        return
    if overwrite:
        refuse_foreign(replaced, OUT, "earlier results are kept there until the new ones are in place")
        _refuse_users(replaced)
    elif not standing and is_own(replaced):
        message = (
            f"does not exist, but the earlier results that a stopped run was replacing stand in {replaced}; give "
            f"overwrite=True to go on and replace them, or rename that folder to keep them"
        )
        _refuse(folder, message)


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
        Where `folder` may not be written; see `prepare_folder`. Also where the disk is full.
    SchemaError
        Where a table does not fit its schema.
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
        Where `folder` may not or cannot be written; see `prepare_folder`.
    """
    prepare_folder(folder, overwrite=overwrite)
    partial = _beside(folder, PARTIAL)
    with ExitStack() as holding:
        try:
            holding.enter_context(held(partial))
        except FolderInUse as error:
            raise InputError([Problem(str(folder), None, None, OUT, str(error))]) from error
        except OSError as error:
            raise cannot_write(folder, OUT, error) from error
        try:
            empty_own(partial)
            fill(partial)
            _write_manifest(manifest, partial)
            with undisturbed():
                _put_in_place(partial, folder, overwrite=overwrite)
        except BaseException as error:
            if partial.exists():
                empty_own(partial)
                remove_own(partial)
            if isinstance(error, OSError) and is_of_disk(error, folder):
                raise cannot_write(folder, OUT, error) from error
            raise
    return folder


def _write_tables(contents: ResultContents, folder: Path) -> None:
    for name, rows in contents.rows.items():
        rows.write(folder / TABLES[name].file)
    for name, table in contents.summaries().items():
        write_durably(folder / TABLES[name].file, table_to_bytes(name, table))
    write_durably(folder / STUDY, _to_json(contents.study))
    write_durably(folder / FLOW, _to_json(contents.flow))


def _write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    names: list[str] = []
    folders = {folder}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            folders.add(path)
        elif path.name != MARKER:
            sync_file(path)
            names.append(path.relative_to(folder).as_posix())
    record = {"environment": environment(), **manifest, **files_record(folder, names)}
    write_durably(folder / MANIFEST, _to_json(record))
    for each in folders:
        sync_folder(each)


def _put_in_place(partial: Path, folder: Path, *, overwrite: bool) -> None:
    """Gives the finished folder its name, and removes what it replaces once it has it.

    Every folder on the way carries the marker until the end, so that whatever a kill leaves is known for ours.
    """
    # Asked again: much may have happened since the work began.
    prepare_folder(folder, overwrite=overwrite)
    replaced = _beside(folder, REPLACED)
    try:
        if folder.exists():
            _remove_replaced(replaced)
            write_durably(partial / READY, MARKER_TEXT)
            rename_durably(partial / READY, folder / MARKER)
            rename_durably(folder, replaced)
        rename_durably(partial, folder)
    except BaseException:
        if not folder.exists() and replaced.exists():
            os.replace(replaced, folder)
        if folder.exists():
            (folder / MARKER).unlink(missing_ok=True)
        raise
    if overwrite:
        _remove_replaced(replaced)
    (folder / MARKER).unlink()


def _remove_replaced(folder: Path) -> None:
    """Removes the files that the manifest lists, then the manifest, then the marker and the folder."""
    clear_scratch(folder)
    if not folder.exists():
        return
    if (folder / MANIFEST).is_file():
        names = listed_files(folder, any_manifest(folder))
        for name in names:
            (folder / name).unlink(missing_ok=True)
        parents = {parent for name in names for parent in PurePosixPath(name).parents} - {PurePosixPath(".")}
        for parent in sorted(parents, key=lambda each: len(each.parts), reverse=True):
            if (folder / parent).is_dir():
                (folder / parent).rmdir()
        (folder / MANIFEST).unlink()
    remove_own(folder)


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


def _refuse_users(folder: Path) -> None:
    """Files of the user's in a result folder: those that no run wrote, and those that were changed since."""
    names, why = strangers(folder), "which its manifest does not list"
    if not names:
        names, why = changed_files(folder), "changed after it was written"
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        message = f"holds {', '.join(names[:NAMED])}{more}, {why}, so it is not replaced"
        _refuse(folder, f"{message}; move that away, or choose another {OUT}")


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(folder.name + suffix)


def _refuse(path: Path, message: str) -> NoReturn:
    raise InputError((Problem(str(path), None, None, OUT, message),))
