"""Checks a simulation experiment: as libSEDML does, and whether model and targets that it names are there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from anagen.core.errors import Problem
from anagen.core.extras import installed
from anagen.formats.format import Checked
from anagen.formats.libraries import library
from anagen.formats.sbml.check import checked_document
from anagen.formats.sedml.writer import NAME
from anagen.formats.texts import bytes_of, utf8_text

_ID = re.compile(r"\[@id='([^']+)'\]")
_ASK = """
import json, sys, libsedml
document = libsedml.readSedMLFromString(sys.stdin.buffer.read().decode())
errors = [document.getError(place) for place in range(document.getNumErrors())]
rows = [(e.getLine(), e.getSeverityAsString().lower(), " ".join(str(e.getMessage()).split())) for e in errors]
print(json.dumps([libsedml.getLibSEDMLDottedVersion(), rows]))
"""
"""Asks libSEDML in a process of its own: beside libSBML it takes objects of that library for its own."""


def check(path: Path) -> Checked:
    """What is wrong in an experiment, and in the model that lies beside it.

    Parameters
    ----------
    path : Path
        A SED-ML file, or the folder that holds one.

    Returns
    -------
    Checked
        What it runs, and every problem.
    """
    file = path / NAME if path.is_dir() else path
    beside = (entry for entry in file.parent.iterdir() if entry.suffix in (".xml", ".sbml") and entry.is_file())
    return checked_experiment(bytes_of(file), str(file), {entry.name: bytes_of(entry) for entry in beside})


def checked_experiment(data: bytes, file: str, near: Mapping[str, bytes]) -> Checked:
    """What is wrong in an experiment and in its models.

    Parameters
    ----------
    data : bytes
        SED-ML.
    file : str
        Its name in messages.
    near : Mapping[str, bytes]
        Name -> content of files beside it, among them the models.

    Returns
    -------
    Checked
        What it runs, and every problem.
    """
    text = utf8_text(data, file)
    try:
        root = ElementTree.fromstring(text)
    except ParseError as error:
        return Checked((), (Problem(file, error.position[0], None, "", f"cannot be read as XML: {error}"),))
    tasks, outputs = (len(_below(root, name)) for name in ("listOfTasks", "listOfOutputs"))
    level = f"SED-ML Level {root.get('level')} Version {root.get('version')}"
    lines = [f"{level}: {tasks} task{'s' * (tasks != 1)}, {outputs} output{'s' * (outputs != 1)}."]
    said, problems = _by_library(text, file)
    lines.append(said)
    for entry in _below(root, "listOfModels"):
        name = str(entry.get("source", "")).removeprefix("./")
        if name not in near:
            words = f"the model {name!r} does not lie beside the experiment"
            problems.append(Problem(file, None, None, "model", words, tuple(sorted(near))))
            continue
        model = library("libsbml").readSBMLFromString(utf8_text(near[name], name))
        found = checked_document(model, name)
        problems += found.problems
        lines += found.lines
        problems += _without_targets(root, model, file)
    return Checked(tuple(lines), tuple(problems))


def _below(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """What a list of that name holds, in whatever namespace."""
    return [entry for part in root if part.tag.rpartition("}")[2] == name for entry in part]


def _by_library(text: str, file: str) -> tuple[str, list[Problem]]:
    """What libSEDML says, where it is installed."""
    if not installed("libsedml"):
        return "python-libsedml is not installed here, so that libSEDML was not asked.", []
    command = [sys.executable, "-c", _ASK]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=120)
    if done.returncode != 0:
        return "", [Problem(file, None, None, "", "libSEDML broke off while it read the file")]
    version, rows = json.loads(done.stdout)
    problems = [Problem(file, line or None, None, severity, words) for line, severity, words in rows]
    return f"libSEDML {version} says {'what follows' if problems else 'nothing against it'}.", problems


def _without_targets(root: ElementTree.Element, model: Any, file: str) -> list[Problem]:
    """Targets that the model lacks."""
    targets = [entry.get("target", "") for entry in root.iter() if entry.tag.rpartition("}")[2] == "variable"]
    names = dict.fromkeys(name for target in targets for name in _ID.findall(target))
    return [
        Problem(file, None, None, "target", f"the model has no {name!r}")
        for name in names
        if model.getElementBySId(name) is None
    ]
