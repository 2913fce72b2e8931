"""Tables and pictures of a validation on the disk, and the scores that come with the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from anagen.core.disk import write_durably
from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.extras import pictures_there
from anagen.core.files import Target
from anagen.core.plain import json_object
from anagen.core.provenance import sha256_of_bytes
from anagen.parameters import load_parameters
from anagen.parameters.files import shipped_priors
from anagen.reports.style import styled, to_png, to_svg
from anagen.validation.picture import pictures
from anagen.validation.validate import Validation

SHIPPED = "scores.csv"
TABLES = ("scores", "references", "totals", "net_change", "skill")
SHIPPED_COLUMNS = ("study", "row", "subject", "therapies", "kind", "endpoint", "week", "measure", "threshold", "unit",
                   "contrast", "derived", "net", "observed", "observed_se", "observed_n", "predicted", "low50",
                   "high50", "low90", "high90", "inside50", "inside90", "z", "pit", "crps", "comparable", "use",
                   "reason", "source", "read")  # fmt: skip
DIGITS = "%.9g"


class NoScores(AnagenError):
    """The package holds no scores, or they are not those that its manifest speaks of."""


@dataclass(frozen=True, eq=False)
class ShippedScores:
    """Scores that come with the package.

    Attributes
    ----------
    table : pd.DataFrame
        One row per published value, with SHIPPED_COLUMNS.
    manifest : Mapping[str, Any]
        Seed, draws, hashes.
    current : bool
        Whether they were made with the parameters as they are.
    """

    table: pd.DataFrame
    manifest: Mapping[str, Any]
    current: bool


def write_validation(result: Validation, folder: Path) -> None:
    """Write tables and pictures into an existing folder, byte for byte the same each time."""
    tables = (result.rows, result.references, result.totals, result.net, result.skill)
    for name, table in zip(TABLES, tables, strict=True):
        write_durably(folder / f"{name}.csv", _csv(table))
    if len(result.statements):
        write_durably(folder / "statements.csv", _csv(result.statements))
    figures = folder / "figures"
    figures.mkdir()
    write_pictures(result, figures)


def write_pictures(result: Validation, folder: Path, *, png: bool = True) -> list[str]:
    """Write every picture as SVG, and as PNG where asked, into an existing folder; gives their names without ending.

    None is written where the extra that draws is not installed.
    """
    if not pictures_there():
        return []
    with styled():
        figures = pictures(result.rows, result.skill)
    for name, figure in figures.items():
        write_durably(folder / f"{name}.svg", to_svg(figure))
        if png:
            write_durably(folder / f"{name}.png", to_png(figure))
    return list(figures)


def scores_targets(
    file: Path, option: str = "path", *, overwrite: bool = False, goes_on: bool = False
) -> tuple[Target, Target]:
    """The table of scores, and its manifest beside it (.json), which only takes the place of such a manifest.

    Raises
    ------
    InputError
        Where the table has the name that its manifest would have.
    """
    beside = file.with_suffix(".json")
    if beside == file:
        raise InputError([Problem(str(file), None, None, option, "is a table; give it another ending, such as .csv")])
    return (
        Target(file, option, overwrite, goes_on=goes_on),
        Target(beside, option, overwrite, _is_manifest, goes_on=goes_on),
    )


def _is_manifest(data: bytes) -> bool:
    return b'"scores_sha256"' in data and b'"package": "anagen"' in data


def table_of_values(result: Validation) -> bytes:
    """The table of values as scores.csv in the folder holds it."""
    return _csv(result.rows)


def write_scores(result: Validation, targets: tuple[Target, Target]) -> None:
    """Write the table of scores, and a manifest with seed, draws, hashes and totals; see `scores_targets`.

    Raises
    ------
    InputError
        Where a file may not or cannot be written.
    """
    data = _csv(result.rows[list(SHIPPED_COLUMNS)])
    manifest = {
        **result.manifest,
        "scores_sha256": sha256_of_bytes(data),
        "net_change": json.loads(result.net.to_json(orient="records", double_precision=6)),
        "total": json.loads(result.totals.iloc[:1].to_json(orient="records", double_precision=6))[0],
    }
    table, beside = targets
    table.write(data)
    beside.write((json.dumps(manifest, indent=2) + "\n").encode())


def read_scores(file: Path) -> ShippedScores:
    """Scores as `write_scores` left them.

    Raises
    ------
    NoScores
        Where the table or its manifest is missing, or the table has other bytes.
    """
    manifest_file = file.with_suffix(".json")
    for path in (file, manifest_file):
        if not path.is_file():
            raise NoScores(f"{path}: there is no such file; `anagen validate --write {file}` makes it")
    manifest = json_object(manifest_file)
    if sha256_of_bytes(file.read_bytes()) != manifest.get("scores_sha256"):
        raise NoScores(f"{file}: is not the table that {manifest_file.name} speaks of; write both again")
    table = pd.read_csv(file, keep_default_na=False, na_values=[""])
    # what installed packages bring changes no prediction of a shipped study
    current = manifest.get("parameters_sha256") == load_parameters().only(shipped_priors()).sha256()
    return ShippedScores(table, MappingProxyType(manifest), current)


def shipped_scores() -> ShippedScores:
    """Scores of every shipped study that come with the package.

    Raises
    ------
    NoScores
        Where the package holds none.
    """
    return read_scores(Path(str(files("anagen.validation") / SHIPPED)))


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n", float_format=DIGITS).encode("utf-8")
