"""Finished outputs on the disk, one folder per task, so that a killed run goes on where it stopped."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from anagen.core.disk import rename_durably, sync_folder, write_durably
from anagen.core.own_folders import held, remove_own
from anagen.core.parquet import frame_to_parquet, read_frame
from anagen.core.provenance import sha256_of_bytes, sha256_of_file

INDEX = "chunk.json"
TABLE = ".parquet"
PARTIAL = ".partial"
CHUNK_NAME = re.compile(r"[0-9A-Za-z]+(\.[0-9]+\.partial)?")
"""Names of chunk folders: the key of a task, and what a process is writing or left half-written."""


class DamagedChunkWarning(UserWarning):
    """A kept output was cut short or changed on the disk; it is computed again."""


class KeptTables(Mapping[str, pd.DataFrame]):
    """Tables of a finished task on the disk; each is read when it is asked for.

    Parameters
    ----------
    files : Mapping[str, Path]
        Name -> parquet file.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Reads a table."""
        return from_parquet(self.files[name].read_bytes())

    def __iter__(self) -> Iterator[str]:
        """Names, in the order in which the task gave them."""
        return iter(self.files)

    def __len__(self) -> int:
        """Number of tables."""
        return len(self.files)


@dataclass(frozen=True)
class ChunkStore:
    """A folder of finished outputs.

    Every chunk is a folder `<key>` with one parquet file per table and an index of their SHA-256 sums. It is written
    under another name and renamed when its bytes are on the disk, so that a chunk with its final name is whole.

    Attributes
    ----------
    folder : Path
        Made when the first chunk is written. Nothing in it is removed but chunks.
    """

    folder: Path

    def __len__(self) -> int:
        """Number of chunks that are there, damaged or not."""
        return sum(path.parent.suffix != PARTIAL for path in self.folder.glob(f"*/{INDEX}"))

    def write(self, key: str, packed: Mapping[str, bytes]) -> None:
        """Keeps the tables of one task.

        Several processes may write different keys, or the same key with the same tables, at once.

        Parameters
        ----------
        key : str
            Of the task.
        packed : Mapping[str, bytes]
            Name -> table, from `packed`.

        Raises
        ------
        OSError
            Where the disk is full or the folder cannot be written.
        """
        partial, target = self.folder / f"{key}.{os.getpid()}{PARTIAL}", self.folder / key
        _remove_chunk(partial)
        try:
            partial.mkdir(parents=True)
            sums: dict[str, str] = {}
            for name, data in packed.items():
                write_durably(partial / f"{name}{TABLE}", data)
                sums[name] = sha256_of_bytes(data)
            write_durably(partial / INDEX, json.dumps(sums).encode("utf-8"))
            sync_folder(partial)
            _remove_chunk(target)
            rename_durably(partial, target)
        except BaseException:
            _remove_chunk(partial)
            raise

    def read(self, key: str) -> KeptTables | None:
        """Tables of one task, compared with their hashes, or None where there is no such chunk.

        A damaged chunk is removed with a `DamagedChunkWarning` and counts as missing.
        """
        folder = self.folder / key
        if not (folder / INDEX).exists():
            return None
        try:
            return KeptTables(_whole_files(folder))
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            warnings.warn(f"kept output {key[:12]} is damaged and is computed again: {error}", DamagedChunkWarning, 2)
            _remove_chunk(folder)
            return None

    def clear(self) -> None:
        """Removes the chunks, and the folder where it was made by `locked` and holds nothing else."""
        if self.folder.is_dir():
            self._remove_chunks("")
            remove_own(self.folder)

    @contextmanager
    def locked(self) -> Generator[None]:
        """Holds the folder for this run; the system lets go of it when the process ends, however it ends.

        Returns
        -------
        Generator[None]
            Nothing; the folder is held while the block runs.

        Raises
        ------
        FolderInUse
            Where another run holds it.
        OSError
            Where the folder cannot be made.
        """
        with held(self.folder):
            self._remove_chunks(PARTIAL)
            yield

    def _remove_chunks(self, ending: str) -> None:
        for path in self.folder.iterdir():
            if path.name.endswith(ending) and CHUNK_NAME.fullmatch(path.name) and path.is_dir():
                _remove_chunk(path)


def _remove_chunk(folder: Path) -> None:
    """Removes tables and index of a chunk, and the folder where nothing else is in it.

    The index goes last: a folder of that name without one is somebody else's, unless it is still being written.
    """
    if folder.is_symlink() or not folder.is_dir():
        return
    if folder.name.endswith(PARTIAL) or (folder / INDEX).exists():
        for table in folder.glob(f"*{TABLE}"):
            table.unlink()
        (folder / INDEX).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _whole_files(folder: Path) -> dict[str, Path]:
    sums = cast("dict[str, Any]", json.loads((folder / INDEX).read_text(encoding="utf-8")))
    files = {name: folder / f"{name}{TABLE}" for name in sums}
    for name, file in files.items():
        if sha256_of_file(file) != sums[name]:
            raise ValueError(f"{file.name} does not have the bytes that were written")
    return files


def packed(tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Tables as parquet, as a store keeps them and a cluster sends them."""
    return {name: frame_to_parquet(table) for name, table in tables.items()}


def from_parquet(data: bytes) -> pd.DataFrame:
    """A table of `packed`."""
    return read_frame(data)
