"""Simulation-based calibration: does the sampler give back what the model put in?

A truth is drawn from the prior, data from the truth, and a posterior from the data. Over many data sets the rank of
the truth among posterior draws is uniform where density and sampler are right.

References
----------
.. [1] Talts, Betancourt, Simpson, Vehtari & Gelman 2018, arXiv:1804.06788.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from anagen.calibration.emulator import Emulator
from anagen.calibration.joint import Joint
from anagen.calibration.predictive import ERROR, fresh
from anagen.calibration.sampling import Chains, r_hat_and_sizes, sample_ensemble, sample_nuts
from anagen.calibration.simulations import Progress
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.provenance import sha256_of_bytes
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key

Sampler = Literal["nuts", "ensemble"]
RANKS = 99
"""Posterior draws among which a truth is ranked, so that ranks run from 0 to 99."""
BINS = 20
SETS_PER_TASK = 5
WALKERS_PER_DEVIATE = 4
TRUTH = "truth "


@dataclass(frozen=True, eq=False)
class Recovery:
    """Work of one task: data sets `sets` of a model, recovered by a sampler.

    warmup, draws: per chain of the no-U-turn sampler, per walker of the ensemble.
    """

    joint: Joint
    sampler: Sampler
    sets: range
    seed: int
    warmup: int
    draws: int


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of truths among posterior draws.

    Attributes
    ----------
    names : tuple[str, ...]
        Deviates.
    ranks : IntArray
        [data set, deviate], 0 to RANKS.
    runs : pd.DataFrame
        One row per data set: seconds, least effective sample size, worst R-hat, divergences.
    """

    names: tuple[str, ...]
    ranks: IntArray
    runs: pd.DataFrame

    def uniformity(self) -> pd.DataFrame:
        """Chi-squared statistic and p value of each deviate's ranks against uniform ones, in bins of equal width."""
        return pd.DataFrame([{"name": n, **uniformity(r)} for n, r in zip(self.names, self.ranks.T, strict=True)])

    def facts(self) -> dict[str, Any]:
        """What the ranks say, as plain values."""
        p = self.uniformity()["p_value"].to_numpy()
        pooled = uniformity(self.ranks.ravel())
        return {
            "data_sets": len(self.ranks),
            "deviates": len(self.names),
            "share_p_below_5_percent": float((p < 0.05).mean()),
            "least_p": float(p.min()),
            "least_p_times_deviates": float(min(1.0, p.min() * len(p))),
            "pooled_mean_rank": float(self.ranks.mean() / RANKS),
            "pooled_chi2_over_df": pooled["chi2"] / pooled["df"],
            "least_ess_median": float(self.runs["least_ess"].median()),
            "ess_per_second": float((self.runs["least_ess"] / self.runs["seconds"]).median()),
            "seconds": float(self.runs["seconds"].sum()),
            "worst_rhat_median": float(self.runs["worst_rhat"].median()),
            "divergences": int(self.runs["divergences"].sum()),
        }


def uniformity(ranks: IntArray) -> dict[str, float]:
    """Chi-squared test of ranks 0 to RANKS against equal shares of BINS bins.

    Examples
    --------
    >>> uniformity(np.arange(100))["chi2"]
    0.0
    """
    width = (RANKS + 1) // BINS
    counts = np.bincount(np.asarray(ranks) // width, minlength=BINS)
    wanted = len(ranks) / BINS
    statistic = float(((counts - wanted) ** 2 / wanted).sum())
    return {"chi2": statistic, "df": float(BINS - 1), "p_value": float(chdtrc(BINS - 1, statistic))}


def recover(
    joint: Joint,
    sets: int,
    *,
    seed: int,
    sampler: Sampler = "nuts",
    warmup: int = 400,
    draws: int = 500,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> Ranks:
    """Ranks of the truth in the posteriors of `sets` simulated data sets.

    Parameters
    ----------
    joint : Joint
        The model; its own published values are not used.
    sets : int
        Data sets.
    seed : int
        Of truths, data and sampler.
    sampler : Sampler, default "nuts"
        "nuts" or "ensemble".
    warmup : int, default 400
        See Recovery.
    draws : int, default 500
        See Recovery.
    workers : int or str, default 1
        As in `runs.run_study`.
    work_dir : Path, optional
        As in `runs.run_study`.
    progress : Progress, optional
        As in `runs.run_study`.
    """
    content = sha256_of_bytes(b"".join(np.ascontiguousarray(part).tobytes() for part in joint.packed))
    blocks = [range(start, min(start + SETS_PER_TASK, sets)) for start in range(0, sets, SETS_PER_TASK)]
    tasks = [
        Task(
            f"data sets {block.start} to {block.stop - 1}",
            task_key(
                study_sha256=content,
                parameters_sha256="",
                seed=seed,
                replicates=(block.start, block.stop),
                draws=(0, draws),
                settings={"recover": sampler, "warmup": warmup, "names": "\n".join(names_of(joint))},
            ),
            Recovery(joint, sampler, block, seed, warmup, draws),
        )
        for block in blocks
    ]
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, recover_block, workers=workers, store=store, progress=progress))
    return Ranks(names_of(joint), tables["ranks"].to_numpy(dtype=np.int64), tables["runs"])


