"""Reads a model of somebody else and writes it as an extension of the network, with what its parts mean here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import sha256_of_bytes
from anagen.formats.format import Imported
from anagen.formats.libraries import library
from anagen.formats.sbml.check import told
from anagen.formats.sbml.equations import Equations, equations_of
from anagen.formats.sbml.table import Meaning, read_table, template
from anagen.formats.texts import bytes_of, utf8_text
from anagen.signalling.imported import ImportedModel
from anagen.signalling.network import load_network, read_network

TEMPLATE, NETWORK = "table.csv", "network.toml"


def read(path: Path, table: Path | None) -> Imported:
    """A model as an extension of the network; without a table, the table to fill in.

    Parameters
    ----------
    path : Path
        SBML of any level.
    table : Path or None
        What its parts mean, see `read_table`.

    Returns
    -------
    Imported
        A network file for `mechanism: {network: ...}` of a study, or a table.

    Raises
    ------
    InputError
        Where it is not consistent, or naming every part that is not read.
    """
    raw = bytes_of(path)
    found = equations_of(_document(raw, str(path)), str(path))
    lines = [
        f"{found.title}: {len(found.states)} states, {len(found.constants)} constants, {len(found.values)} rules and "
        f"rates, {len(found.events)} timed changes.",
    ]
    if table is None:
        lines.append("No table says what its parts mean. Fill in means and name in this one (docs/formats.md):")
        form = template(found.titles, found.constants, found.states, found.values)
        return Imported({TEMPLATE: form.encode()}, tuple(lines))
    quantities = (*found.states, *found.values, *found.constants)
    meaning = read_table(table, load_network(), tuple(found.constants), quantities)
    days = meaning.days if found.days is None else found.days
    if days is None:
        words = "the model does not say its unit of time; add a row such as time,time,hour,,,, to the table"
        raise InputError([Problem(str(table), None, None, "means", words)])
    source = f"{path.name}, SHA-256 {sha256_of_bytes(raw)[:16]}"
    text = network_text(_model(found, meaning, days, source))
    network = read_network(text, str(path), load_network())
    lines += [f"{link.node} follows {link.quantity}." for link in meaning.nodes]
    lines += [f"The lever {link.lever} follows {link.quantity}." for link in meaning.levers]
    lines += [f"{link.constant} follows the input {link.input}." for link in meaning.inputs]
    return Imported({NETWORK: text.encode()}, tuple(lines), {"network": network.sha256(), "days": days})


def _document(raw: bytes, file: str) -> Any:
    """The document, where libSBML finds no error in it."""
    libsbml = library("libsbml")

    document = libsbml.readSBMLFromString(utf8_text(raw, file))
    wrong = _errors(document, file)
    if not wrong:
        document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
        document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
        document.checkConsistency()
        wrong = _errors(document, file)
    if wrong:
        raise InputError(wrong)
    if document.getModel() is None:
        raise InputError([Problem(file, None, None, "", "holds no model")])
    return document


def _errors(document: Any, file: str) -> list[Problem]:
    libsbml = library("libsbml")

    errors = [document.getError(place) for place in range(document.getNumErrors())]
    worst = (libsbml.LIBSBML_SEV_ERROR, libsbml.LIBSBML_SEV_FATAL)
    return [
        Problem(file, error.getLine() or None, None, "", told(error))
        for error in errors
        if error.getSeverity() in worst
    ]


def _model(found: Equations, meaning: Meaning, days: float, source: str) -> ImportedModel:
    try:
        return ImportedModel(
            title=found.title, source=source, days=days, constants=found.constants, states=found.states,
            rates=found.rates, values=found.values, events=tuple(found.events), inputs=meaning.inputs,
            nodes=meaning.nodes, levers=meaning.levers,
        )  # fmt: skip
    except ValueError as error:
        raise InputError([Problem(source, None, None, "model", str(error))]) from None


def network_text(model: ImportedModel) -> str:
    """A model as a network file that extends the shipped one.

    Parameters
    ----------
    model : ImportedModel
        The model.

    Returns
    -------
    str
        TOML.
    """
    lines = [
        "# A model of somebody else as a part of the network, written by `anagen import sbml`.",
        "",
        "[model]",
        f"title = {_quoted(model.title[:300])}",
        f"source = {_quoted(model.source[:300])}",
        f"days = {model.days!r}  # of one unit of time",
        "",
        "[model.constant]",
        *(f"{name} = {value!r}" for name, value in model.constants.items()),
    ]
    for name, start in model.states.items():
        lines += ["", f"[model.state.{name}]", f"start = {start!r}", f"rate = {_quoted(model.rates[name])}"]
    if model.values:
        lines += ["", "[model.value]", *(f"{name} = {_quoted(text)}" for name, text in model.values.items())]
    for event in model.events:
        changes = ", ".join(f"{name} = {_quoted(text)}" for name, text in event.changes.items())
        lines += ["", "[[model.event]]", f"at = {event.at!r}", f"changes = {{ {changes} }}"]
    for kind, links in (("input", model.inputs), ("node", model.nodes), ("lever", model.levers)):
        for link in links:
            lines += ["", f"[[model.{kind}]]", *_fields({name: getattr(link, name) for name in link.__slots__})]
    return "\n".join(lines) + "\n"


def _fields(fields: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {value!r}" if isinstance(value, float) else f"{name} = {_quoted(value)}"
            for name, value in fields.items()]  # fmt: skip


def _quoted(text: str) -> str:
    """Text as TOML writes it."""
    import json

    return json.dumps(text, ensure_ascii=False)
