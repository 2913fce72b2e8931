"""Reads result folders and names what is damaged in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.plain import json_object
from anagen.results.contents import ResultContents
from anagen.results.folder import FLOW, STUDY
from anagen.results.manifest import MANIFEST, problem, read_manifest, refuse, verify
from anagen.results.rows import Rows
from anagen.results.schema import TABLES, SchemaError
from anagen.results.storage import read_table


def read_results(folder: Path, *, verified: bool = True) -> ResultContents:
    """Reads a result folder and checks every file against its size and hash.

    Parameters
    ----------
    folder : Path
        The folder.
    verified : bool
        Whether to compare sizes and hashes first; without, what a table holds is believed as it stands.

    Returns
    -------
    ResultContents
        The contents.

    Raises
    ------
    InputError
        Naming every file that is missing, changed or does not fit the schema.
    """
    manifest = read_manifest(folder)
    if "kind" in manifest:
        refuse(folder, f"holds the {manifest['kind']} of a study, not the tables of a run")
    needed = [schema.file for schema in TABLES.values() if not schema.optional] + [STUDY, FLOW]
    problems = [problem(folder / MANIFEST, f"does not list {name}") for name in needed if name not in manifest["files"]]
    if problems:
        raise InputError(problems)
    if verified:
        verify(folder, manifest)
    problems: list[Problem] = []
    tables: dict[str, Any] = {}
    for name, schema in TABLES.items():
        if schema.optional and schema.file not in manifest["files"]:
            continue
        try:
            tables[name] = read_table(name, folder / TABLES[name].file)
        except (SchemaError, OSError, ValueError) as error:
            problems.append(problem(folder / TABLES[name].file, str(error)))
    if problems:
        raise InputError(tuple(problems))
    study, flow = json_object(folder / STUDY), json_object(folder / FLOW)
    rows = {name: Rows(name, (tables.pop(name),)) for name in ("visits", "patients", "events")}
    return ResultContents(study=study, flow=flow, manifest=manifest, rows=rows, **tables)
