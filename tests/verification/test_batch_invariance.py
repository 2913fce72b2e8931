"""The same draws give the same bytes, whatever the batch, the order, the threads and the company."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_runs import Patients, run_kernel
from lever_courses import AGA_CLASSES, PROCESS, VISITS, androgen_lever, attack_step, growth_levers, untreated

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles import N_CLASSES, FollowUp, TargetArea, hair_sums, time_grid
from anagen.follicles.arguments import N_SUMS
from anagen.patients import Population, sample_population
from anagen.patients.sampling import sensitivity_classes
from anagen.signalling import Levers
from anagen.trials.observation import observe
from anagen.trials.screening import candidates
from small_studies import EXOSOME, FINASTERIDE, MINOXIDIL, SALINE, VEHICLE, levers_of, small_scene, small_study

N = 70
STUDY = small_study(
    {"exosome": [EXOSOME], "both": [FINASTERIDE, MINOXIDIL], "saline": [SALINE]}, visits=(0.0, 8.0, 24.0)
)
SCENE = small_scene(STUDY, seed=99)
ARMS = SCENE.protocol.prescriptions
PEOPLE = candidates(SCENE, np.arange(N), 0)
AREA = 0.5


def sums_of(people: Population, arms: tuple[int, ...] = (0, 1, 2), threads: int = 1) -> FloatArray:
    """Sums [patient, arm, visit, 22] from levers to the kernel, through the engine."""
    reading = SCENE.protocol.reading(SCENE.values, SCENE.protocol.weeks, AREA)
    grid = time_grid(float(reading.visits[-1]))

    def levers(patients: Population) -> list[Levers]:
        return [levers_of(ARMS[arm], patients, SCENE.values, seed=SCENE.seed, grid=grid) for arm in arms]

    target = TargetArea(
        population=people,
        sensitivity=sensitivity_classes(SCENE.spec, people, SCENE.values, N_CLASSES),
        within_patient_sd=SCENE.values["population.shaft_diameter_within_patient"],
        starts_terminal=True,
    )
    return hair_sums(target, levers, FollowUp(SCENE.process, reading, grid, SCENE.seed, threads))


@pytest.fixture(scope="module")
def whole() -> FloatArray:
    sums = sums_of(PEOPLE)
    assert sums.shape == (N, 3, 3, 2 * N_SUMS)
    assert not np.array_equal(sums[:, 0], sums[:, 2])
    return sums


def rows(*chosen: int) -> IntArray:
    return np.array(chosen, dtype=np.int64)


@pytest.mark.parametrize(("chunk", "people"), [(1, 12), (7, N), (32, N)])
def test_chunks(whole: FloatArray, chunk: int, people: int) -> None:
    parts = [sums_of(PEOPLE.take(np.arange(i, min(i + chunk, people)))) for i in range(0, people, chunk)]
    assert np.concatenate(parts).tobytes() == whole[:people].tobytes()


def test_order(whole: FloatArray) -> None:
    backwards = np.arange(N)[::-1].copy()
    assert sums_of(PEOPLE.take(backwards)).tobytes() == whole[backwards].tobytes()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads(whole: FloatArray, threads: int) -> None:
    assert sums_of(PEOPLE, threads=threads).tobytes() == whole.tobytes()


def test_alone(whole: FloatArray) -> None:
    for patient in (0, 31, 32, 69):
        assert sums_of(PEOPLE.take(rows(patient))).tobytes() == whole[patient : patient + 1].tobytes()


@pytest.mark.parametrize("arms", [(0,), (1,), (2,), (2, 0), (1, 1, 0), (2, 1, 0, 1)], ids=str)
def test_twins(whole: FloatArray, arms: tuple[int, ...]) -> None:
    """A patient under an arm does not depend on which other arms are simulated beside it, nor on their order."""
    assert sums_of(PEOPLE, arms).tobytes() == np.ascontiguousarray(whole[:, list(arms)]).tobytes()


@pytest.mark.parametrize("chunk", [1, 7, 32])
def test_covariates_do_not_depend_on_the_batch(chunk: int) -> None:
    whole = sample_population(SCENE.spec, SCENE.values, seed=5, patients=np.arange(N), replicate=3)
    columns = (
        "age",
        "years_since_onset",
        "follicle_density",
        "shaft_diameter",
        "sensitivity",
        "sulfotransferase",
        "growth_rate",
    )
    for i in range(0, N, chunk):
        patients = np.arange(i, min(i + chunk, N))
        part = sample_population(SCENE.spec, SCENE.values, seed=5, patients=patients, replicate=3)
        for column in columns:
            assert getattr(part, column).tobytes() == getattr(whole, column)[patients].tobytes(), column
        assert part.severity == whole.severity[i : i + chunk]


@pytest.mark.parametrize(("chunk", "people"), [(1, 12), (7, N), (32, N)])
def test_levers_do_not_depend_on_the_batch(chunk: int, people: int) -> None:
    grid = time_grid(168.0)
    for given in ARMS:
        whole = levers_of(given, PEOPLE, SCENE.values, seed=1, grid=grid)
        for i in range(0, people, chunk):
            part = levers_of(given, PEOPLE.take(np.arange(i, min(i + chunk, people))), SCENE.values, seed=1, grid=grid)
            for name in ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack"):
                assert getattr(part, name).tobytes() == getattr(whole, name)[i : min(i + chunk, people)].tobytes(), name


def test_readings_do_not_depend_on_the_batch() -> None:
    """Measurement errors are addressed by patient and day, so they travel with the patient."""
    kwargs = {"weeks": SCENE.protocol.weeks, "area": AREA}
    whole = observe(SCENE, PEOPLE, ARMS, **kwargs)
    for patient in (0, 13, 69):
        alone = observe(SCENE, PEOPLE.take(rows(patient)), ARMS, **kwargs)
        for a, b in zip(whole, alone, strict=True):
            for name in ("true", "expected", "measured"):
                assert getattr(a, name)[patient].tobytes() == getattr(b, name)[0].tobytes(), name


def test_assigned_patients_are_their_own_twins() -> None:
    """Simulated once under its own arm or as a twin under all of them, a patient gives the same readings."""
    assigned = np.arange(N) % 3
    twins = observe(SCENE, PEOPLE, ARMS, weeks=SCENE.protocol.weeks, area=AREA)
    own = observe(SCENE, PEOPLE, ARMS, weeks=SCENE.protocol.weeks, area=AREA, assigned=assigned)[0]
    for arm in range(3):
        for name in ("true", "expected", "measured"):
            assert (
                getattr(own, name)[assigned == arm].tobytes() == getattr(twins[arm], name)[assigned == arm].tobytes()
            ), name


def test_kernel_alone_is_invariant_too() -> None:
    """Patients in one call or several, one course or four with a hazard among them, a step of one day."""
    days = int(VISITS[-1]) + 3
    courses = [untreated(days), androgen_lever(days), growth_levers(days), attack_step(days)]
    whole = run_kernel(PROCESS, AGA_CLASSES, courses, Patients(9, 80), visits=VISITS, seed=4).sums
    for first in range(9):
        part = run_kernel(PROCESS, AGA_CLASSES, courses, Patients(1, 80, first=first), visits=VISITS, seed=4).sums
        assert part.tobytes() == whole[first : first + 1].tobytes()
    for i, course in enumerate(courses):
        alone = run_kernel(PROCESS, AGA_CLASSES, [course], Patients(9, 80), visits=VISITS, seed=4).sums
        assert alone.tobytes() == np.ascontiguousarray(whole[:, i : i + 1]).tobytes()


def test_more_follicles_or_visits_change_no_others() -> None:
    """Sums of a smaller area are part of those of a larger one, and a visit more changes no other visit."""
    course = [untreated(int(VISITS[-1]) + 3)]
    few = run_kernel(PROCESS, AGA_CLASSES, course, Patients(4, 60), visits=VISITS[[0, 5]], seed=4, events=60)
    many = run_kernel(PROCESS, AGA_CLASSES, course, Patients(4, 90), visits=VISITS, seed=4, events=60)
    same = run_kernel(PROCESS, AGA_CLASSES, course, Patients(4, 60), visits=VISITS, seed=4)
    assert same.sums[:, :, [0, 5]].tobytes() == few.sums.tobytes()
    assert np.array_equal(few.events, many.events[many.events[:, 1] < 60])


def test_another_seed_gives_other_hairs(whole: FloatArray) -> None:
    vehicle = small_scene(small_study({"a": [VEHICLE], "b": [VEHICLE]}), seed=100)
    other = observe(vehicle, PEOPLE, vehicle.protocol.prescriptions, weeks=vehicle.protocol.weeks, area=AREA)
    assert not np.array_equal(other[0].true[:, 0, 0], whole[:, 2, 0, 0] / AREA)
