"""Which uncertain parameters move the expected primary effect: screening of all, variance shares of the strongest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.credibility.outcome import Evaluation, Outcome, evaluate_at
from anagen.credibility.sampling import morris_screening, sobol_indices, sobol_points
from anagen.execution import Workers
from anagen.parameters import ParameterSet
from anagen.parameters.parameter import Z_90
from anagen.signalling.network.priors import is_of_edge
from anagen.trials.protocol import protocol
from anagen.trials.safety import hazard_parameters

STRONGEST = 8
"""Parameters whose shares of the variance are computed."""
TRAJECTORIES_PER_SAMPLE = 8
"""Base samples of the variance shares per trajectory of the screening."""
FEWEST_TRAJECTORIES = 2


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What moves the expected primary effect.

    Attributes
    ----------
    screening : pd.DataFrame
        Name, mu, mu_star, mu_star_conf, sigma of every parameter moved.
    indices : pd.DataFrame
        Name, first, first_conf, total, total_conf of the strongest; empty where nothing moves the effect.
    swings : pd.DataFrame
        Name, low, high: the effect with one parameter at its 5 and 95 % quantile, all others central.
    central : float
        The effect at central values.
    error : float
        Its Monte-Carlo standard error; differences between evaluations have less, for their patients are the same.
    mean : float
        Of the effect over the priors of the strongest.
    sd : float
        Of the effect over the priors of the strongest.
    trajectories : int
        Of the two methods.
    samples : int
        Of the two methods.
    evaluations : int
        Expected effects computed.
    harms : int
        Uncertain parameters of adverse events, which are left out.
    """

    screening: pd.DataFrame
    indices: pd.DataFrame
    swings: pd.DataFrame
    central: float
    error: float
    mean: float
    sd: float
    trajectories: int
    samples: int
    evaluations: int
    harms: int

    @property
    def influential(self) -> int:
        """Number of parameters that moved the effect at all."""
        return int((self.screening["mu_star"] > 0.0).sum())

    def explained(self) -> float:
        """Sum of the first-order indices: the share of the variance without interactions."""
        return float(self.indices["first"].sum())


def moved_parameters(outcome: Outcome, used: pd.DataFrame, parameters: ParameterSet) -> tuple[list[str], list[str]]:
    """Uncertain parameters that the study reads, and apart from them those of adverse events only.

    Adverse events do not enter the expected effect: reference patients keep every visit. Effects are held at the usual
    dose whatever the weights of the network, which have an analysis of their own (`anagen network sensitivity`).
    """
    harms = hazard_parameters(protocol(outcome.study).hazards)
    uncertain = [
        str(name)
        for name in used["name"]
        if parameters[str(name)].distribution != "fixed" and not is_of_edge(str(name))
    ]
    return [name for name in uncertain if name not in harms], [name for name in uncertain if name in harms]


def analyse_sensitivity(
    outcome: Outcome,
    parameters: ParameterSet,
    used: pd.DataFrame,
    *,
    samples: int,
    threads: int = 1,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    stage: Callable[[str], None] | None = None,
) -> Sensitivity:
    """Screen every uncertain parameter that the study reads, then divide the variance among the strongest.

    Parameters
    ----------
    outcome : Outcome
        What is evaluated.
    parameters : ParameterSet
        Of the study.
    used : pd.DataFrame
        Rows of the parameters that the study reads.
    samples : int
        Base samples of the Sobol indices, a power of 2.
    threads : int, default 1
        As in `evaluate_at`.
    workers : int or str, default 1
        As in `evaluate_at`.
    work_dir : Path, optional
        As in `evaluate_at`.
    progress : Callable[[int, int], None], optional
        As in `evaluate_at`.
    stage : Callable[[str], None], optional
        Called with what is being done.

    Returns
    -------
    Sensitivity
        Without indices and swings where no parameter moves the outcome.

    Raises
    ------
    ValueError
        Where `samples` is no power of 2.
    """
    say = stage or _say_nothing
    names, harms = moved_parameters(outcome, used, parameters)
    trajectories = max(FEWEST_TRAJECTORIES, samples // TRAJECTORIES_PER_SAMPLE)
    evaluations = 0

    def at(moved: list[str], deviates: FloatArray) -> FloatArray:
        nonlocal evaluations
        evaluations += len(deviates)
        return evaluate_at(
            outcome, parameters, moved, deviates, threads=threads, workers=workers, work_dir=work_dir, progress=progress
        )

    say(f"screening {len(names)} parameters")
    screening = morris_screening(names, lambda z: at(names, z), trajectories=trajectories, seed=outcome.seed)
    effects = Evaluation(outcome, protocol(outcome.study), threads).effects(parameters.central())
    whole = effects[np.isfinite(effects)]
    error = float(whole.std(ddof=1) / np.sqrt(len(whole)))
    strongest = [str(row) for row in screening.loc[screening["mu_star"] > 0.0, "name"].head(STRONGEST)]
    if not strongest:
        central = float(at(names[:1], np.zeros((1, 1)))[0])
        empty = pd.DataFrame(columns=["name", "first", "first_conf", "total", "total_conf"])
        swings = pd.DataFrame(columns=["name", "low", "high"])
        return Sensitivity(
            screening, empty, swings, central, error, central, 0.0, trajectories, samples, evaluations, len(harms)
        )
    say(f"dividing the variance among {len(strongest)} parameters")
    points = sobol_points(strongest, samples=samples, seed=outcome.seed)
    ends = Z_90 * np.concatenate([np.zeros((1, len(strongest))), -np.eye(len(strongest)), np.eye(len(strongest))])
    effects = at(strongest, np.concatenate([points, ends]))
    outcomes, swing = effects[: len(points)], effects[len(points) :]
    base = outcomes[:: len(strongest) + 2]
    return Sensitivity(
        screening=screening,
        indices=sobol_indices(strongest, outcomes, seed=outcome.seed),
        swings=pd.DataFrame(
            {"name": strongest, "low": swing[1 : 1 + len(strongest)], "high": swing[1 + len(strongest) :]}
        ),
        central=float(swing[0]),
        error=error,
        mean=float(base.mean()),
        sd=float(base.std(ddof=1)),
        trajectories=trajectories,
        samples=samples,
        evaluations=evaluations,
        harms=len(harms),
    )


def _say_nothing(words: str) -> None:
    del words
