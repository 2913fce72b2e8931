"""The manifest of a result folder: what was run, with what, and size and hash of every file."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, NoReturn, cast

from anagen.core.environment import environment
from anagen.core.errors import InputError, Problem
from anagen.core.own_folders import MARKER, is_marker
from anagen.core.plain import json_object
from anagen.core.provenance import git_commit, package_version, sha256_of_file
from anagen.results.schema import SCHEMA_VERSION

PACKAGE = "anagen"
MANIFEST = "manifest.json"
REQUIRED_KEYS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "schema_version": (int,),
        "package": (str,),
        "version": (str,),
        "git_commit": (str, type(None)),
        "study": (str,),
        "study_sha256": (str,),
        "seed": (int,),
        "replicates": (int,),
        "draws": (int,),
        "parameters_sha256": (str,),
        "parameter_source": (str,),
        "arms": (list,),
        "primary": (dict,),
    }
)
"""What the manifest of a run holds, with the types of JSON."""
DIGITS = frozenset("0123456789abcdef")


def build_manifest(
    *,
    study: str,
    study_sha256: str,
    seed: int,
    replicates: int,
    draws: int,
    parameters_sha256: str,
    arms: Sequence[Mapping[str, Any]],
    primary: Mapping[str, Any],
    parameter_source: str = "hand-set priors",
    **further: Any,
) -> dict[str, Any]:
    """Manifest of a run, without the hashes of files, which `write_results` adds.

    It holds no time, path or name of a machine: the same run gives the same manifest, but for "environment" (versions
    and processor) and "git_commit".

    Parameters
    ----------
    study : str
        Name of the study.
    study_sha256 : str
        Hash of the study file.
    seed : int
        Seed of the run.
    replicates : int
        Number of replicates of the trial.
    draws : int
        Number of parameter draws besides the central values.
    parameters_sha256 : str
        Hash of the parameter set.
    arms : Sequence[Mapping[str, Any]]
        One mapping per arm, with its name, patients and whether it is a control.
    primary : Mapping[str, Any]
        Endpoint, week and measure of the primary endpoint.
    parameter_source : str, default "hand-set priors"
        Where the parameter values come from, in words.
    **further : Any
        Anything else to record, as plain values: patients per arm where the command line set them, flags on implausible
        results, the inputs of the network that every arm occupies, the posterior that was drawn from.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "package": PACKAGE,
        "version": package_version(),
        "git_commit": git_commit(),
        "environment": environment(),
        "study": study,
        "study_sha256": study_sha256,
        "seed": seed,
        "replicates": replicates,
        "draws": draws,
        "parameters_sha256": parameters_sha256,
        "parameter_source": parameter_source,
        "arms": [dict(arm) for arm in arms],
        "primary": dict(primary),
        **further,
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a result folder of a run or a response curve.

    Raises
    ------
    InputError
        Where there is none, it cannot be read, lacks entries or has another schema version.
    """
    manifest = any_manifest(folder)
    path, version = folder / MANIFEST, manifest.get("schema_version")
    if version != SCHEMA_VERSION and "kind" in manifest:
        refuse(folder, f"holds the {manifest['kind']} of a study, not the tables of a run")
    if version != SCHEMA_VERSION:
        refuse(path, f"has schema version {version!r}; this version of anagen reads {SCHEMA_VERSION}")
    lacking = [key for key in REQUIRED_KEYS if key not in manifest]
    if lacking:
        refuse(path, f"lacks {', '.join(lacking)}")
    for key, types in REQUIRED_KEYS.items():
        if not isinstance(manifest[key], types) or isinstance(manifest[key], bool):
            refuse(path, f"{key} is no {types[0].__name__}: the file was changed after it was written")
    listed_files(folder, manifest)
    return manifest


def any_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a folder that this package wrote, whatever kind of result it holds.

    Raises
    ------
    InputError
        Where there is none or it cannot be read.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        refuse(folder, "is not a folder")
    if not path.is_file():
        refuse(folder, f"is not a result folder: it has no {MANIFEST}")
    manifest = json_object(path)
    if manifest.get("package") != PACKAGE:
        refuse(path, "was not written by anagen")
    return manifest


def listed_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[int | None, str]]:
    """Files that a manifest lists: name -> size in bytes (None in folders of older versions) and SHA-256.

    Raises
    ------
    InputError
        Where the list is none, or names a file outside the folder.
    """
    path = folder / MANIFEST
    files, sizes = manifest.get("files"), manifest.get("sizes", {})
    if not isinstance(files, dict) or not files or not isinstance(sizes, dict):
        refuse(path, "files is no list of files with their hashes: the file was changed after it was written")
    listed: dict[str, tuple[int | None, str]] = {}
    for name, digest in cast("dict[str, object]", files).items():
        pure, size = PurePosixPath(name), cast("dict[str, object]", sizes).get(name)
        if pure.is_absolute() or ".." in pure.parts or pure.as_posix() != name or name in ("", ".", MANIFEST, MARKER):
            refuse(path, f"files names {name!r}, which is no file of this folder; a run never writes that")
        if not isinstance(digest, str) or len(digest) != 64 or not DIGITS.issuperset(digest):
            refuse(path, f"files.{name} is no SHA-256: the file was changed after it was written")
        listed[name] = (size if isinstance(size, int) else None, digest)
    return listed


def files_record(folder: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a manifest says of the files of its folder: hashes under "files", sizes under "sizes"."""
    return {
        "files": {name: sha256_of_file(folder / name) for name in names},
        "sizes": {name: (folder / name).stat().st_size for name in names},
    }


