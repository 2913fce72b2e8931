"""Files that a study names, product and network files, read beside it and kept with it as text."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from anagen.core.errors import InputError
from anagen.core.foreign import Wanted
from anagen.core.provenance import sha256_of_bytes, sha256_of_json
from anagen.core.reading import Key, is_list, is_mapping, nearest, shown
from anagen.core.texts import read_text, toml_data
from anagen.exosomes import Product, library, load_product, parse_product
from anagen.parameters import load_parameters
from anagen.study.findings import Findings, mapping, sequence, uses_of
from anagen.therapies import Therapy

if TYPE_CHECKING:
    from anagen.signalling.network import Network

T = TypeVar("T")
SUFFIXES = (".toml", ".yaml", ".yml", ".json", ".txt", ".csv")
NEAREST_SHOWN = 4


def looks_like_path(value: str) -> bool:
    """Whether a name is meant as a file: it holds a slash or ends as files do.

    Examples
    --------
    >>> looks_like_path("my-product.toml"), looks_like_path("adsc-native")
    (True, False)
    """
    return "/" in value or "\\" in value or value.lower().endswith(SUFFIXES)


def file_sha256(text: str) -> str:
    """SHA-256 of what a TOML text says; comments, line endings and layout do not matter.

    Examples
    --------
    >>> file_sha256("a = 1") == file_sha256("# one\\r\\na   =  1")
    True
    """
    try:
        return sha256_of_json(toml_data(text, None))
    except (InputError, TypeError, ValueError):  # no TOML, or dates and infinite numbers, which JSON has not
        return sha256_of_bytes(text.encode("utf-8"))


@lru_cache(maxsize=128)
def product_of_text(text: str, file: str) -> Product:
    """The product of an attached file, read once."""
    return parse_product(text, file)


@lru_cache(maxsize=32)
def edited_network(without: tuple[str, ...], text: str | None, file: str | None) -> Network:
    """The shipped network, extended by the text of a file and with parts silenced.

    Parameters
    ----------
    without : tuple[str, ...]
        Edges, nodes or inputs to silence.
    text : str | None
        TOML of an extension, or None.
    file : str | None
        Its name in messages.

    Raises
    ------
    InputError
        With every problem of the text, or where a part is unknown.
    """
    from anagen.signalling.network import load_network, read_network

    base = load_network()
    network = base if text is None else read_network(text, file, base)
    return network.without(*without)


def resolve_product(
    section: dict[str, object], therapy: Therapy, path: Key, folder: Path, findings: Findings
) -> dict[str, object]:
    """Keys `product` and `product_file` of one therapy use: a library name, or a file kept with its text."""
    value, kept, key = section.get("product"), section.get("product_file"), (*path, "product")
    if not therapy.products:
        for name in ("product", "product_file"):
            if section.get(name) is not None:
                findings.add((*path, name), f"{therapy.title} has no product to choose; leave the key out", at_key=True)
        return {"product": None, "product_file": None}
    if kept is not None:
        text = mapping(kept).get("text")
        if not isinstance(text, str):
            return {"product": value, "product_file": kept}
        return _kept_product(
            text, _one_line(mapping(kept).get("file", "product.toml")), (*path, "product_file"), findings
        )
    if value is None:
        return {"product": therapy.products[0], "product_file": None}
    if isinstance(value, str) and value not in therapy.products:
        if looks_like_path(value):
            text = _read(value, "product file", key, folder, findings)
            if text is not None:
                return _kept_product(text, value, key, findings)
            return {"product": value, "product_file": None}
        findings.add_unknown(key, f"product of {therapy.name}", value, therapy.products)
    return {"product": value, "product_file": None}


def check_product_names(arms: object, findings: Findings) -> None:
    """Two product files of one study may share a name only where they share their numbers."""
    first: dict[str, tuple[str, Product]] = {}
    for i, arm in enumerate(sequence(arms)):
        for place, use in uses_of(arm, ("arms", i)):
            kept = mapping(use.get("product_file"))
            text, file = kept.get("text"), str(kept.get("file"))
            path: Key = (*place, "product")
            if not isinstance(text, str) or findings.known(path) or findings.known((*place, "product_file")):
                continue
            product = product_of_text(text, file)
            other = first.setdefault(product.name, (file, product))
            if other[1].parameters() != product.parameters():
                findings.add(
                    path,
                    f"{file} and {other[0]} both name their product {product.name!r}, with other numbers; "
                    "give one of them another name",
                )


def resolve_mechanism(value: object, folder: Path, findings: Findings) -> object:
    """The section `mechanism` with its network file read and its names checked; None where it changes nothing."""
    if not is_mapping(value):
        return value
    section = {key: item for key, item in value.items() if item is not None}
    path: Key = ("mechanism",)
    text: str | None = None
    file: str | None = None
    named = section.get("network")
    if isinstance(named, str):
        text, file = _read(named, "network file", (*path, "network"), folder, findings), named
        if text is None:
            del section["network"]
    elif is_mapping(named) and isinstance(named.get("text"), str):
        text, file = str(named["text"]), _one_line(named.get("file", "network.toml"))
    elif named is not None and not is_mapping(named):
        findings.add((*path, "network"), f"is {shown(named)}; expected the path of a file, e.g. my-network.toml")
    if text is not None and file is not None:
        _attempt(lambda: edited_network((), text, file), (*path, "network"), findings)
        section["network"] = _attachment(file, text)
    if is_list(section.get("without")):
        known = None if findings.known((*path, "network")) else text
        names = [_edge_name(name) for name in sequence(section["without"])]
        for i, name in enumerate(names):
            if isinstance(name, str):
                _check_part(name, (*path, "without", i), known, file, findings)
        if all(isinstance(name, str) for name in names):
            section["without"] = sorted({str(name) for name in names})
    changes_nothing = set(section) <= {"without", "network"} and not any(section.values())
    return None if changes_nothing else section


def resolve_attachment(value: object, wanted: Wanted, path: Key, folder: Path, findings: Findings) -> object:
    """A file that a study names, as the study keeps it; None where there is none or it cannot be read."""
    if isinstance(value, str):
        text = _read(value, wanted, path, folder, findings)
        return None if text is None else _attachment(value, text)
    if is_mapping(value) and isinstance(value.get("text"), str):
        return _attachment(_one_line(value.get("file", "patients.csv")), str(value["text"]))
    if value is not None and not is_mapping(value):
        findings.add(path, f"is {shown(value)}; expected the path of a file, e.g. patients.csv")
        return None
    return value


def _kept_product(text: str, file: str, path: Key, findings: Findings) -> dict[str, object]:
    """Product keys of a text; its problems are told under the key that names it, with both files."""
    product = _attempt(lambda: product_of_text(text, file), path, findings)
    kept: dict[str, object] = {"product": file, "product_file": _attachment(file, text)}
    if product is None:
        return kept
    same = load_product(library()[product.name]) if product.name in library() else None
    if same is not None and same.parameters() != product.parameters():
        findings.add(
            path,
            f"{file}: name: the library has a product {product.name!r} with other numbers; give yours another name",
        )
    elif any(name.startswith(f"{product.name}.") for name in load_parameters("prior")):
        findings.add(path, f"{file}: name: {product.name!r} is a group of parameters; choose another name")
    return kept | {"product": product.name}


def _one_line(value: object) -> str:
    return " ".join(str(value).split())[:200]


def _attachment(file: str, text: str) -> dict[str, object]:
    """A file as the study keeps it: without its folder, which is of no interest elsewhere."""
    return {"file": re.split(r"[/\\]", file)[-1], "sha256": file_sha256(text), "text": text}


def _read(value: str, wanted: Wanted, path: Key, folder: Path, findings: Findings) -> str | None:
    """Text of a file beside the study; None, with a finding, where it cannot be read."""
    place = folder / value
    shown_as = shown(os.fspath(place))
    try:
        return read_text(place, wanted)
    except InputError as error:
        if not os.path.exists(place):
            findings.add(path, f"there is no file {shown_as}; paths start from the folder of the study file")
        for problem in error.problems if os.path.exists(place) else ():
            findings.add(path, f"{shown_as}: {problem.message}")
    return None


def _attempt(load: Callable[[], T], path: Key, findings: Findings) -> T | None:
    """What `load` gives; None, with its problems under `path`, where it fails."""
    try:
        return load()
    except InputError as error:
        for problem in error.problems:
            place = ":".join(str(part) for part in (problem.file, problem.line) if part is not None)
            message = ": ".join(part for part in (place, problem.field, problem.message) if part)
            findings.add(path, message, problem.allowed, problem.suggestion)
        return None


def _edge_name(value: object) -> object:
    """An edge as the network spells it: no spaces around a plain arrow."""
    return re.sub(r"\s*(?:->|→)\s*", "->", value.strip()) if isinstance(value, str) else value


def _check_part(name: str, path: Key, text: str | None, file: str | None, findings: Findings) -> None:
    network = edited_network((), text, file)
    edges = [edge.name for edge in network.edges]
    parts = [*network.node_names, *network.input_names]
    if name in edges or name in parts:
        return
    allowed = edges if "->" in name else [*parts, *edges]
    near = difflib.get_close_matches(name.upper(), allowed, n=NEAREST_SHOWN, cutoff=0.5)
    kind = "edge" if "->" in name else "node or input"
    hint = f"; like it are {', '.join(near)}" if near else "; `anagen network show` lists them all"
    suggestion = near[0] if near else nearest(name, allowed)
    findings.add(path, f"unknown {kind} {shown(name)}{hint}", suggestion=suggestion)
