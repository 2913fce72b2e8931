"""Whether the studio is up, and which version it is."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from anagen.core.provenance import package_version

router = APIRouter(prefix="/api/v1", tags=["studio"])


class Health(BaseModel):
    """State of the studio.

    Attributes
    ----------
    ok : bool
        Always true where there is an answer.
    version : str
        Version of the package.
    """

    ok: bool
    version: str


@router.get("/health")
def health() -> Health:
    """Tell that the studio is up.

    Returns
    -------
    Health
        Its version.
    """
    return Health(ok=True, version=package_version())
