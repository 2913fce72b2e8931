"""Writes an assay of the network as a PEtab problem, version 2.0.0: model, tables, priors.

Schmiester 2021, doi:10.1371/journal.pcbi.1008646; version 2: petab.readthedocs.io. Time is in days.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from anagen.assays.fit import DISCREPANCY, errors_of
from anagen.assays.model import AssayModel, Cell, cell_of
from anagen.assays.readouts import CULTURES, followed_by
from anagen.assays.table import Measurement, read_assays
from anagen.assays.unknowns import SLOPE
from anagen.core.errors import InputError, Problem
from anagen.formats.petab import PROBLEM
from anagen.formats.petab.model import SETTLING, document_of_assay, dose_id, petab_id, rest_id, varying_nodes
from anagen.formats.sbml.writer import NAME as MODEL
from anagen.formats.sbml.writer import text_of
from anagen.formats.subject import Subject
from anagen.parameters.parameter import Z_90, Parameter

FILES = ("parameters", "conditions", "experiments", "observables", "measurements")
FAR = 5.0
"""Standard deviations of the logarithm within which a parameter is looked for."""
RESTING = "-inf"
Row = Sequence[object]


def write(subject: Subject) -> Mapping[str, bytes]:
    """The problem of an assay on the network of a study.

    Parameters
    ----------
    subject : Subject
        A study or run, with at least one assay.

    Returns
    -------
    Mapping[str, bytes]
        YAML, tables and model.

    Raises
    ------
    InputError
        Where there is no assay, or one is wrong.
    """
    if not subject.tables:
        message = "a PEtab problem is made of measurements; name an assay, as `anagen network fit` takes it"
        raise InputError([Problem(None, None, None, "--assay", message)])
    table = read_assays([Path(path) for path in subject.tables], subject.network, subject.condition)
    names = ", ".join(path.name for path in subject.tables)
    return problem_files(AssayModel.of(subject.network, table), f"assay: {names}; study: {subject.study.study}")


def problem_files(model: AssayModel, name: str) -> dict[str, bytes]:
    """The files of a problem.

    Parameters
    ----------
    model : AssayModel
        Network, assay and what it may inform.
    name : str
        Of the model, in words.

    Returns
    -------
    dict of str to bytes
        Name -> content.
    """
    cells = list(dict.fromkeys(cell_of(row) for row in model.table.rows))
    tables: dict[str, tuple[Row, list[Row]]] = {
        "parameters": (
            ("parameterId", "parameterName", "lowerBound", "upperBound", "nominalValue", "estimate",
             "priorDistribution", "priorParameters"),
            [_parameter(entry) for entry in model.parameters.values()],
        ),
        "conditions": (("conditionId", "targetId", "targetValue"), _conditions(model, cells)),
        "experiments": (("experimentId", "time", "conditionId"), _experiments(cells)),
        "observables": (
            ("observableId", "observableName", "observableFormula", "noiseFormula", "noisePlaceholders",
             "noiseDistribution"),
            list(dict.fromkeys(_observable(row) for row in model.table.rows)),
        ),
        "measurements": (
            ("observableId", "experimentId", "time", "measurement", "noiseParameters", "datasetId"),
            _measurements(model, cells),
        ),
    }  # fmt: skip
    lines = ["format_version: 2.0.0", "model_files:", "  network:", f"    location: {MODEL}", "    language: sbml"]
    for kind in FILES:
        lines += [f"{kind.removesuffix('s')}_files:", f"  - {kind}.tsv"]
    files = {PROBLEM: ("\n".join(lines) + "\n").encode(), MODEL: text_of(document_of_assay(model, name)).encode()}
    return files | {f"{kind}.tsv": _tsv(*tables[kind]) for kind in FILES}


def observable_id(row: Measurement) -> str:
    """Id of what a row measures."""
    return f"{row.scale}_{row.readout}"


def _parameter(entry: Parameter) -> Row:
    middle, width = math.log(entry.value), math.log(entry.high / entry.low) / (2.0 * Z_90)
    ends = (math.exp(middle - FAR * width), math.exp(middle + FAR * width))
    title = f"{entry.name} [{entry.unit}], grade {entry.grade}: {entry.source}"
    prior = f"{_digits(middle)};{_digits(width)}"
    return (petab_id(entry.name), title, *map(_digits, (*ends, entry.value)), "true", "log-normal", prior)


def _conditions(model: AssayModel, cells: Sequence[Cell]) -> list[Row]:
    """What is so while the network comes to rest, and what is then given."""
    rows: list[Row] = []
    level = {node.name: node.basal for node in model.network.nodes}
    for condition in dict.fromkeys(cell.condition for cell in cells):
        rows.append((f"rest_{condition}", SETTLING, 1))
        rows += [(f"rest_{condition}", dose_id(place), 0) for place in range(len(model.table.given))]
        rows += [
            (f"rest_{condition}", f"basal_{node}", _digits(level[node][condition])) for node in varying_nodes(model)
        ]
    for number, cell in enumerate(cells, start=1):
        rows.append((f"cell_{number}", SETTLING, 0))
        rows += [(f"cell_{number}", dose_id(place), _digits(amount)) for place, amount in enumerate(cell.given)]
    return rows


def _experiments(cells: Sequence[Cell]) -> list[Row]:
    rows: list[Row] = []
    for number, cell in enumerate(cells, start=1):
        name = f"experiment_{number}"
        rows += [(name, RESTING, f"rest_{cell.condition}"), (name, 0, f"cell_{number}")]
    return rows


def _observable(row: Measurement) -> tuple[str, ...]:
    name, followed = observable_id(row), followed_by(row.readout)
    title = CULTURES[row.readout].title if row.readout in CULTURES else row.readout
    formula = followed if row.scale == "level" else f"{followed} / {rest_id(followed)}"
    if row.scale == "fold" and row.readout in CULTURES:
        formula = f"({formula}) ^ {petab_id(SLOPE + row.readout)}"
    noise = f"noiseParameter1_{name}"
    return (name, f"{row.scale} of {title}", formula, noise, noise, "normal")


def _measurements(model: AssayModel, cells: Sequence[Cell]) -> list[Row]:
    place = {cell: number for number, cell in enumerate(cells, start=1)}
    errors = errors_of(model, DISCREPANCY).tolist()
    return [
        (
            observable_id(row), f"experiment_{place[cell_of(row)]}", "inf" if row.day is None else _digits(row.day),
            _digits(row.value), _digits(error), Path(row.file).name,
        )
        for row, error in zip(model.table.rows, errors, strict=True)
    ]  # fmt: skip


def _tsv(header: Row, rows: Sequence[Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _digits(value: float) -> str:
    return repr(float(value))
