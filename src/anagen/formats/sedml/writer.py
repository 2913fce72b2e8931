"""Writes the simulation of a study's arm as SED-ML Level 1 Version 4, with its model beside it.

One uniform time course from baseline to the last visit, a point a day; a report of every node, readout and change
behind a lever, and a plot of the changes. Smith 2021, doi:10.1515/jib-2021-0021.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from anagen.formats.libraries import library
from anagen.formats.sbml.model import LEVERS, READOUTS
from anagen.formats.sbml.writer import NAME as MODEL
from anagen.formats.sbml.writer import described, sbml_text
from anagen.formats.subject import Subject

NAME = "simulation.sedml"
LEVEL, VERSION = 1, 4
LANGUAGE = "urn:sedml:language:sbml.level-3.version-2"
SBML = "http://www.sbml.org/sbml/level3/version2/core"
CVODE, RELATIVE, ABSOLUTE = "KISAO:0000019", "KISAO:0000209", "KISAO:0000211"
TOLERANCES = {RELATIVE: 1e-9, ABSOLUTE: 1e-12}
"""Of the solver: so close that programs agree to 1e-5 whatever their method."""


def write(subject: Subject) -> Mapping[str, bytes]:
    """The simulation of an arm and its model.

    Parameters
    ----------
    subject : Subject
        A study or run, and an arm.

    Returns
    -------
    Mapping[str, bytes]
        Two files that refer to one another by name; the same bytes each time.
    """
    model = sbml_text(described(subject))
    shown = ids_told(model, subject.network.node_names)
    experiment = sedml_text(subject.days, shown, f"{subject.study.study}_{subject.arm}")
    return {MODEL: model.encode(), NAME: experiment.encode()}


def ids_told(model: str, nodes: Sequence[str]) -> tuple[str, ...]:
    """Ids of what a report tells: nodes, then the readouts and changes behind levers that the model has.

    Parameters
    ----------
    model : str
        SBML.
    nodes : Sequence[str]
        Names of the nodes.

    Returns
    -------
    tuple of str
        Ids of parameters.
    """
    further = (*READOUTS, *(f"lever_{name}" for name in LEVERS))
    return (*nodes, *(name for name in further if f'id="{name}"' in model))


def sedml_text(days: float, told: Sequence[str], name: str) -> str:
    """The experiment as text.

    Parameters
    ----------
    days : float
        How long it lasts.
    told : Sequence[str]
        Ids of the parameters that are reported; those that begin with "lever_" are drawn.
    name : str
        Of the study and its arm.

    Returns
    -------
    str
        XML.
    """
    libsedml = library("libsedml")

    document = libsedml.SedDocument(LEVEL, VERSION)
    document.getNamespaces().add(SBML, "sbml")
    model = document.createModel()
    _kept(model.setId("model"))
    _kept(model.setLanguage(LANGUAGE))
    _kept(model.setSource(MODEL))
    _simulation(document.createUniformTimeCourse(), days)
    task = document.createTask()
    _kept(task.setId("run"))
    _kept(task.setName(re.sub(r"[^\w .-]", "_", name)))
    _kept(task.setModelReference("model"))
    _kept(task.setSimulationReference("course"))
    _told(document, "time", None)
    for identifier in told:
        _told(document, identifier, f"/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='{identifier}']")
    report = document.createReport()
    _kept(report.setId("levels"))
    _kept(report.setName("levels of nodes, readouts, and changes behind levers"))
    for identifier in ("time", *told):
        entry = report.createDataSet()
        _kept(entry.setId(f"set_{identifier}"))
        _kept(entry.setLabel(identifier))
        _kept(entry.setDataReference(f"told_{identifier}"))
    levers = [identifier for identifier in told if identifier.startswith("lever_")]
    if levers:
        plot = document.createPlot2D()
        _kept(plot.setId("levers"))
        _kept(plot.setName("change from rest behind each lever over days"))
        for identifier in levers:
            curve = plot.createCurve()
            _kept(curve.setId(f"curve_{identifier}"))
            _kept(curve.setName(identifier))
            _kept(curve.setXDataReference("told_time"))
            _kept(curve.setYDataReference(f"told_{identifier}"))
    return str(libsedml.writeSedMLToString(document))


def _simulation(course: Any, days: float) -> None:
    _kept(course.setId("course"))
    _kept(course.setInitialTime(0.0))
    _kept(course.setOutputStartTime(0.0))
    _kept(course.setOutputEndTime(days))
    _kept(course.setNumberOfSteps(max(math.ceil(days), 1)))
    algorithm = course.createAlgorithm()
    _kept(algorithm.setKisaoID(CVODE))
    for term, value in TOLERANCES.items():
        parameter = algorithm.createAlgorithmParameter()
        _kept(parameter.setKisaoID(term))
        _kept(parameter.setValue(f"{value:g}"))


def _told(document: Any, identifier: str, target: str | None) -> None:
    libsedml = library("libsedml")

    generator = document.createDataGenerator()
    _kept(generator.setId(f"told_{identifier}"))
    _kept(generator.setName(identifier))
    variable = generator.createVariable()
    _kept(variable.setId(f"of_{identifier}"))
    _kept(variable.setTaskReference("run"))
    if target is None:
        _kept(variable.setSymbol("urn:sedml:symbol:time"))
    else:
        _kept(variable.setTarget(target))
    _kept(generator.setMath(libsedml.parseFormula(f"of_{identifier}")))


def _kept(code: int) -> None:
    libsedml = library("libsedml")

    if code != libsedml.LIBSEDML_OPERATION_SUCCESS:
        raise RuntimeError(f"libSEDML refused a part of the experiment (code {code})")