def names_of(joint: Joint) -> tuple[str, ...]:
    """Names of all deviates of a model."""
    return (*joint.names, *joint.deviates)


def recover_block(task: Task[Recovery]) -> Tables:
    """Tables of some data sets: ranks (one row per set, one column per deviate) and runs."""
    work = task.payload
    ranks: list[IntArray] = []
    runs: list[dict[str, float]] = []
    for number in work.sets:
        truth, data = simulated_data(work.joint, number, work.seed)
        chains = _sample(work, data, number)
        r_hat, bulk, _ = r_hat_and_sizes(chains.x)
        thinned = chains.thinned(RANKS)
        ranks.append((thinned < truth).sum(axis=0))
        runs.append(
            {
                "set": number,
                "seconds": chains.seconds,
                "least_ess": float(bulk.min()),
                "worst_rhat": float(r_hat.max()),
                "divergences": chains.divergences,
            }
        )
    table = pd.DataFrame(np.array(ranks), columns=[str(i) for i in range(work.joint.size)])
    return {"ranks": table, "runs": pd.DataFrame(runs)}


def simulated_data(joint: Joint, number: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """A truth [deviate] from the prior and the values [value] that it publishes; both addressed by the set's number."""
    labels = [ERROR + target.label for target in joint.targets]
    drawn = fresh([*(TRUTH + name for name in names_of(joint)), *labels], number + 1, seed)
    truth = np.array([drawn[TRUTH + name][number] for name in names_of(joint)])
    noise = np.array([drawn[label][number] for label in labels])
    return truth, joint.means(truth[None, :])[0] + joint.error * noise


def _sample(work: Recovery, data: FloatArray, number: int) -> Chains:
    density, size, seed = work.joint.observing(data), work.joint.size, work.seed + number
    if work.sampler == "nuts":
        return sample_nuts(density, size, seed=seed, chains=4, warmup=work.warmup, draws=work.draws)
    walkers = max(32, WALKERS_PER_DEVIATE * size)
    return sample_ensemble(density, size, seed=seed, walkers=walkers, warmup=work.warmup, draws=work.draws)


def reduced(joint: Joint, targets: Sequence[int], names: Sequence[str]) -> Joint:
    """The model of some values with some parameters only, the others held at their prior medians.

    Parameters
    ----------
    joint : Joint
        The model.
    targets : Sequence[int]
        Places of the values kept.
    names : Sequence[str]
        Parameters kept, among them all that the spread between trials of those values needs.

    Raises
    ------
    ValueError
        Where a parameter of the spread is missing.
    """
    kept = tuple(names)
    needed = {term.hyper for i in targets for term in joint.terms[i]}
    if not needed <= set(kept):
        raise ValueError(f"the spread between trials also needs {sorted(needed - set(kept))}")
    place = np.full(len(joint.names), -1, dtype=np.int64)
    for new, name in enumerate(kept):
        place[joint.names.index(name)] = new
    return Joint(
        kept,
        joint.parameters,
        tuple(joint.targets[i] for i in targets),
        tuple(_moved(joint.emulators[i], place) for i in targets),
        joint.variances[list(targets)],
    )


def _moved(emulator: Emulator, place: IntArray) -> Emulator:
    """An emulator whose parameters have other places; those without one (-1) are held at 0."""
    single = place[emulator.linear] >= 0
    both = (place[emulator.first] >= 0) & (place[emulator.second] >= 0)
    return replace(
        emulator,
        linear=place[emulator.linear][single],
        slopes=emulator.slopes[single],
        first=place[emulator.first][both],
        second=place[emulator.second][both],
        products=emulator.products[both],
    )
