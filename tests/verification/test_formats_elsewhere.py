"""What is exported, followed by libRoadRunner and COPASI; what is imported, followed as they follow it.

Trajectories of both programs are kept in `reference/formats`, so that the equations are compared where neither is
installed; `make_trajectories.py` there made them.
"""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from anagen.assays.model import AssayModel
from anagen.assays.table import parse_assay_table
from anagen.formats.sbml import sbml_of
from anagen.formats.subject import Subject, subject_of
from anagen.parameters.parameter import Z_90
from anagen.signalling.changes import changes
from anagen.signalling.imported import ImportedModel, LinkedInput, TimedChange
from anagen.signalling.imported.following import follow
from anagen.signalling.network import basal_levels, load_network, solve
from small_network import DAYS, small_courses, small_network

Floats = NDArray[np.float64]
REFERENCE = Path(__file__).parent / "reference" / "formats"
EXAMPLES = Path(__file__).parents[1] / "examples" / "models"
ASSAY = """readout,condition,VESICLE_UPTAKE [particles/mL],DHT_BLOCK,time,value,error,scale
ERK,aga,1e8,,24 h,1.12,0.06,fold
papilla_proliferation,healthy,1e9,,48 h,1.70,0.10,fold
AR,aga,,0.5,,0.3,0.05,level
"""


