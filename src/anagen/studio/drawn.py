"""Pictures by matplotlib as answers: one is drawn at a time, because its settings belong to the whole process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import HTTPException
from fastapi.responses import Response

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONE_AT_A_TIME = Lock()
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def picture(draw: Callable[[], Figure], ending: str, name: str) -> Response:
    """A picture as a file.

    Parameters
    ----------
    draw : Callable
        Draws it.
    ending : str
        "svg" or "png".
    name : str
        What the file is called where it is kept, without its ending.

    Returns
    -------
    Response
        The file, shown in place.

    Raises
    ------
    HTTPException
        404 for another ending.
    """
    from anagen.reports.style import SIGNATURE, styled, to_png, to_svg

    if ending not in KINDS:
        raise HTTPException(404, f"Pictures end in {' or '.join(KINDS)}.")
    with ONE_AT_A_TIME:
        with styled():
            figure = draw()
        data = (to_svg if ending == "svg" else to_png)(figure, software=SIGNATURE)
    return Response(
        data,
        media_type=KINDS[ending],
        headers={"Content-Disposition": f'inline; filename="{name}.{ending}"'},
    )
