"""Reads a define.xml: which datasets and variables it describes, and what it says of them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from anagen.core.errors import InputError, Problem
from anagen.formats.texts import text_of

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
XLINK = "{http://www.w3.org/1999/xlink}"


@dataclass(frozen=True, slots=True)
class Defined:
    """A dataset as a define.xml describes it.

    Attributes
    ----------
    name : str
        Of the dataset.
    label : str
        Its description.
    file : str
        That it names.
    variables : Mapping[str, tuple[str, int or None]]
        Variable -> label and length.
    keys : tuple of str
        By their sequence.
    mandatory : tuple of str
        Variables without a missing value.
    """

    name: str
    label: str
    file: str
    variables: Mapping[str, tuple[str, int | None]]
    keys: tuple[str, ...]
    mandatory: tuple[str, ...]


def read_define(path: Path) -> tuple[str, dict[str, Defined]]:
    """What a define.xml describes.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    name : str
        Of its MetaDataVersion.
    datasets : dict of str to Defined
        By their names.

    Raises
    ------
    InputError
        Where it cannot be read, or names a variable that it does not define.
    """
    try:
        root = ElementTree.fromstring(text_of(path))
    except ParseError as error:
        raise InputError([Problem(str(path), error.position[0], None, "", f"cannot be read as XML: {error}")]) from None
    version = root.find(f"{ODM}Study/{ODM}MetaDataVersion")
    if version is None:
        raise InputError([Problem(str(path), None, None, "", "has no MetaDataVersion")])
    items = {node.get("OID", ""): node for node in version.findall(f"{ODM}ItemDef")}
    datasets: dict[str, Defined] = {}
    for node in version.findall(f"{ODM}ItemGroupDef"):
        name = node.get("Name", "")
        refs = node.findall(f"{ODM}ItemRef")
        if unknown := [ref.get("ItemOID", "") for ref in refs if ref.get("ItemOID") not in items]:
            raise InputError([Problem(str(path), None, None, name, f"refers to {unknown[0]}, which is not defined")])
        told = [(items[ref.get("ItemOID", "")], ref) for ref in refs]
        places = [(ref.get("KeySequence", ""), _name(item)) for item, ref in told if ref.get("KeySequence")]
        if wrong := [place for place, _ in places if not _is_whole(place)]:
            raise InputError([Problem(str(path), None, None, name, f"KeySequence is {wrong[0]!r}, no whole number")])
        ordered = sorted((int(place), key) for place, key in places)
        leaf = next((child for child in node if child.tag.endswith("}leaf")), None)
        datasets[name] = Defined(
            name,
            _text(node),
            "" if leaf is None else leaf.get(f"{XLINK}href", ""),
            {_name(item): (_text(item), _length(item)) for item, _ in told},
            tuple(key for _, key in ordered),
            tuple(_name(item) for item, ref in told if ref.get("Mandatory") == "Yes"),
        )
    return version.get("Name", ""), datasets


def _name(item: Element) -> str:
    return item.get("Name", "")


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", text) is not None


def _length(item: Element) -> int | None:
    length = item.get("Length", "")
    return int(length) if _is_whole(length) and item.get("DataType") == "text" else None


def _text(node: Element) -> str:
    words = node.find(f"{ODM}Description/{ODM}TranslatedText")
    return "" if words is None else (words.text or "")
