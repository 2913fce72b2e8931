"""Checks an RO-Crate: whether its metadata hangs together, and whether its files are there with the hashes it tells."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from anagen.core.errors import Problem
from anagen.core.provenance import sha256_of_file
from anagen.core.reading import is_list, is_mapping
from anagen.core.words import counted
from anagen.formats.format import Checked
from anagen.formats.ro_crate import NAME
from anagen.formats.ro_crate.writer import UNDATED, UNLICENSED
from anagen.formats.texts import text_of

ROOT = "./"
ADDED = ("ro-crate-preview.html", "ro-crate-preview_files")
"""What programs add for people to read, and no crate needs to list."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How the name of what lies elsewhere begins."""
Entities = Mapping[str, Mapping[str, Any]]


def check(path: Path) -> Checked:
    """What a crate holds, and what is wrong in it.

    Parameters
    ----------
    path : Path
        The crate's folder, or the metadata in it.

    Returns
    -------
    Checked
        What it is of, what made it, what is still a placeholder; files that are missing, changed or not described.
    """
    file = path / NAME if path.is_dir() else path
    entities, problems = _entities(file)
    if problems:
        return Checked((), tuple(problems))
    about = next((entry["about"] for name, entry in entities.items() if name.endswith(NAME) and "about" in entry), None)
    root = entities.get(_id_of(about))
    if root is None:
        words = f"names no root: an entity {NAME!r} whose `about` is another entity, as a rule {ROOT!r}"
        return Checked((), (Problem(str(file), None, None, "@graph", words),))
    problems += _dangling(entities, root, str(file))
    files, hashed = 0, 0
    for name, entry in entities.items():
        if "File" in _types(entry) and not _ADDRESS.match(name):
            files += 1
            hashed += "sha256" in entry
            problems += _of_file(file.parent, name, entry)
    problems += _strangers(file.parent, entities)
    lines = [f"{_text(root.get('name')) or 'A crate without a name'}: {counted(files, 'file')}, {hashed} with a hash."]
    for each in entities.values():
        if "SoftwareApplication" in _types(each):
            version = _text(each.get("softwareVersion", each.get("version")))
            lines.append(f"Made by {_text(each.get('name'))} {version}.")
    if root.get("datePublished") in (None, UNDATED):
        lines.append("datePublished is a placeholder: write the day on which you publish it.")
    if _id_of(root.get("license")) in ("", UNLICENSED):
        lines.append("license is not stated: choose the licence of the data.")
    return Checked(tuple(lines), tuple(problems))


def _entities(file: Path) -> tuple[Entities, list[Problem]]:
    """Entities by `@id`."""

    def wrong(field: str, words: str, line: int | None = None) -> tuple[Entities, list[Problem]]:
        return {}, [Problem(str(file), line, None, field, words)]

    text = text_of(file)
    try:
        data: object = json.loads(text)
    except json.JSONDecodeError as error:
        return wrong("", f"cannot be read as JSON: {error.msg}", error.lineno)
    except RecursionError:
        return wrong("", "cannot be read as JSON: it is nested too deep")
    except ValueError:
        return wrong("", "cannot be read as JSON: a number has too many digits")
    graph: object = data.get("@graph") if is_mapping(data) else None
    if not is_list(graph):
        return wrong("@graph", "is no list of entities")
    found: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for place, entry in enumerate(graph):
        name = entry.get("@id") if is_mapping(entry) else None
        if not is_mapping(entry) or not isinstance(name, str):
            problems.append(Problem(str(file), None, None, f"@graph[{place}]", "is no entity with an @id"))
        elif name in found:
            problems.append(Problem(str(file), None, None, f"@graph[{place}]", f"is a second entity {name!r}"))
        else:
            found[name] = entry
    return found, problems


def _dangling(entities: Entities, root: Mapping[str, Any], file: str) -> list[Problem]:
    parts = root.get("hasPart", [])
    names = [_id_of(part) for part in (parts if is_list(parts) else [parts])]
    return [
        Problem(file, None, None, "hasPart", f"names {name!r}, of which the metadata say nothing")
        for name in names
        if name not in entities
    ]


def _of_file(folder: Path, name: str, entry: Mapping[str, Any]) -> list[Problem]:
    """How a file differs from what is told of it."""
    inside = PurePosixPath(unquote(name))
    path = folder / inside
    if inside.is_absolute() or ".." in inside.parts:
        return [Problem(str(folder / NAME), None, None, name, "lies outside the crate")]
    if not os.path.isfile(path):  # also where the name is none that a disk can have
        return [Problem(str(path), None, None, "", "is described and not there")]
    size, told = str(path.stat().st_size), _text(entry.get("contentSize"))
    if told and told != size:
        return [Problem(str(path), None, None, "contentSize", f"is {told} in the metadata; the file has {size} bytes")]
    expected = _text(entry.get("sha256"))
    if expected and sha256_of_file(path) != expected.lower():
        return [Problem(str(path), None, None, "sha256", "is not that of the file, which was changed or damaged")]
    return []


def _strangers(folder: Path, entities: Entities) -> list[Problem]:
    known = {unquote(name).removeprefix("./") for name in entities}
    found: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or inside.as_posix() == NAME or inside.parts[0] in ADDED:
            continue
        above = {f"{parent.as_posix()}/" for parent in inside.parents}
        if inside.as_posix() not in known and not above & known:
            found.append(Problem(str(path), None, None, "", f"is in the crate and not described in {NAME}"))
    return found


def _id_of(value: object) -> str:
    found = value.get("@id") if is_mapping(value) else value
    return found if isinstance(found, str) else ""


def _types(entry: Mapping[str, Any]) -> tuple[str, ...]:
    kind = entry.get("@type")
    return tuple(str(each) for each in (kind if is_list(kind) else [kind]))


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
