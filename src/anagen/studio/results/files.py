"""Files of a result folder, as its manifest lists them; no name from an address ever makes a path."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from starlette.exceptions import HTTPException

from anagen.core.errors import InputError
from anagen.results.manifest import MANIFEST, any_manifest, listed_files
from anagen.studio.jobs.job import DONE, Job

REPORT_POLICY = (
    "sandbox; default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
"""A report holds its own style and pictures, and no script; nothing in it may run or ask for anything."""
SAFE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def files_of(job: Job) -> tuple[str, ...]:
    """Names of the files of a run's result.

    Parameters
    ----------
    job : Job
        The run.

    Returns
    -------
    tuple of str
        As the manifest lists them, and the manifest; empty where there is no result.
    """
    if job.state != DONE:
        return ()
    try:
        return (*sorted(listed_files(job.folder, any_manifest(job.folder))), MANIFEST)
    except InputError:
        return ()


def file_of(job: Job, name: str) -> Path:
    """A file of a run's result.

    Parameters
    ----------
    job : Job
        The run.
    name : str
        As it came in an address.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    HTTPException
        404 where the manifest does not list it, or it is not there.
    """
    if name not in files_of(job) or job.deleted:
        raise HTTPException(404, "The result of this run has no such file.")
    path = job.folder / name
    if path.is_symlink() or not path.is_file():
        raise HTTPException(404, f"{name} was removed from the folder of this run.")
    return path


def zipped(job: Job) -> IO[bytes]:
    """The whole result in one file.

    Parameters
    ----------
    job : Job
        The run.

    Returns
    -------
    IO of bytes
        A zip file at its beginning; it is gone when it is closed.

    Raises
    ------
    HTTPException
        404 where there is no result.
    """
    names = files_of(job)
    if not names or job.deleted:
        raise HTTPException(404, "This run has no result.")
    made = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who sends it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(file_of(job, name), f"{job.id}/{name}")
    made.seek(0)
    return made
