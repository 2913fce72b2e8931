"""Removes the files of a job that was deleted for good: what a run wrote, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from anagen.core.own_folders import MARKER, empty_own, is_own
from anagen.results.manifest import MANIFEST, any_manifest, is_result_folder, listed_files

WORK = ".work"


def remove_files(folder: Path, name: str) -> None:
    """Remove the result folder of a job, what is kept of a stopped run, and its log.

    Files that no run wrote are left where they are, and their folders with them.

    Parameters
    ----------
    folder : Path
        Of the studio.
    name : str
        Of the result folder.
    """
    result, kept = folder / "runs" / name, folder / "runs" / f"{name}{WORK}"
    if is_result_folder(result):
        names = [*listed_files(result, any_manifest(result)), MANIFEST, MARKER]
        for each in names:
            (result / each).unlink(missing_ok=True)
        _remove_empty(result, names)
    if is_own(kept):
        empty_own(kept)
        (kept / MARKER).unlink()
        kept.rmdir()
    (folder / "logs" / f"{name}.log").unlink(missing_ok=True)


def _remove_empty(result: Path, names: list[str]) -> None:
    parents = {parent for name in names for parent in PurePosixPath(name).parents}
    for parent in sorted(parents, key=lambda each: len(each.parts), reverse=True):
        place = result / parent
        if place.is_dir() and not os.listdir(place):
            place.rmdir()
