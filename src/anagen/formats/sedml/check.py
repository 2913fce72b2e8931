"""Checks a simulation experiment: as libSEDML does, and whether model and targets that it names are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anagen.core.errors import Problem
from anagen.formats.format import Checked
from anagen.formats.libraries import library
from anagen.formats.sbml.check import checked_document, told
from anagen.formats.sedml.writer import NAME

_ID = re.compile(r"\[@id='([^']+)'\]")


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
    near = {entry.name: entry.read_bytes() for entry in file.parent.iterdir() if entry.suffix in (".xml", ".sbml")}
    return checked_experiment(file.read_bytes(), str(file), near)


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
    libsbml = library("libsbml")
    libsedml = library("libsedml")

    document = libsedml.readSedMLFromString(data.decode("utf-8-sig"))
    problems = [
        Problem(file, error.getLine() or None, None, error.getSeverityAsString().lower(), told(error))
        for error in (document.getError(place) for place in range(document.getNumErrors()))
    ]
    lines = [
        f"SED-ML Level {document.getLevel()} Version {document.getVersion()}: {document.getNumTasks()} tasks, "
        f"{document.getNumOutputs()} outputs."
    ]
    for place in range(document.getNumModels()):
        source = str(document.getModel(place).getSource())
        name = source.removeprefix("./")
        if name not in near:
            words = f"the model {source!r} does not lie beside the experiment"
            problems.append(Problem(file, None, None, "model", words, tuple(sorted(near))))
            continue
        model = libsbml.readSBMLFromString(near[name].decode("utf-8-sig"))
        found = checked_document(model, name)
        problems += found.problems
        lines += found.lines
        problems += _without_targets(document, model, file)
    return Checked(tuple(lines), tuple(problems))


def _without_targets(document: Any, model: Any, file: str) -> list[Problem]:
    """Targets that the model lacks."""
    problems: list[Problem] = []
    for place in range(document.getNumDataGenerators()):
        generator = document.getDataGenerator(place)
        for number in range(generator.getNumVariables()):
            target = str(generator.getVariable(number).getTarget())
            missing = [name for name in _ID.findall(target) if model.getElementBySId(name) is None]
            problems += [Problem(file, None, None, generator.getId(), f"the model has no {name!r}") for name in missing]
    return problems
