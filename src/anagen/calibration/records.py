"""What a calibration is asked, what it simulated, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from anagen.calibration.joint import Joint
from anagen.calibration.sampling import Chains
from anagen.calibration.targets import Source
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED, MOST_DRAWS, MOST_POINTS, whole
from anagen.parameters import ParameterSet

MOST_CHAINS = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """How a calibration is run.

    Attributes
    ----------
    therapies : frozenset[str], optional
        Those whose published values are taken, with those of untreated patients; all where None.
    studies : tuple[str, ...], optional
        Names of the studies that are taken; all where None.
    points : int, default 180
        From the priors; half as many follow from the first posterior.
    chains : int, default 4
        Of the sampler.
    warmup : int, default 1000
        Of the sampler.
    draws : int, default 1000
        Of the sampler.
    kept : int, default 1000
        Draws of the posterior file.
    checked : int, default 40
        Posterior draws that are simulated to check the emulators.
    """

    seed: int = 1
    therapies: frozenset[str] | None = None
    studies: tuple[str, ...] | None = None
    points: int = 180
    chains: int = 4
    warmup: int = 1000
    draws: int = 1000
    kept: int = 1000
    checked: int = 40

    def __post_init__(self) -> None:
        """Refuses numbers with which nothing can be fitted, or that nobody means."""
        for name, least in (("warmup", 0), ("draws", 1), ("kept", 1), ("checked", 0)):
            object.__setattr__(self, name, whole(name, getattr(self, name), least, MOST_DRAWS))
        problems = [
            Problem(None, None, None, name, message)
            for name, wrong, message in (
                ("seed", not 0 <= self.seed <= MAX_SEED, f"lies between 0 and {MAX_SEED}, got {self.seed}"),
                ("points", self.points < 30, f"must be 30 or more to fit emulators, got {self.points}"),
                ("points", self.points > MOST_POINTS, f"must be at most {MOST_POINTS}, got {self.points}"),
                (
                    "chains",
                    not 2 <= self.chains <= MOST_CHAINS,
                    f"must be 2 to {MOST_CHAINS}, so that they can be compared",
                ),
            )
            if wrong
        ]
        if problems:
            raise InputError(problems)

    @property
    def second(self) -> int:
        """Points of the second round."""
        return self.points // 2


@dataclass(frozen=True, eq=False)
class Simulated:
    """What was simulated: all that a posterior is computed from.

    Attributes
    ----------
    names : tuple[str, ...]
        Parameters.
    z : FloatArray
        Their deviates [point, parameter], the first `first` of them from the priors.
    expected : Mapping[tuple[str, int], FloatArray]
        (study, row) -> values [point].
    surveys : Mapping[str, pd.DataFrame]
        Study -> what simulated patients say of its rows.
    """

    names: tuple[str, ...]
    z: FloatArray
    first: int
    expected: Mapping[tuple[str, int], FloatArray]
    surveys: Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Calibration:
    """A finished calibration.

    Attributes
    ----------
    settings : Settings
        How.
    sources : tuple[Source, ...]
        Studies.
    parameters : ParameterSet
        With their priors, those of studies' products too.
    simulated : Simulated
        Points and values.
    untreated : Joint
        The model of untreated patients, `untreated_chains` its draws.
    joint : Joint
        The model of all, `chains` its draws.
    checked : pd.DataFrame
        Emulated against simulated values at posterior draws.
    seconds : Mapping[str, float], default dict()
        By part.
    """

    settings: Settings
    sources: tuple[Source, ...]
    parameters: ParameterSet
    simulated: Simulated
    untreated: Joint
    untreated_chains: Chains
    joint: Joint
    chains: Chains
    checked: pd.DataFrame
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def draws(self) -> FloatArray:
        """The posterior draws that are kept [draw, deviate]."""
        return self.chains.thinned(self.settings.kept)
