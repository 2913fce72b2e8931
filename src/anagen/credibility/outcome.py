"""The outcome of an assessment: the expected primary effect of one arm, at any values of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from scipy.special import ndtr

from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.effects import contrasts_of
from anagen.analysis.expected import mean_of
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.core.provenance import sha256_of_bytes, sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key
from anagen.follicles.states import States
from anagen.parameters import Parameter, ParameterSet
from anagen.patients import Population
from anagen.scalp import ENDPOINTS, Readings
from anagen.signalling import Response
from anagen.study import Study
from anagen.trials.observation import Scene, arm_responses
from anagen.trials.protocol import Protocol, protocol
from anagen.trials.recruited import population_spec
from anagen.trials.reference import expected_readings, reference_patients, reference_scene

PER_TASK = 40
"""Evaluations in one task: about a second, so that little is lost where a run is stopped."""
PATIENTS_OF = 1
"""Number of the parameter draw whose reference patients carry every evaluation, so that differences between two are
those of the parameters. They are few: the centre of a prediction comes from more."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Expected primary effect of `arm` over `control` in `patients` reference patients of a study."""

    study: Study
    arm: str
    control: str
    seed: int
    patients: int


class Noted(Mapping[str, float]):
    """Parameter values that note which of them are read."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values
        self.read: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        """The value of a parameter."""
        return self.read.setdefault(name, self._values[name])

    def __iter__(self) -> Iterator[str]:
        """The names of all parameters."""
        return iter(self._values)

    def __len__(self) -> int:
        """How many parameters there are."""
        return len(self._values)


class Kept(Generic[T]):
    """What follows from parameter values, worked out again only where a value that it reads has moved."""

    def __init__(self, work: Callable[[Mapping[str, float]], T]) -> None:
        self._work = work
        self._known: list[tuple[dict[str, float], T]] = []

    def at(self, values: Mapping[str, float]) -> T:
        """What follows from these values."""
        for read, found in reversed(self._known):
            if all(values[name] == value for name, value in read.items()):
                return found
        noted = Noted(values)
        found = self._work(noted)
        self._known.append((noted.read, found))
        return found


class Evaluation:
    """The outcome at one set of parameter values after another.

    Who is admitted does not depend on therapies, nor what the network makes of a therapy on patients: each is worked
    out once for all values that agree in what it reads.
    """

    def __init__(self, outcome: Outcome, plan: Protocol, threads: int = 1) -> None:
        self._outcome = outcome
        self._start = Scene(plan, population_spec(plan.study), {}, outcome.seed, threads)
        self._admitted = Kept(self._admit)
        self._responses = Kept(self._respond)

    def effects(self, values: Mapping[str, float]) -> FloatArray:
        """The effect in every reference patient, shape [patient]."""
        scene, people = self._admitted.at(values)
        scene, responses = replace(scene, values=values), self._responses.at(values)
        readings = expected_readings(scene, draw=PATIENTS_OF, people=people, responses=responses)
        one, other = values_of(readings, scene.protocol, self._outcome)
        return one - other

    def at(self, values: Mapping[str, float]) -> float:
        """The effect at parameter values, in the unit of the primary endpoint's measure.

        Raises
        ------
        AnagenError
            Where no number comes out.
        """
        effect = float(mean_of(self.effects(values)))
        if not np.isfinite(effect):
            raise AnagenError(f"the expected primary effect of {self._outcome.arm} has no value at these parameters")
        return effect

    def _admit(self, values: Mapping[str, float]) -> tuple[Scene, tuple[Population, States | None]]:
        start, outcome = self._start, self._outcome
        scene = reference_scene(start.protocol, values, seed=start.seed, draw=PATIENTS_OF, threads=start.threads)
        return scene, reference_patients(scene, outcome.patients, draw=PATIENTS_OF)

    def _respond(self, values: Mapping[str, float]) -> list[Response]:
        plan = self._start.protocol
        return arm_responses(replace(self._start, values=values), plan.courses, float(plan.weeks[-1]))


@dataclass(frozen=True, slots=True)
class Moved:
    """A parameter that is moved: along its prior, or along the posterior draws [draw] where it is calibrated."""

    prior: Parameter
    drawn: FloatArray | None = None

    def at(self, deviates: FloatArray) -> list[float]:
        """Its values at standard normal deviates."""
        if self.drawn is None:
            return [self.prior.quantile(float(z)) for z in deviates]
        return np.quantile(self.drawn, ndtr(deviates)).tolist()


@dataclass(frozen=True, slots=True)
class Batch:
    """Work of one task: the outcome at rows of deviates [row, parameter] of `moved`, all others at `central`."""

    outcome: Outcome
    central: Mapping[str, float]
    moved: tuple[Moved, ...]
    deviates: FloatArray
    threads: int


def chosen_contrast(study: Study, arm: str | None) -> tuple[str, str]:
    """The arm that is assessed and what it is compared with: the first arm that is no control where None.

    Raises
    ------
    InputError
        Where there is no such arm, or it is the control.
    """
    pairs = dict(contrasts_of(protocol(study)))
    treated = tuple(entry.name for entry in study.arms if entry.name in pairs)
    if arm is None:
        first = next((entry.name for entry in study.arms if entry.name in pairs and not entry.control), treated[0])
        return first, pairs[first]
    if arm not in pairs:
        raise InputError([Problem(None, None, None, "arm", f"{arm!r} is compared with nothing", treated)])
    return arm, pairs[arm]


def evaluate_at(
    outcome: Outcome,
    parameters: ParameterSet,
    names: Sequence[str],
    deviates: FloatArray,
    *,
    threads: int = 1,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FloatArray:
    """The outcome at rows of standard normal deviates [row, parameter] of the named parameters.

    A deviate z becomes the value `Parameter.quantile(z)`, or the quantile of the posterior where the parameter is
    calibrated; parameters that are not named keep their central values.

    Parameters
    ----------
    outcome : Outcome
        What is evaluated.
    parameters : ParameterSet
        All parameters of the study.
    names : Sequence[str]
        Those that are moved.
    deviates : FloatArray
        Shape [row, parameter].
    threads : int, default 1
        Of one process.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; results do not depend on it.
    work_dir : Path, optional
        Keeps finished rows, so that a stopped run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total) tasks.

    Returns
    -------
    FloatArray
        Outcomes, shape [row].
    """
    content, priors = sha256_of_json(outcome.study.model_dump(mode="json")), parameters.sha256()
    central, posterior = parameters.central(), parameters.posterior
    columns = {} if posterior is None else dict(zip(posterior.names, posterior.matrix.T, strict=True))
    moved = tuple(Moved(parameters[name], columns.get(name)) for name in names)
    tasks: list[Task[Batch]] = []
    for start in range(0, len(deviates), PER_TASK):
        rows = np.ascontiguousarray(deviates[start : start + PER_TASK])
        key = task_key(
            study_sha256=content,
            parameters_sha256=priors,
            seed=outcome.seed,
            replicates=(0, 0),
            draws=(start, start + len(rows)),
            settings={
                "moved": sha256_of_json(list(names)),
                "deviates": sha256_of_bytes(rows.tobytes()),
                "arm": outcome.arm,
                "patients": outcome.patients,
            },
        )
        batch = Batch(outcome, central, moved, rows, threads)
        tasks.append(Task(f"evaluations {start} to {start + len(rows) - 1}", key, batch))
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, evaluate_batch, workers=workers, store=store, progress=progress))
    return tables["outcomes"]["outcome"].to_numpy(dtype=np.float64)


def evaluate_batch(task: Task[Batch]) -> Tables:
    """Table `outcomes` with one row per row of deviates."""
    batch = task.payload
    evaluation = Evaluation(batch.outcome, protocol(batch.outcome.study), batch.threads)
    moved = {entry.prior.name: entry.at(z) for entry, z in zip(batch.moved, batch.deviates.T, strict=True)}
    effects = [
        evaluation.at({**batch.central, **dict(zip(moved, row, strict=True))})
        for row in zip(*moved.values(), strict=True)
    ]
    return {"outcomes": pd.DataFrame({"outcome": effects})}


def patient_effects(scene: Scene, outcome: Outcome, *, patients: int) -> FloatArray:
    """Primary effect of every reference patient, shape [patient]: the same patient under the arm less the control."""
    one, other = arm_values(scene, outcome, patients=patients)
    return one - other


def arm_values(scene: Scene, outcome: Outcome, *, patients: int) -> tuple[FloatArray, FloatArray]:
    """The primary measure of every reference patient under the arm and under its control, each [patient].

    A responder is read with measurement error, every other measure is the expected one, as in
    `analysis.effects.expected_table`; against its own baseline the second is zero.
    """
    return values_of(expected_readings(scene, n_patients=patients), scene.protocol, outcome)


def values_of(of_arms: Sequence[Readings], plan: Protocol, outcome: Outcome) -> tuple[FloatArray, FloatArray]:
    """The same from the readings of every arm."""
    readings = dict(zip(plan.arms, of_arms, strict=True))

    def of(arm: str) -> FloatArray:
        return primary_of(plan, readings[arm].expected, readings[arm].measured)

    one = of(outcome.arm)
    return one, np.zeros_like(one) if outcome.control == NO_CONTROL else of(outcome.control)


def primary_of(plan: Protocol, expected: FloatArray, measured: FloatArray) -> FloatArray:
    """The primary measure of each patient from readings [patient, visit, endpoint]."""
    choice = plan.study.endpoints.primary
    column = [endpoint.name for endpoint in plan.endpoints].index(choice.endpoint)
    visit = int(np.flatnonzero(plan.weeks == choice.week)[0])
    read = measured if choice.measure in RESPONDERS else expected
    rising = ENDPOINTS[choice.endpoint].higher_is_better
    return measure_of(choice.measure, read[:, visit, column], read[:, 0, column], choice.threshold, rising=rising)
