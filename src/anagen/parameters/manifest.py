"""The manifest of a posterior: what its draws were computed from and by what, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, StringConstraints, ValidationError

from anagen.core.errors import InputError, Problem
from anagen.core.fields import Whole
from anagen.core.reading import ErrorReader, shown
from anagen.core.texts import json_data, read_text

FORMAT, VERSION = "anagen-posterior", 1
MANIFEST_KEYS = (
    "format",
    "version",
    "created",
    "package_version",
    "prior_sha256",
    "parquet_sha256",
    "draws",
    "parameters",
    "sampler",
    "chains",
    "seed",
    "studies",
    "note",
    "diagnostics",
)
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Manifest(BaseModel):
    """Types of what a manifest says."""

    created: str
    package_version: str
    prior_sha256: Hash
    parquet_sha256: Hash
    draws: Whole
    parameters: tuple[str, ...]
    sampler: str
    chains: Whole
    seed: Whole
    studies: tuple[str, ...]
    note: str
    diagnostics: dict[str, Any]


_ERRORS = ErrorReader(_Manifest, forms={r"^[0-9a-f]{64}$": "64 hexadecimal digits in lower case"})


def read_manifest(path: Path) -> dict[str, Any]:
    """What a manifest says.

    Parameters
    ----------
    path : Path
        The .json file beside the draws.

    Returns
    -------
    dict
        With every key of MANIFEST_KEYS, each of its type.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    data: object = json_data(read_text(path, "posterior manifest"), str(path))
    if not isinstance(data, dict):
        raise InputError([_problem(path, "", "does not hold a JSON object, so it is no manifest of a posterior")])
    manifest = cast("dict[str, Any]", data)
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        found = f"format {shown(manifest.get('format'))}, version {shown(manifest.get('version'))}"
        raise InputError(
            [_problem(path, "format", f"is of another kind: {found}; expected {FORMAT!r}, version {VERSION}")]
        )
    if missing := [_problem(path, key, "is missing") for key in MANIFEST_KEYS if key not in manifest]:
        raise InputError(missing)
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        raise InputError(fault.problem(str(path), {}) for fault in _ERRORS.faults(error)) from None
    return manifest


def _problem(file: Path, field: str, message: str) -> Problem:
    return Problem(str(file), None, None, field, message)
