"""Where a result comes from: hashes of inputs and files, the package's version and, in a checkout, its commit."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]
SOURCE_SUFFIXES = frozenset({".py", ".toml"})
GIT_SECONDS = 10.0


@cache
def package_version() -> str:
    """Version of the installed package, or "0+unknown" where it runs from a folder that was never installed.

    Returns
    -------
    str
        Version, as pip shows it.

    Examples
    --------
    >>> package_version()[0].isdigit()
    True
    """
    try:
        return metadata.version("anagen")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def canonical_json(value: object) -> str:
    """JSON text with sorted keys and no spaces: the same text for equal values, on every machine.

    Parameters
    ----------
    value : object
        Anything that JSON can hold.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ValueError
        For NaN and infinities, which JSON does not have.
    TypeError
        For objects that JSON does not have.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [0.5, None]})
    '{"a":[0.5,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of_bytes(data: bytes) -> str:
    """SHA-256 of `data`, 64 hexadecimal digits.

    Parameters
    ----------
    data : bytes
        Bytes.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of_bytes(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def sha256_of_json(value: object) -> str:
    """SHA-256 of the canonical JSON text of `value`.

    Parameters
    ----------
    value : object
        Anything that JSON can hold.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of_json({"a": 1, "b": 2}) == sha256_of_json({"b": 2, "a": 1})
    True
    """
    return sha256_of_bytes(canonical_json(value).encode("utf-8"))


def sha256_of_file(path: Path) -> str:
    """SHA-256 of the bytes of a file, read in pieces.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    OSError
        Where the file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def source_sha256(folder: Path = PACKAGE_FOLDER) -> str:
    """SHA-256 over the names and bytes of the program's own sources and parameter files.

    Results kept from an earlier run may be used again only where this has not changed: a version number stands still
    while the program is being worked on.
    """
    digest = hashlib.sha256()
    for path in _sources(folder):
        digest.update(path.relative_to(folder).as_posix().encode("utf-8") + b"\0")
        digest.update(bytes.fromhex(sha256_of_file(path)))
    return digest.hexdigest()


def git_commit(package_folder: Path = PACKAGE_FOLDER) -> str | None:
    """Commit of the checkout that the package runs from, with "+modified" where its sources differ from that commit.

    None where the package is not run from a checkout (`<root>/src/anagen`, the layout of the repository), where git is
    not installed or where it cannot tell.
    """
    root = package_folder.parents[1]
    if package_folder.parent.name != "src" or not (root / ".git").exists():
        return None
    commit = _git(root, ["rev-parse", "--verify", "HEAD"])
    if not commit:
        return None
    changes = _git(root, ["status", "--porcelain", "--", str(package_folder)])
    return commit if changes == "" else f"{commit}+modified"


def _sources(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SOURCE_SUFFIXES)


def _git(root: Path, arguments: list[str]) -> str | None:
    # GIT_DIR and its kin, set inside hooks, would point git at another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        finished = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=GIT_SECONDS,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return finished.stdout.strip() if finished.returncode == 0 else None
