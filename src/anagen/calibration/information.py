"""What a new trial is expected to teach: information about the mean effect of a product over its control.

    EIG = E_y [ log p(y | theta) - log p(y) ]

theta is the expected difference of the arms under a parameter draw: the effect of this product in such trials, not of
one trial. The trial publishes y = theta + bias + spread of its gain + error of its patients.

References
----------
.. [1] Lindley 1956, doi:10.1214/aoms/1177728069.
.. [2] Nested Monte Carlo, Rainforth et al. 2018, arXiv:1709.06181.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anagen.calibration.joint import Joint, terms_of
from anagen.calibration.predictive import fresh
from anagen.calibration.records import Calibration
from anagen.calibration.simulations import Progress, simulate_points, survey
from anagen.calibration.targets import Source, reads_of, targets_of
from anagen.core.arrays import FloatArray
from anagen.core.provenance import sha256_of_json
from anagen.execution import Workers
from anagen.parameters import ParameterSet, load_parameters
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.study.shipped import find_study

TEMPLATE, ARMS, ENDPOINT, WEEK = "exosome-vs-saline", ("exosome", "saline"), "total_density", 24.0
PER_ARM = 30
DRAWS = 400
REPEATS = 25
"""Trials imagined per draw."""


@dataclass(frozen=True, slots=True)
class Information:
    """What a trial of `patients` is expected to say of the mean effect.

    Attributes
    ----------
    eig : float
        Expected information gain, nested Monte Carlo [nats].
    eig_gaussian : float
        As if all were Gaussian.
    mean : float
        Of the effect under the posterior.
    sd_before : float
        Of the effect under the posterior.
    sd_after : float
        Expected once the trial is known.
    trial_sd : float
        Of what trials publish about their mean: spread and error.
    correlation : float
        Of effect and published value. Effects in the unit of the endpoint.
    """

    patients: int
    draws: int
    eig: float
    eig_gaussian: float
    mean: float
    sd_before: float
    sd_after: float
    trial_sd: float
    patients_se: float
    correlation: float

    def record(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def expected_information(
    calibration: Calibration,
    *,
    per_arm: int = PER_ARM,
    draws: int = DRAWS,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> Information:
    """Expected information of a trial like the template about the effect of its product.

    Parameters
    ----------
    calibration : Calibration
        The calibration.
    per_arm : int, default PER_ARM
        Patients.
    draws : int, default DRAWS
        Posterior draws that are simulated; parameters that no target reads are drawn from their priors.
    workers : int or str, default 1
        As in `runs.run_study`.
    work_dir : Path, optional
        As in `runs.run_study`.
    progress : Progress, optional
        As in `runs.run_study`.

    Returns
    -------
    Information
        Expected gain, and the standard deviation of the effect before and after the trial.
    """
    priors = load_parameters("prior")
    source = template(priors, per_arm)
    work: dict[str, Any] = {
        "seed": calibration.settings.seed,
        "workers": workers,
        "work_dir": work_dir,
        "progress": progress,
    }
    surveys = survey([source], **work)
    target = targets_of(source, surveys[source.name])[0]
    names = tuple(sorted({*source.reads, *(term.hyper for term in terms_of(target))}))
    z = deviates_of(calibration, names, draws)
    effect = simulate_points([source], names, z, **work)[source.name, 0]
    model = Joint(names, priors, (target,), (), np.zeros(1))
    spread = {name: np.zeros(len(z)) for name in model.deviates}
    bias = model.spread(z, spread)[:, 0]
    one = {name: np.ones(len(z)) for name in model.deviates}
    sd = np.hypot(model.spread(z, one)[:, 0] - bias, target.se)
    whole = np.isfinite(effect)
    gained = information(effect[whole], bias[whole], sd[whole], seed=calibration.settings.seed)
    return Information(patients=2 * per_arm, draws=int(whole.sum()), patients_se=target.se, **gained)


def template(priors: ParameterSet, per_arm: int) -> Source:
    """The trial to be planned, with the value that it would publish as its only target."""
    study = Study.load(find_study(TEMPLATE)).with_patients(per_arm)
    planned = Observed(
        contrast=ARMS, endpoint=ENDPOINT, week=WEEK, measure="change", mean=0.0, n=2 * per_arm, source="planned",
        read="derived", use="calibrate",
    )  # fmt: skip
    study = study.model_copy(update={"observed": (planned,)})
    return Source(TEMPLATE, study, sha256_of_json(study.model_dump(mode="json")), (0,), reads_of(study, priors))


def deviates_of(calibration: Calibration, names: tuple[str, ...], draws: int) -> FloatArray:
    """Deviates [draw, parameter] of named parameters: posterior draws, and draws from the prior of what has none."""
    x = calibration.chains.thinned(draws)
    known = {name: x[:, i] for i, name in enumerate(calibration.joint.names)}
    rest = fresh([name for name in names if name not in known], len(x), calibration.settings.seed)
    return np.column_stack([known[name] if name in known else rest[name] for name in names])


def information(effect: FloatArray, bias: FloatArray, sd: FloatArray, *, seed: int) -> dict[str, float]:
    """Information about `effect` [draw] in one value of mean effect + `bias` and standard deviation `sd` [draw].

    Bias and spread are taken as independent of the effect given the data behind the draws, as they are in the prior.

    Examples
    --------
    >>> normal = fresh(["effect"], 600, 1)["effect"]
    >>> facts = information(normal, np.zeros(600), np.ones(600), seed=2)
    >>> bool(abs(facts["eig_gaussian"] - 0.5 * math.log(2.0)) < 0.05), bool(abs(facts["sd_after"] - 0.5**0.5) < 0.05)
    (True, True)
    """
    n = len(effect)
    noise = fresh([f"trial {i}" for i in range(REPEATS)], n, seed)
    gains: list[float] = []
    after: list[float] = []
    published: list[FloatArray] = []
    for name in noise:
        y = effect + bias + sd * noise[name]
        published.append(y)
        joint = _log_normal(y[:, None], (effect + bias)[None, :], sd[None, :])
        likelihood = _log_normal(y[:, None], effect[:, None] + bias[None, :], sd[None, :])
        evidence = np.logaddexp.reduce(joint, axis=1)
        gains.append(float((np.logaddexp.reduce(likelihood, axis=1) - evidence).mean()))
        weight = np.exp(joint - evidence[:, None])
        mean = weight @ effect
        after.append(float(np.sqrt(np.maximum(weight @ effect**2 - mean**2, 0.0)).mean()))
    together = np.concatenate(published)
    correlation = float(np.corrcoef(np.tile(effect, REPEATS), together)[0, 1])
    return {
        "eig": float(np.mean(gains)),
        "eig_gaussian": -0.5 * math.log(1.0 - correlation**2),
        "mean": float(effect.mean()),
        "sd_before": float(effect.std(ddof=1)),
        "sd_after": float(np.mean(after)),
        "trial_sd": float(np.sqrt(np.mean(sd**2) + bias.var())),
        "correlation": correlation,
    }


def _log_normal(y: FloatArray, mean: FloatArray, sd: FloatArray) -> FloatArray:
    """Log density of a normal value, but for the constant."""
    return -0.5 * ((y - mean) / sd) ** 2 - np.log(sd)
