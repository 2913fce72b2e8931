"""A calibration from end to end: simulate, emulate, sample, simulate where the posterior is, sample again, check."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from anagen.calibration.emulator import Emulator, fit_emulator, predictions
from anagen.calibration.joint import Joint, terms_of
from anagen.calibration.records import Calibration, Settings, Simulated
from anagen.calibration.sampling import Chains, require_sampler, sample_nuts
from anagen.calibration.simulations import Progress, points_simulated, prior_points, read_names, simulate_points, survey
from anagen.calibration.targets import Source, Target, chosen, sources_of, targets_of
from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.execution import Workers, processes_for
from anagen.parameters import Parameter, ParameterSet, load_parameters
from anagen.trials.protocol import study_parameters

INFLATED = 1.3
"""How far the second points lie from the first posterior's mean beside its own draws, in deviates."""
SAME = 1e-6
"""Relative difference up to which a point that is simulated again counts as the same."""
Stage = Callable[[str], None]


@dataclass(frozen=True)
class _Clock:
    """Runs the parts of a calibration, telling what is done and noting how long it took."""

    stage: Stage
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, part: str, words: str, work: Callable[[], Any]) -> Any:
        self.stage(words)
        start = time.perf_counter()
        done = work()
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - start
        return done


def calibrate(
    settings: Settings,
    *,
    workers: Workers = 1,
    work_dir: Path | None = None,
    simulated: Simulated | None = None,
    progress: Progress | None = None,
    stage: Stage = lambda _: None,
) -> Calibration:
    """Posterior of all uncertain parameters that published values can inform.

    Parameters
    ----------
    settings : Settings
        What and how.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished simulations, so that a killed run goes on.
    simulated : Simulated, optional
        Of an earlier calibration of the same priors and studies, in place of new ones.
    progress : Progress, optional
        Called with (done, total).
    stage : Stage, default lambda _: None
        Called with what is being done.

    Raises
    ------
    InputError
        Where a study or therapy is unknown, no study holds published values, or the sampler is not installed.
    HiddenParameter
        Where a study reads a parameter that it is said not to read.
    """
    require_sampler("nutpie", "arviz_stats")
    clock = _Clock(stage)
    priors = load_parameters("prior")
    sources = sources_of(priors, settings.studies)
    if not sources:
        named = "none is shipped with this installation" if settings.studies is None else ", ".join(settings.studies)
        message = f"no study with published values to calibrate against: {named or 'none was named'}"
        raise InputError([Problem(None, None, None, "studies", message)])
    parameters = every_parameter(priors, sources)
    work: dict[str, Any] = {"seed": settings.seed, "workers": workers, "work_dir": work_dir, "progress": progress}
    if simulated is None:
        simulated = _simulate(settings, sources, parameters, work, clock)
        targets = _targets(settings, sources, simulated.surveys)
    else:
        targets = _targets(settings, sources, simulated.surveys)
        simulated = _with_likelihood(simulated, targets, settings)
        _still_true(targets, simulated, sources, work, clock)
    joint = clock.run("fit", "fitting emulators", lambda: joint_of(targets, simulated, parameters, sources))
    places = [i for i, target in enumerate(joint.targets) if target.stage == 1]
    untreated = joint.only(places)
    first = clock.run("sample", "sampling: untreated patients", lambda: _sample(untreated, settings, workers))
    chains = clock.run("sample", "sampling: all", lambda: _sample(joint, settings, workers))
    checked = clock.run(
        "check", "simulating posterior draws", lambda: _check(joint, chains, settings, sources, simulated, work)
    )
    return Calibration(
        settings, sources, parameters, simulated, untreated, first, joint, chains, checked, clock.seconds
    )