def table(name: str) -> tuple[list[str], Floats]:
    with (REFERENCE / name).open(newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, np.array(rows, dtype=np.float64)


def relative(found: Floats, expected: Floats) -> float:
    return float((np.abs(found - expected) / np.maximum(np.abs(expected), 0.01)).max())


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of("exosome-vs-saline")


@pytest.fixture(scope="module")
def model_text(subject: Subject) -> str:
    pytest.importorskip("libsbml", reason="python-libsbml is in the extra `formats`")
    from anagen.formats.sbml.writer import described, sbml_text

    return sbml_text(described(subject))


def by_ourselves(subject: Subject, days: Floats) -> Floats:
    basal = basal_levels(subject.network, subject.condition)[None]
    return solve(subject.network, basal, subject.courses, days, tolerance=1e-9)[0]


def test_dosed_levels_are_those_of_libroadrunner_and_copasi_as_kept() -> None:
    """small.csv: both programs on the SBML of the small network, tolerances 1e-11."""
    header, rows = table("small.csv")
    assert header[1:4] == ["libRoadRunner A", "libRoadRunner B", "libRoadRunner C"]
    network = small_network()
    found = solve(network, basal_levels(network, "ill")[None], small_courses(), DAYS, tolerance=1e-9)[0]
    assert np.ptp(found, axis=0).min() > 0.03
    assert rows[:, 0] == pytest.approx(DAYS)
    assert relative(found, rows[:, 1:4]) < 1e-6 and relative(found, rows[:, 4:]) < 1e-6


def test_the_small_network_is_written_to_the_byte_as_kept() -> None:
    pytest.importorskip("libsbml", reason="python-libsbml is in the extra `formats`")
    from anagen.formats.sbml.model import Described
    from anagen.formats.sbml.writer import sbml_text

    written = sbml_text(Described(small_network(), "ill", small_courses()))
    assert written == (REFERENCE / "small.xml").read_text(encoding="utf-8")


def test_the_model_of_an_arm_has_no_errors_and_no_warnings(model_text: str) -> None:
    import libsbml

    from anagen.formats.sbml.check import checked_document

    checked = checked_document(libsbml.readSBMLFromString(model_text), "model.xml")
    assert checked.problems == () and "says nothing against it" in checked.lines[-1]


def test_what_is_written_without_a_library_has_none_either() -> None:
    libsbml = pytest.importorskip("libsbml", reason="python-libsbml is in the extra `formats`")
    from anagen.formats.sbml.check import checked_document

    for network, condition, courses in ((load_network(), "aga", []), (small_network(), "ill", small_courses())):
        text = sbml_of(network, basal_levels(network, condition), courses)
        assert checked_document(libsbml.readSBMLFromString(text), "model.xml").problems == ()


def test_an_arm_goes_as_in_libroadrunner(subject: Subject, model_text: str) -> None:
    roadrunner = pytest.importorskip("roadrunner", reason="libRoadRunner is in the extra `references`")
    model = roadrunner.RoadRunner(model_text)
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-9, 1e-12
    levers = ("anagen_extension", "telogen_exit", "calibre_gain")
    nodes = subject.network.node_names
    model.timeCourseSelections = ["time", *nodes, *(f"lever_{name}" for name in levers)]
    found = np.array(model.simulate(0.0, subject.days, 169))
    levels = by_ourselves(subject, found[:, 0])
    assert relative(found[:, 1 : 1 + len(nodes)], levels) < 1e-5
    changed = changes(subject.network, levels, levels[:1], subject.values)
    assert np.ptp(changed["anagen_extension"]) > 0.05
    for place, name in enumerate(levers, start=1 + len(nodes)):
        assert np.abs(changed[name] - found[:, place]).max() < 1e-5


def test_an_arm_goes_as_in_copasi_by_its_archive(subject: Subject, tmp_path: Path, model_text: str) -> None:
    copasi = pytest.importorskip("COPASI", reason="COPASI is in the extra `references`")
    from anagen.formats.omex.writer import write

    (data,) = write(subject).values()
    assert write(Subject(subject.study)).popitem()[1] == data
    (tmp_path / "arm.omex").write_bytes(data)
    container: Any = copasi.CRootContainer.addDatamodel()
    assert container.openCombineArchive(str(tmp_path / "arm.omex"))
    task = container.getTask("Time-Course")
    assert task.getProblem().getDuration() == subject.days
    assert task.initializeRaw(copasi.CCopasiTask.OUTPUT_UI) and task.processRaw(True)
    series = task.getTimeSeries()
    places = {series.getSBMLId(place, container): place for place in range(series.getNumVariables())}
    days = np.array([series.getConcentrationData(step, 0) for step in range(series.getRecordedSteps())])
    nodes = subject.network.node_names
    found = np.array([[series.getConcentrationData(step, places[name]) for name in nodes] for step in range(len(days))])
    assert days[-1] == subject.days and len(days) == 169
    assert relative(found, by_ourselves(subject, days)) < 1e-5


def assay_model() -> AssayModel:
    network = load_network()
    return AssayModel.of(network, parse_assay_table(ASSAY, "mine.csv", network, "aga"))


def test_an_assay_is_predicted_and_fitted_from_its_petab_problem_as_here(tmp_path: Path) -> None:
    """Loaded by the library petab, followed by libRoadRunner, fitted by SciPy: two parameters, the others at 1."""
    roadrunner = pytest.importorskip("roadrunner", reason="libRoadRunner is in the extra `references`")
    v2 = pytest.importorskip("petab.v2", reason="petab is in the extra `references`")
    pytest.importorskip("libsbml", reason="python-libsbml is in the extra `formats`")
    from scipy.optimize import least_squares

    from anagen.assays.fit import DISCREPANCY, errors_of
    from anagen.formats.petab.writer import problem_files

    ours = assay_model()
    for name, data in problem_files(ours, "mine").items():
        (tmp_path / name).write_bytes(data)
    problem = v2.Problem.from_yaml(tmp_path / "problem.yaml")
    assert not v2.lint_problem(problem)
    followed = _Followed(problem, roadrunner.RoadRunner(str(tmp_path / "model.xml")))
    zero = np.zeros(len(ours.names))
    assert followed.predictions({}) == pytest.approx(ours.predictions(zero), rel=1e-5)

    priors = {entry.id: entry for entry in problem.parameters}
    chosen = {"edge_weight.VESICLE_UPTAKE_to_ERK": "edge_weight_VESICLE_UPTAKE_to_ERK",
              "half_dose.VESICLE_UPTAKE": "half_dose_VESICLE_UPTAKE"}  # fmt: skip

    def elsewhere(z: Floats) -> Floats:
        values = {}
        for deviate, name in zip(z, chosen.values(), strict=True):
            middle, width = priors[name].prior_parameters
            values[name] = math.exp(middle + width * deviate)
        measured = [entry.measurement for entry in problem.measurements]
        errors = [float(entry.noise_parameters[0]) for entry in problem.measurements]
        misfit = (followed.predictions(values) - np.array(measured)) / np.array(errors)
        return np.concatenate([misfit, z])

    def here(z: Floats) -> Floats:
        all_z = zero.copy()
        for deviate, name in zip(z, chosen, strict=True):
            all_z[ours.names.index(name)] = deviate
        return np.concatenate([(ours.predictions(all_z) - ours.observed) / errors_of(ours, DISCREPANCY), z])

    one, other = (least_squares(residuals, [0.0, 0.0], diff_step=1e-4).x for residuals in (elsewhere, here))
    assert np.abs(one).max() > 0.05
    assert one == pytest.approx(other, abs=2e-3)
    wide = ours.parameters["half_dose.VESICLE_UPTAKE"]
    assert priors["half_dose_VESICLE_UPTAKE"].prior_parameters[1] == pytest.approx(
        math.log(wide.high / wide.low) / (2.0 * Z_90)
    )


class _Followed:
    """A PEtab problem followed by libRoadRunner: to rest, then under what was given."""

    def __init__(self, problem: Any, model: Any) -> None:
        self.problem, self.model = problem, model
        model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-9, 1e-12
        self.inside = set(model.model.getGlobalParameterIds())

    def predictions(self, changed: dict[str, float]) -> Floats:
        values = {entry.id: entry.nominal_value for entry in self.problem.parameters} | changed
        conditions = {entry.id: entry for entry in self.problem.conditions}
        experiments = {entry.id: entry for entry in self.problem.experiments}
        observables = {entry.id: entry for entry in self.problem.observables}
        rows: list[float] = []
        for entry in self.problem.measurements:
            self.model.resetToOrigin()
            for name in self.inside & values.keys():
                self.model.setValue(name, values[name])
            for period in experiments[entry.experiment_id].sorted_periods:
                for condition in period.condition_ids:
                    for change in conditions[condition].changes:
                        self.model.setValue(change.target_id, float(change.target_value))
                if math.isinf(period.time):
                    self.model.simulate(0.0, 300.0, 2)
            self.model.simulate(0.0, 300.0 if math.isinf(entry.time) else entry.time, 2)
            formula = observables[entry.observable_id].formula
            known = {
                symbol: values[str(symbol)] if str(symbol) in values else self.model.getValue(str(symbol))
                for symbol in formula.free_symbols
            }
            rows.append(float(formula.subs(known)))
        return np.array(rows)


def test_a_model_of_reactions_goes_as_in_libroadrunner_as_kept() -> None:
    """receptors.csv: libRoadRunner on receptors.xml, hours, tolerances 1e-11; sizes 2 and 0.5, amounts, an event."""
    pytest.importorskip("libsbml", reason="python-libsbml is in the extra `formats`")
    from anagen.formats.sbml.reader import read
    from anagen.signalling.network import read_network

    (text,) = read(EXAMPLES / "receptors.xml", EXAMPLES / "receptors.csv").files.values()
    model = read_network(text.decode(), "mine.toml", load_network()).model
    assert model is not None and model.days == pytest.approx(1.0 / 24.0)
    header, rows = table("receptors.csv")
    found = follow(model, {"VESICLE_UPTAKE": np.zeros((1, 120))}, rows[:, 0] / 24.0, header[1:])
    for place, name in enumerate(header[1:], start=1):
        assert found[name][0] == pytest.approx(rows[:, place], rel=1e-5, abs=1e-6)


def test_a_model_that_chatters_is_given_up_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anagen.signalling.imported.following.MOST_CALLS", 2_000)
    model = ImportedModel("chatter", "assumed", 1.0, {}, {"X": 1.0}, {"X": "-1 if X > 0 else 1"})
    with pytest.raises(ArithmeticError, match="'chatter' cannot be followed: its rates jump back and forth"):
        follow(model, {}, np.linspace(0.0, 30.0, 31), ["X"])


def test_an_imported_model_follows_its_closed_form_in_every_patient() -> None:
    """dX/dt = k u - k X from 0 with u held, u doubled on day 5: X = u (1 - exp(-k t)), then towards 2 u."""
    model = ImportedModel(
        "filter", "assumed", 1.0, {"k": 0.7, "u": 0.0, "more": 1.0}, {"X": 0.0}, {"X": "k * (more * u - X)"},
        events=(TimedChange(5.0, {"more": "2 * more"}),),
    )  # fmt: skip
    model = replace(model, inputs=(LinkedInput("u", "DRUG", 0.0, 10.0),))
    days, shares = np.linspace(0.0, 9.0, 37), np.array([0.0, 0.25, 0.9, 0.25])
    held = np.repeat(shares[:, None], 36, axis=1)
    found = follow(model, {"DRUG": held}, days, ["X"])["X"]
    early = 1.0 - np.exp(-0.7 * days)
    at_five = 1.0 - math.exp(-3.5)
    late = 2.0 + (at_five - 2.0) * np.exp(-0.7 * (days - 5.0))
    assert found == pytest.approx(10.0 * shares[:, None] * np.where(days <= 5.0, early, late), rel=1e-5, abs=1e-7)
    assert found[1].tobytes() == found[3].tobytes()