def finished_words(folder: Path) -> str:
    """What a folder that exists holds, in words: whose finished results, or nothing that a run wrote."""
    if not is_result_folder(folder):
        return ""
    manifest = any_manifest(folder)
    told = [f"of {manifest['study']}"] if isinstance(manifest.get("study"), str) else []
    told += [f"with seed {manifest['seed']}"] if isinstance(manifest.get("seed"), int) else []
    return " ".join([" and holds finished results", *told])


def is_result_folder(folder: Path) -> bool:
    """Whether this package wrote the folder: its manifest says kind, version and files, all of them inside."""
    try:
        manifest = any_manifest(folder)
        listed_files(folder, manifest)
    except InputError:
        return False
    of_a_kind = isinstance(manifest.get("schema_version"), int) or isinstance(manifest.get("kind"), str)
    return of_a_kind and isinstance(manifest.get("version"), str)


def strangers(folder: Path) -> list[str]:
    """Names in a result folder that its manifest does not list; a link counts as one, and is not followed."""
    known = {MANIFEST, *([MARKER] if is_marker(folder / MARKER) else [])}
    if (folder / MANIFEST).is_file():
        known |= listed_files(folder, any_manifest(folder)).keys()
    parents = {parent.as_posix() for name in known for parent in PurePosixPath(name).parents}

    def below(place: Path) -> list[str]:
        found: list[str] = []
        for path in sorted(place.iterdir()):
            name, mode = path.relative_to(folder).as_posix(), path.lstat().st_mode
            if stat.S_ISDIR(mode) and name in parents:
                found += below(path)
            elif not stat.S_ISREG(mode) or name not in known:
                found.append(name + ("/" if stat.S_ISDIR(mode) else ""))
        return found

    return below(folder)


def changed_files(folder: Path) -> list[str]:
    """Names in a result folder that hold something else than was written; a file that is missing is none of them.

    Sizes are looked at before hashes: where a size tells, nothing is hashed.
    """
    listed = listed_files(folder, any_manifest(folder)) if (folder / MANIFEST).is_file() else {}
    there = {name: facts for name, facts in listed.items() if (folder / name).is_file()}
    sizes = [name for name, (size, _) in there.items() if size not in (None, os.stat(folder / name).st_size)]
    return sizes or [name for name, (_, digest) in there.items() if sha256_of_file(folder / name) != digest]


def verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Compare every file with its size, then its hash.

    Parameters
    ----------
    folder : Path
        A result folder.
    manifest : Mapping[str, Any]
        Its manifest.

    Raises
    ------
    InputError
        Naming every file that is missing or was changed.
    """
    listed = listed_files(folder, manifest)
    problems = [problem(folder / name, why) for name, facts in listed.items() if (why := _damage(folder / name, facts))]
    if problems:
        raise InputError(problems)


def problem(path: Path, message: str) -> Problem:
    """What is wrong with a file or folder of results."""
    return Problem(file=str(path), line=None, column=None, field="", message=message)


def refuse(path: Path, message: str) -> NoReturn:
    """Refuse a file or folder of results."""
    raise InputError((problem(path, message),))


def _damage(path: Path, facts: tuple[int | None, str]) -> str:
    size, digest = facts
    if not path.is_file():
        return "is missing"
    found = os.stat(path).st_size
    if size is not None and found != size:
        return f"was changed after it was written: it has {found} bytes, the manifest says {size}"
    if sha256_of_file(path) != digest:
        return "was changed after it was written: its SHA-256 is not the manifest's"
    return ""
