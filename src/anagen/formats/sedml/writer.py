"""Writes the simulation of a study's arm as SED-ML Level 1 Version 4, with its model beside it.

One uniform time course from baseline to the last visit, a point a day; a report of every node, readout and change
behind a lever, and a plot of the changes. Smith 2021, doi:10.1515/jib-2021-0021.

It is written as text: libSEDML and libSBML share the tables of their Python types, so that in one process each takes
objects of the other for its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from anagen.formats.sbml.model import LEVERS, READOUTS
from anagen.formats.sbml.writer import NAME as MODEL
from anagen.formats.sbml.writer import described, sbml_text
from anagen.formats.subject import Subject

NAME = "simulation.sedml"
HEAD = (
    '<sedML xmlns="http://sed-ml.org/sed-ml/level1/version4" '
    'xmlns:sbml="http://www.sbml.org/sbml/level3/version2/core" level="1" version="4">'
)
LANGUAGE = "urn:sedml:language:sbml.level-3.version-2"
CVODE, RELATIVE, ABSOLUTE = "KISAO:0000019", "KISAO:0000209", "KISAO:0000211"
TOLERANCES = {RELATIVE: ("relative tolerance", "1e-09"), ABSOLUTE: ("absolute tolerance", "1e-12")}
"""Of the solver: so close that programs agree to 1e-5 whatever their method."""
TIME = "time"


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
    experiment = sedml_text(subject.days, shown, f"{subject.study.study}, arm {subject.arm}")
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

    Examples
    --------
    >>> sedml_text(28.0, ("AR",), "mine").count("<dataGenerator ")
    2
    """
    levers = [identifier for identifier in told if identifier.startswith("lever_")]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            HEAD,
            "  <listOfModels>",
            f'    <model id="model" language="{LANGUAGE}" source="{MODEL}"/>',
            "  </listOfModels>",
            *_simulation(days),
            "  <listOfTasks>",
            f'    <task id="run" name={quoteattr(name)} modelReference="model" simulationReference="course"/>',
            "  </listOfTasks>",
            "  <listOfDataGenerators>",
            *_generator(TIME, 'symbol="urn:sedml:symbol:time"'),
            *(line for identifier in told for line in _generator(identifier, f'target="{_target(identifier)}"')),
            "  </listOfDataGenerators>",
            "  <listOfOutputs>",
            *_report(told),
            *(_plot(levers) if levers else []),
            "  </listOfOutputs>",
            "</sedML>\n",
        ]
    )


def _simulation(days: float) -> list[str]:
    points = max(math.ceil(days), 1)
    return [
        "  <listOfSimulations>",
        f'    <uniformTimeCourse id="course" initialTime="0" outputStartTime="0" outputEndTime="{days:g}" '
        f'numberOfSteps="{points}">',
        f'      <algorithm name="CVODE" kisaoID="{CVODE}">',
        "        <listOfAlgorithmParameters>",
        *(
            f'          <algorithmParameter name="{name}" kisaoID="{term}" value="{value}"/>'
            for term, (name, value) in TOLERANCES.items()
        ),
        "        </listOfAlgorithmParameters>",
        "      </algorithm>",
        "    </uniformTimeCourse>",
        "  </listOfSimulations>",
    ]


def _target(identifier: str) -> str:
    return f"/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='{identifier}']"


def _generator(identifier: str, of: str) -> list[str]:
    return [
        f'    <dataGenerator id="told_{identifier}" name="{identifier}">',
        f'      <math xmlns="http://www.w3.org/1998/Math/MathML"><ci> of_{identifier} </ci></math>',
        f'      <listOfVariables><variable id="of_{identifier}" {of} taskReference="run"/></listOfVariables>',
        "    </dataGenerator>",
    ]


def _report(told: Sequence[str]) -> list[str]:
    return [
        '    <report id="levels" name="levels of nodes, readouts, and changes behind levers">',
        "      <listOfDataSets>",
        *(
            f'        <dataSet id="set_{identifier}" label="{identifier}" dataReference="told_{identifier}"/>'
            for identifier in (TIME, *told)
        ),
        "      </listOfDataSets>",
        "    </report>",
    ]


def _plot(levers: Sequence[str]) -> list[str]:
    return [
        '    <plot2D id="levers" name="change from rest behind each lever over days">',
        "      <listOfCurves>",
        *(
            f'        <curve id="curve_{identifier}" name="{identifier}" xDataReference="told_{TIME}" '
            f'yDataReference="told_{identifier}"/>'
            for identifier in levers
        ),
        "      </listOfCurves>",
        "    </plot2D>",
    ]
