"""Finished outputs on the disk, one folder per task, so that a killed run goes on where it stopped."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from anagen.core.errors import AnagenError
from anagen.core.files import rename_durably, sync_folder, write_durably
from anagen.core.provenance import sha256_of_bytes

INDEX = "chunk.json"
PARTIAL = ".partial"
LOCK = "lock"


class DamagedChunkWarning(UserWarning):
    """A kept output was cut short or changed on the disk; it is computed again."""


class FolderInUse(AnagenError):
    """Another run is using the same work folder."""


@dataclass(frozen=True)
class ChunkStore:
    """A folder of finished outputs.

    Every chunk is a folder `<key>` with one parquet file per table and an index of their SHA-256 sums. It is written
    under another name and renamed when its bytes are on the disk, so that a chunk with its final name is whole.

    Attributes
    ----------
    folder : Path
        Made when the first chunk is written.
    """

    folder: Path

    def __len__(self) -> int:
        """Number of chunks that are there, damaged or not."""
        return sum(path.parent.suffix != PARTIAL for path in self.folder.glob(f"*/{INDEX}"))

    def write(self, key: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """Keeps the tables of one task.

        Several processes may write different keys, or the same key with the same tables, at once.

        Parameters
        ----------
        key : str
            Of the task.
        tables : Mapping[str, pd.DataFrame]
            Name -> table.

        Raises
        ------
        OSError
            Where the disk is full or the folder cannot be written.
        """
        partial = self.folder / f"{key}.{os.getpid()}{PARTIAL}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        sums: dict[str, str] = {}
        for name, table in tables.items():
            data = _to_parquet(table)
            write_durably(partial / f"{name}.parquet", data)
            sums[name] = sha256_of_bytes(data)
        write_durably(partial / INDEX, json.dumps(sums).encode("utf-8"))
        sync_folder(partial)
        target = self.folder / key
        if target.exists():
            shutil.rmtree(target)
        rename_durably(partial, target)

    def read(self, key: str) -> dict[str, pd.DataFrame] | None:
        """Tables of one task, or None where there is no such chunk.

        A damaged chunk is removed with a `DamagedChunkWarning` and counts as missing.
        """
        folder = self.folder / key
        if not folder.exists():
            return None
        try:
            return _read_chunk(folder)
        except (OSError, ValueError) as error:
            warnings.warn(f"kept output {key[:12]} is damaged and is computed again: {error}", DamagedChunkWarning, 2)
            shutil.rmtree(folder)
            return None

    def clear(self) -> None:
        """Removes the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

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
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor, self.folder)
            for left_over in self.folder.glob(f"*{PARTIAL}"):
                shutil.rmtree(left_over, ignore_errors=True)
            yield
        finally:
            os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise FolderInUse(f"another run is using {folder}; wait for it or give this run another --out") from error


def _read_chunk(folder: Path) -> dict[str, pd.DataFrame]:
    sums = cast("dict[str, Any]", json.loads((folder / INDEX).read_text(encoding="utf-8")))
    tables: dict[str, pd.DataFrame] = {}
    for name, expected in sums.items():
        data = (folder / f"{name}.parquet").read_bytes()
        if sha256_of_bytes(data) != expected:
            raise ValueError(f"{name}.parquet does not have the bytes that were written")
        tables[name] = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    return tables


def _to_parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, engine="pyarrow", compression="zstd", index=False)
    return buffer.getvalue()
