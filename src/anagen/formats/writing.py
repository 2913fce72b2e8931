"""Writes what a format is made of: one file, or a folder that is there and whole or not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anagen.core.disk import cannot_write, mode_of, sync_file, sync_folder, write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.files import Target
from anagen.core.own_folders import FolderInUse, scratch


@dataclass(frozen=True, slots=True)
class FilesTarget:
    """Where an export goes.

    Attributes
    ----------
    path : Path
        The file or folder that the user named.
    folder : bool
        Whether it is a folder.
    overwrite : bool
        Whether a file that exists may be replaced; a folder never is.
    option : str
        Argument or option that names it, for messages.
    """

    path: Path
    folder: bool
    overwrite: bool = False
    option: str = "OUT"

    def check(self) -> None:
        """Refuse, before any work is done, what may not be written.

        Raises
        ------
        InputError
            Naming the place.
        """
        if mode_of(self.path, self.option) is not None and (self.folder or not self.overwrite):
            way = (
                "remove it, as a folder is not replaced"
                if self.folder
                else "give --overwrite (overwrite=True) to replace it"
            )
            message = f"exists already; choose another {self.option}, or {way}"
            raise InputError([Problem(str(self.path), None, None, self.option, message)])
        if not self.folder:
            Target(self.path, self.option, self.overwrite).check()

    def write(self, files: Mapping[str, bytes | Path]) -> list[Path]:
        """Write the files, all or none.

        Parameters
        ----------
        files : Mapping[str, bytes or Path]
            Name inside the folder -> content, or a file to copy; one entry where a file is written, whatever its name.

        Returns
        -------
        list of Path
            What was written.

        Raises
        ------
        InputError
            Where it cannot be written.
        """
        self.check()
        if not self.folder:
            (data,) = files.values()
            whole = data.read_bytes() if isinstance(data, Path) else data
            return [Target(self.path, self.option, self.overwrite).write(whole)]
        try:
            with scratch(self.path) as place:
                made = place / "folder"
                for name, data in files.items():
                    (made / name).parent.mkdir(parents=True, exist_ok=True)
                    if isinstance(data, Path):
                        shutil.copyfile(data, made / name)
                        sync_file(made / name)
                    else:
                        write_durably(made / name, data)
                sync_folder(made)
                os.rename(made, self.path)
        except (OSError, FolderInUse) as error:
            raise cannot_write(self.path, self.option, error) from error
        return [self.path / name for name in files]
