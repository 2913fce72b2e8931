"""What a run left, file by file: its report, the files of its result, its log, the whole folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, StreamingResponse
from starlette.exceptions import HTTPException

from anagen.studio.access import seen_job
from anagen.studio.results.files import REPORT_POLICY, SAFE_POLICY, file_of, zipped

router = APIRouter(include_in_schema=False)
PIECE = 1 << 16


@router.get("/runs/{id}/report")
def report(request: Request, id: str) -> FileResponse:
    """Give the report, for a frame in which nothing runs.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.

    Returns
    -------
    FileResponse
        The page that the run wrote.
    """
    file = file_of(seen_job(request, id), "report.html")
    return FileResponse(file, headers={"Content-Security-Policy": REPORT_POLICY})


@router.get("/runs/{id}/files/{name:path}")
def file(request: Request, id: str, name: str) -> FileResponse:
    """Give a file of the result folder.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.
    name : str
        One that the manifest lists.

    Returns
    -------
    FileResponse
        The file.
    """
    found = file_of(seen_job(request, id), name)
    page = found.suffix == ".html"
    headers = {"Content-Security-Policy": REPORT_POLICY if page else SAFE_POLICY}
    return FileResponse(found, headers=headers)


@router.get("/runs/{id}/log")
def log(request: Request, id: str) -> FileResponse:
    """Give what the worker printed.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.

    Returns
    -------
    FileResponse
        Text, to be kept as a file.
    """
    job = seen_job(request, id)
    if not job.log.is_file():
        raise HTTPException(404, "This run has no log.")
    return FileResponse(job.log, media_type="text/plain", filename=f"{job.id}.log")


@router.get("/runs/{id}/folder.zip")
def folder(request: Request, id: str) -> StreamingResponse:
    """Give the whole result folder in one file.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.

    Returns
    -------
    StreamingResponse
        A zip file.
    """
    job = seen_job(request, id)
    headers = {"Content-Disposition": f'attachment; filename="anagen-{job.id}.zip"'}
    return StreamingResponse(_pieces(zipped(job)), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
