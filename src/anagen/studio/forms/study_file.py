"""Study files that are given to the studio: read, and refused where they are none or could not be kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from anagen.core.errors import InputError, Problem
from anagen.core.reading import is_list, is_mapping
from anagen.core.texts import decoded
from anagen.studio.forms.places import at
from anagen.study import Study
from anagen.study.attachments import looks_like_path
from anagen.study.document import DEEPEST, decode, parse
from anagen.study.findings import every_use, mapping


def read_text(text: str, file: str | None = None) -> dict[str, Any]:
    """Keys of the text of a study file.

    Parameters
    ----------
    text : str
        YAML.
    file : str or None
        Its name in messages.

    Returns
    -------
    dict
        Its keys, right or wrong.

    Raises
    ------
    InputError
        Where it is no YAML, holds a key twice or no keys at all, or has nothing of a study.
    """
    document = parse(text, file)
    if document.problems:
        raise InputError(document.problems)
    data = document.data
    if is_mapping(data):
        refuse_unwritable(data, file)
    if not is_mapping(data) or not set(data) & {"study", "arms", "population", "endpoints", "measurement"}:
        # the same words as the command line has for such a file
        Study.parse(text, file)
    return cast("dict[str, Any]", data)


def refuse_unwritable(data: Mapping[str, Any], file: str | None = None) -> None:
    """Refuse what could not be kept or written as a file, whatever it says.

    Parameters
    ----------
    data : Mapping
        Keys of a study file, right or wrong.
    file : str or None
        Its name in messages.

    Raises
    ------
    InputError
        Where it holds a number that is infinite or none, broken characters, or is nested too deep.
    """
    try:
        json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
        if _depth(data) <= DEEPEST:
            return
        message = f"lists and keys are nested more than {DEEPEST} deep"
    except UnicodeEncodeError:
        message = "holds characters that are none; write the text anew"
    except RecursionError:
        message = f"lists and keys are nested more than {DEEPEST} deep"
    except ValueError:
        message = "holds a number that is infinite or none (.inf, .nan); write a number"
    raise InputError([Problem(file, None, None, "", message)])


def _depth(value: object) -> int:
    inside: list[object] = []
    if is_mapping(value):
        inside = list(value.values())
    elif is_list(value):
        inside = list(value)
    else:
        return 0
    return 1 + max((_depth(each) for each in inside), default=0)


def read_bytes(raw: bytes, file: str) -> dict[str, Any]:
    """Keys of a study file that was uploaded.

    Parameters
    ----------
    raw : bytes
        What it holds.
    file : str
        Its name in messages.

    Returns
    -------
    dict
        Its keys, right or wrong.

    Raises
    ------
    InputError
        Where it is no study file.
    """
    return read_text(decode(raw, file), file)


def attached_text(raw: bytes, file: str) -> str:
    """Text of a product or network file that was uploaded with a study.

    Parameters
    ----------
    raw : bytes
        What it holds.
    file : str
        Its name in messages.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    InputError
        Where it is neither.
    """
    try:
        return decoded(raw, "network file", file)
    except InputError:
        return decoded(raw, "product file", file)


def with_files(data: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    """A study with the texts of files that it names.

    Parameters
    ----------
    data : Mapping
        Keys of its file.
    files : Mapping of str to str
        Text by name of the file, without its folder.

    Returns
    -------
    dict
        A new study; files that are not there stay named.
    """
    changed = deepcopy(dict(data))
    for key, use in every_use(changed):
        product = use.get("product")
        name = product.replace("\\", "/").rsplit("/", 1)[-1] if isinstance(product, str) else ""
        if isinstance(product, str) and looks_like_path(product) and name in files:
            held = cast("dict[str, Any]", at(changed, key))
            held["product"] = name
            held["product_file"] = {"file": name, "text": files[name]}
    network = mapping(changed.get("mechanism")).get("network")
    if isinstance(network, str) and network.replace("\\", "/").rsplit("/", 1)[-1] in files:
        name = network.replace("\\", "/").rsplit("/", 1)[-1]
        changed["mechanism"]["network"] = {"file": name, "text": files[name]}
    held = mapping(changed.get("population")).get("empirical")
    if isinstance(held, str) and held.replace("\\", "/").rsplit("/", 1)[-1] in files:
        name = held.replace("\\", "/").rsplit("/", 1)[-1]
        changed["population"]["empirical"] = {"file": name, "text": files[name]}
    return changed
