"""Each study predicted by the others: refitted without its values, then asked what it would publish.

Studies that share a publication or their patients are left out together.

The emulators stay as they are: they say what the simulation does, not what was observed. Predictions hold everything
that a new trial brings with it: offset of the study, spread of the gain, biases of its design, and the error of its
patients at the published size (not widened by weights).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from anagen.calibration.joint import Joint
from anagen.calibration.predictive import predictive_draws
from anagen.calibration.records import Calibration
from anagen.calibration.sampling import sample_nuts
from anagen.calibration.simulations import Progress
from anagen.core.arrays import FloatArray
from anagen.core.provenance import sha256_of_bytes
from anagen.evidence.cohorts import groups
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key

KEPT = 1000


@dataclass(frozen=True, eq=False)
class Refit:
    """Work of one task: the model, the studies left out, and how it is sampled."""

    joint: Joint
    studies: tuple[str, ...]
    seed: int
    chains: int
    warmup: int
    draws: int


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Predictions of every value by the other studies.

    Attributes
    ----------
    table : pd.DataFrame
        One row per value: study, row, subject, endpoint, week, measure, observed, se, mean, sd, median, quantiles,
        inside_50, inside_90, z, and worst R-hat and divergences of the refit.
    draws : FloatArray
        [value, draw], in the order of the table.
    """

    table: pd.DataFrame
    draws: FloatArray


def leave_one_out(
    calibration: Calibration,
    *,
    chains: int = 2,
    warmup: int = 600,
    draws: int = 500,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> HeldOut:
    """Predict every study from the others.

    Parameters
    ----------
    calibration : Calibration
        The calibration.
    chains : int, default 2
        Of each refit.
    warmup : int, default 600
        Of each refit.
    draws : int, default 500
        Of each refit.
    workers : int or str, default 1
        As in `runs.run_study`.
    work_dir : Path, optional
        As in `runs.run_study`.
    progress : Progress, optional
        As in `runs.run_study`.

    Returns
    -------
    HeldOut
        Predictions of every value by the studies other than its own.
    """
    joint, seed = calibration.joint, calibration.settings.seed
    wanted = {target.study for target in joint.targets}
    left_out = groups({source.name: source.study for source in calibration.sources if source.name in wanted})
    model = _hash(joint)
    tasks = [
        Task(
            f"without {' and '.join(studies)}",
            task_key(
                study_sha256=model,
                parameters_sha256=calibration.parameters.sha256(),
                seed=seed,
                replicates=(0, 0),
                draws=(0, 0),
                settings={"left_out": " ".join(studies), "chains": chains, "warmup": warmup, "draws": draws},
            ),
            Refit(joint, studies, seed, chains, warmup, draws),
        )
        for studies in left_out
    ]
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, refit, workers=workers, store=store, progress=progress))
    table, drawn = tables["held_out"], tables["draws"].to_numpy(dtype=np.float64)
    return HeldOut(table, drawn)


def refit(task: Task[Refit]) -> Tables:
    """Tables of studies left out together: held_out, and draws (one column per draw), with one row per value."""
    work = task.payload
    joint = work.joint
    inside = [i for i, target in enumerate(joint.targets) if target.study in work.studies]
    rest = joint.only([i for i in range(len(joint.targets)) if i not in set(inside)])
    chains = sample_nuts(
        rest.density, rest.size, seed=work.seed, chains=work.chains, warmup=work.warmup, draws=work.draws
    )
    diagnostics = chains.diagnostics()
    left = joint.only(inside)
    drawn = predictive_draws(left, chains.thinned(KEPT)[:, : len(joint.names)], seed=work.seed).T
    table = pd.DataFrame(
        [
            {
                "study": target.study,
                "row": target.row,
                "subject": target.subject,
                "endpoint": target.endpoint,
                "week": target.week,
                "measure": target.measure,
                "stage": target.stage,
                "observed": target.observed,
                "se": target.se,
                **summary(sample, target.observed),
                "worst_rhat": diagnostics["worst_rhat"],
                "divergences": diagnostics["divergences"],
            }
            for target, sample in zip(left.targets, drawn, strict=True)
        ]
    )
    return {"held_out": table, "draws": pd.DataFrame(drawn, columns=[str(i) for i in range(drawn.shape[1])])}


def summary(sample: FloatArray, observed: float) -> dict[str, float | bool]:
    """Mean, SD and quantiles of a predictive sample, and where the published value lies in it.

    Examples
    --------
    >>> summary(np.linspace(-1.0, 1.0, 101), 0.0)["inside_50"]
    True
    """
    low90, low50, median, high50, high90 = np.quantile(sample, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist()
    sd = float(sample.std(ddof=1))
    return {
        "mean": float(sample.mean()),
        "sd": sd,
        "median": median,
        "low50": low50,
        "high50": high50,
        "low90": low90,
        "high90": high90,
        "inside_50": bool(low50 <= observed <= high50),
        "inside_90": bool(low90 <= observed <= high90),
        "z": (observed - float(sample.mean())) / sd,
    }


def _hash(joint: Joint) -> str:
    """Hash of everything that the density depends on."""
    return sha256_of_bytes(
        b"".join(
            [
                "\n".join([*joint.names, *joint.deviates, *(target.label for target in joint.targets)]).encode(),
                *(np.ascontiguousarray(part).tobytes() for part in joint.packed),
            ]
        )
    )
