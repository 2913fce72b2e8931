"""The loop of the search: candidates are asked for in generations, what is new of them is simulated, and told back.

A generation has a fixed size, its designs are simulated together, and candidates are told in the order in which they
were asked for, so that the search takes the same way on any number of workers. The sampler is NSGA-II, seeded.

References
----------
.. [1] Deb, Pratap, Agarwal & Meyarivan 2002, doi:10.1109/4235.996017 (NSGA-II).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from anagen.core.extras import require
from anagen.planning.search.axes import Space
from anagen.planning.search.candidates import Candidate, Key, Pool
from anagen.planning.search.simulated import question_of_design, simulated_designs
from anagen.planning.search.variant import simulated_study, varied
from anagen.planning.simulating import Setting

GENERATION = 20
"""Candidates of a generation."""
ALL_OF = 2
"""Every design is looked at first where a search has at least so many candidates for each."""


def needs_optuna() -> None:
    """Refuse to search where the library that does it is not installed.

    Raises
    ------
    InputError
        Naming the extra.
    """
    require("planning", "the search for a design", "optuna")


def searched(
    pool: Pool, setting: Setting, *, kind: str, trials: int, replicates: int, draws: int, stage: Callable[[str], None]
) -> list[Candidate]:
    """Candidates of a search, each once, in the order in which they were looked at; the pool then knows their designs.

    Parameters
    ----------
    pool : Pool
        What varies; takes what is simulated.
    setting : Setting
        Where and how designs are simulated; its seed is that of the sampler as well.
    kind : str
        "assurance" or "power".
    trials : int
        Candidates that are asked for.
    replicates : int
        Trials of each design.
    draws : int
        Parameter draws.
    stage : Callable[[str], None]
        Shows what is done now.

    Returns
    -------
    list[Candidate]
        As many as were asked for, less those that cannot be and those that came twice.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = pool.space
    sampler = optuna.samplers.NSGAIISampler(population_size=GENERATION, seed=setting.seed)
    study = optuna.create_study(directions=["minimize", "minimize", "maximize"], sampler=sampler)
    if ALL_OF * space.designs <= trials:
        for places in product(*(range(len(axis.values)) for axis in space.axes)):
            study.enqueue_trial({axis.name: axis.labels[i] for axis, i in zip(space.axes, places, strict=True)})
    found: dict[Key, Candidate] = {}
    for first in range(0, trials, GENERATION):
        asked = [study.ask() for _ in range(min(GENERATION, trials - first))]
        keys = [_suggested(trial, space) for trial in asked]
        new = [places for places in dict.fromkeys(key.places for key in keys) if places not in pool.known]
        if new:
            done = len(pool.known)
            stage(f"simulating designs {done + 1} to {done + len(new)}, candidates {first + 1} to {first + len(asked)}")
            simulate_into(pool, new, setting, replicates=replicates, draws=draws)
        for trial, suggested in zip(asked, keys, strict=True):
            key = pool.canonical(suggested)
            candidate = found.get(key) or pool.candidate(key)
            if candidate is None:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
                continue
            found[key] = candidate
            study.tell(trial, [candidate.price, candidate.months, candidate.reached(kind)])
    return list(found.values())


def simulate_into(pool: Pool, new: list[tuple[int, ...]], setting: Setting, *, replicates: int, draws: int) -> None:
    """Simulate designs that a pool does not know; those that come to the same study are simulated once."""
    of_study: dict[str, list[tuple[int, ...]]] = {}
    questions: dict[str, Any] = {}
    for places in new:
        data = varied(pool.space, places)
        study = None if data is None else simulated_study(data)
        if study is None:
            pool.known[places] = None
            continue
        same = next((known for known in pool.known.values() if known is not None and known.study == study), None)
        if same is not None:
            pool.known[places] = same
            continue
        of_study.setdefault(study.sha256, []).append(places)
        questions.setdefault(study.sha256, question_of_design(study, pool.arm))
    results = simulated_designs(list(questions.values()), setting, trials=replicates, draws=draws)
    for places_of_one, result in zip((of_study[name] for name in questions), results, strict=True):
        for places in places_of_one:
            pool.known[places] = result


def _suggested(trial: Any, space: Space) -> Key:
    """The candidate that a trial of the sampler means."""
    places = tuple(axis.labels.index(trial.suggest_categorical(axis.name, list(axis.labels))) for axis in space.axes)
    arms, allocation = (
        axis.labels.index(trial.suggest_categorical(f"{axis.name} of the trial", list(axis.labels)))
        for axis in (space.arms, space.allocation)
    )
    if space.ranged:
        low, high = (int(str(end)) for end in space.patients.values)
        patients = trial.suggest_int("patients of the trial", low, high, log=True)
    else:
        patients = int(trial.suggest_categorical("patients of the trial", list(space.patients.labels)))
    ratio = space.allocation.values[allocation]
    kept = space.arms.values[arms]
    assert isinstance(ratio, tuple) and isinstance(kept, tuple)
    least = min(ratio[i] for i in kept)
    return Key(places, arms, allocation, max(least, patients - patients % least) if space.ranged else patients)