def confirm_simulated(
    simulated: Simulated,
    settings: Settings,
    *,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Refuses what an earlier calibration simulated where this version would simulate it otherwise.

    Parameters
    ----------
    simulated : Simulated
        From `folder.read_simulated`.
    settings : Settings
        From `folder.read_simulated`.
    workers : int or str, default 1
        As in `calibrate`.
    work_dir : Path, optional
        As in `calibrate`.
    progress : Progress, optional
        As in `calibrate`.

    Raises
    ------
    InputError
        Where a study is missing or its values at the first point are others now.
    """
    sources = sources_of(load_parameters("prior"), settings.studies)
    work: dict[str, Any] = {"seed": settings.seed, "workers": workers, "work_dir": work_dir, "progress": progress}
    _still_true(_targets(settings, sources, simulated.surveys), simulated, sources, work, _Clock(lambda _: None))


def every_parameter(priors: ParameterSet, sources: Sequence[Source]) -> ParameterSet:
    """The parameters of the model with those of the products that studies bring along."""
    parameters: dict[str, Parameter] = dict(priors)
    for source in sources:
        parameters |= dict(study_parameters(source.study, priors))
    return ParameterSet(parameters)


def joint_of(
    targets: Sequence[Target], simulated: Simulated, parameters: ParameterSet, sources: Sequence[Source]
) -> Joint:
    """The joint model of targets, with emulators fitted to what was simulated.

    An emulator's variance is what it leaves over at points of the posterior where there are some, else at all.
    """
    reads = {
        source.name: np.array([simulated.names.index(name) for name in source.reads], dtype=np.int64)
        for source in sources
    }
    rounds = (simulated.first, len(simulated.z) - simulated.first)
    simulated_at = {
        source.name: np.concatenate([np.arange(points) < points_simulated(source, points) for points in rounds])
        for source in sources
    }
    emulators = tuple(
        emulator_of(
            simulated.z,
            simulated.expected[target.study, target.row],
            simulated_at[target.study],
            reads[target.study],
            target.label,
        )
        for target in targets
    )
    near = slice(simulated.first, None) if len(simulated.z) > simulated.first else slice(None)
    variances = np.array([emulator.variance(near) for emulator in emulators])
    return Joint(simulated.names, parameters, tuple(targets), emulators, variances)


def emulator_of(z: FloatArray, values: FloatArray, at: BoolArray, reads: IntArray, what: str) -> Emulator:
    """Emulator of a value from the points at which its study was simulated; see `emulator.fit_emulator`.

    Parameters
    ----------
    z : FloatArray
        Deviates [point, parameter].
    values : FloatArray
        Simulated [point].
    at : BoolArray
        Whether its study was simulated there [point].
    reads : IntArray
        Places of the parameters that can matter.
    what : str
        The value in words.
    """
    emulator = fit_emulator(z[at], values[at], reads, what)
    residuals = np.full(len(values), np.nan)
    residuals[at] = emulator.residuals
    return replace(emulator, residuals=residuals, values=values)


def _with_likelihood(simulated: Simulated, targets: Sequence[Target], settings: Settings) -> Simulated:
    """Simulations with those parameters of the likelihood alone that were not drawn when they were made.

    No simulated value depends on them, and the deviates of each have an address of their own, so that the points are
    those that a new simulation would draw.
    """
    new = sorted({term.hyper for target in targets for term in terms_of(target)}.difference(simulated.names))
    if not new:
        return simulated
    drawn = dict(zip(simulated.names, simulated.z.T, strict=True))
    drawn |= dict(zip(new, prior_points(new, len(simulated.z), settings.seed).T, strict=True))
    names = tuple(sorted(drawn))
    return replace(simulated, names=names, z=np.ascontiguousarray(np.stack([drawn[name] for name in names], axis=1)))


def _still_true(
    targets: Sequence[Target], simulated: Simulated, sources: Sequence[Source], work: Mapping[str, Any], clock: _Clock
) -> None:
    """Refuses simulations that lack a study, or whose first point this version would simulate otherwise."""
    wanted = [source for source in sources if source.name in {target.study for target in targets}]
    missing = sorted({t.study for t in targets if (t.study, t.row) not in simulated.expected})
    if missing:
        message = f"holds no simulations of {', '.join(missing)}; simulate again, without --from"
        raise InputError([Problem(None, None, None, "from", message)])
    again = clock.run(
        "check",
        "simulating the first point again",
        lambda: simulate_points(wanted, simulated.names, simulated.z[:1], first=1, **work),
    )
    other = sorted(
        {
            study
            for (study, row), values in again.items()
            if not np.allclose(values, simulated.expected[study, row][:1], rtol=SAME, atol=SAME, equal_nan=True)
        }
    )
    if other:
        message = f"this version simulates {', '.join(other)} otherwise; simulate again, without --from"
        raise InputError([Problem(None, None, None, "from", message)])


def _simulate(
    settings: Settings, sources: Sequence[Source], parameters: ParameterSet, work: Mapping[str, Any], clock: _Clock
) -> Simulated:
    surveys = clock.run("simulate", "simulating studies", lambda: survey(sources, **work))
    targets = _targets(settings, sources, surveys)
    spread = {term.hyper for target in targets for term in terms_of(target)}
    names = tuple(sorted({*read_names(sources), *spread}))
    wanted = {target.study for target in targets}
    sources = [source for source in sources if source.name in wanted]
    z = prior_points(names, settings.points, settings.seed)

    def points(at: FloatArray, first: int) -> Any:
        return simulate_points(sources, names, at, first=first, **work)

    expected = clock.run("simulate", "simulating prior draws", lambda: points(z, 1))
    if settings.second:
        early = Simulated(names, z, len(z), expected, surveys)
        joint = clock.run("fit", "fitting emulators", lambda: joint_of(targets, early, parameters, sources))
        chains = clock.run("sample", "sampling: first round", lambda: _sample(joint, settings, work["workers"]))
        near = spread_out(chains.thinned(settings.second)[:, : len(names)])
        later = clock.run("simulate", "simulating where the posterior is", lambda: points(near, len(z) + 1))
        z = np.vstack([z, near])
        expected = {key: np.concatenate([values, later[key]]) for key, values in expected.items()}
    return Simulated(names, z, settings.points, expected, surveys)


def spread_out(z: FloatArray) -> FloatArray:
    """Draws [draw, parameter] moved INFLATED times as far from their mean, so that emulators hold around them."""
    centre = z.mean(axis=0)
    return centre + INFLATED * (z - centre)


def _targets(settings: Settings, sources: Sequence[Source], surveys: Mapping[str, pd.DataFrame]) -> list[Target]:
    targets = [target for source in sources for target in targets_of(source, surveys[source.name])]
    kept = chosen(targets, settings.therapies)
    if not any(target.stage == 1 for target in kept):
        message = "no published value of untreated patients is among them; take a study with a control"
        raise InputError([Problem(None, None, None, "studies", message)])
    return kept


def _sample(joint: Joint, settings: Settings, workers: Workers) -> Chains:
    return sample_nuts(
        joint.density,
        joint.size,
        seed=settings.seed,
        chains=settings.chains,
        warmup=settings.warmup,
        draws=settings.draws,
        cores=processes_for(workers),
    )


def _check(
    joint: Joint,
    chains: Chains,
    settings: Settings,
    sources: Sequence[Source],
    simulated: Simulated,
    work: Mapping[str, Any],
) -> pd.DataFrame:
    """Emulated and simulated value of every target at posterior draws: one row per target and draw simulated."""
    z = chains.thinned(settings.checked)[:, : len(joint.names)]
    wanted = {target.study for target in joint.targets}
    values = simulate_points(
        [source for source in sources if source.name in wanted], joint.names, z, first=len(simulated.z) + 1, **work
    )
    emulated = predictions(joint.emulators, z)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "study": target.study,
                    "row": target.row,
                    "draw": np.arange(1, len(z) + 1),
                    "simulated": values[target.study, target.row],
                    "emulated": emulated[:, i],
                    "error": target.se / math.sqrt(target.weight),
                }
            )
            for i, target in enumerate(joint.targets)
        ],
        ignore_index=True,
    ).dropna(subset=["simulated"], ignore_index=True)
