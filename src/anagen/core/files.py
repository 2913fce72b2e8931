"""Writing that survives a kill: a file or folder is either there and whole, or not there."""

from __future__ import annotations

import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Waits until the bytes of a file are on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk; does nothing on Windows, which cannot open folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes) -> None:
    """Writes a file and waits until its bytes are on the disk.

    Parameters
    ----------
    path : Path
        File.
    data : bytes
        Bytes.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def rename_durably(source: Path, target: Path) -> None:
    """Gives a finished file or folder its final name, in one step that a kill cannot cut in two.

    Parameters
    ----------
    source : Path
        What is renamed.
    target : Path
        Its new name.

    Raises
    ------
    OSError
        Where `target` is a folder that is not empty, or another file system.
    """
    os.replace(source, target)
    sync_folder(target.parent)
