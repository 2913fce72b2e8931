"""Tables of a calibration: values published and predicted, what data say of each parameter, how the sampler did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import BAND
from anagen.calibration.emulator import predictions
from anagen.calibration.joint import Joint
from anagen.calibration.predictive import predictive_draws, spread_variance
from anagen.calibration.records import Calibration
from anagen.calibration.sampling import Chains, r_hat_and_sizes
from anagen.calibration.simulations import prior_points
from anagen.calibration.targets import table_of
from anagen.core.arrays import FloatArray

INFORM, SOME = 0.5, 0.1
"""Contraction above which data inform a parameter, and above which they say something of it."""
VERDICTS = ("data inform", "some", "prior")
MOST_INFORMING = 3
PREDICTIVE_SEED = 1
"""Added to the seed of a calibration for draws of new trials."""


def target_table(calibration: Calibration) -> pd.DataFrame:
    """One row per published value: prior and posterior predictive of a new trial like it, and how its emulator did."""
    joint, seed = calibration.joint, calibration.settings.seed + PREDICTIVE_SEED
    z = calibration.draws[:, : len(joint.names)]
    prior = prior_points(joint.names, len(z), seed)
    table = table_of(joint.targets)
    expected = predictions(joint.emulators, z)
    table["prior_expected"], table["posterior_expected"] = (
        np.median(predictions(joint.emulators, prior), axis=0),
        np.median(expected, axis=0),
    )
    table["posterior_expected_low90"], table["posterior_expected_high90"] = np.quantile(expected, BAND, axis=0)
    table["fitted"] = joint.means(calibration.draws).mean(axis=0)
    for name, at in (("prior", prior), ("posterior", z)):
        drawn = predictive_draws(joint, at, seed=seed)
        table[f"{name}_predictive"] = drawn.mean(axis=0)
        table[f"{name}_low90"], table[f"{name}_high90"] = np.quantile(drawn, BAND, axis=0)
        table[f"{name}_z"] = (joint.observed - drawn.mean(axis=0)) / drawn.std(axis=0, ddof=1)
    table["likelihood_sd"] = joint.error
    table["emulator_sd"] = np.sqrt(joint.variances)
    first = slice(0, calibration.simulated.first)
    table["r2_loo_prior"] = [emulator.r2(first) for emulator in joint.emulators]
    table["r2_loo"] = [emulator.r2() for emulator in joint.emulators]
    table["points"] = [int(np.isfinite(emulator.values).sum()) for emulator in joint.emulators]
    return table.merge(check_table(calibration), on=["study", "row"], validate="one_to_one")


def check_table(calibration: Calibration) -> pd.DataFrame:
    """Per value, the emulator against the simulation at posterior draws: RMSE, bias, and RMSE over its error."""
    checked = calibration.checked.assign(off=calibration.checked["emulated"] - calibration.checked["simulated"])
    grouped = checked.groupby(["study", "row"], sort=False)
    rmse = grouped["off"].apply(lambda off: float(np.sqrt(np.nanmean(off**2))))
    table = pd.DataFrame({"check_rmse": rmse, "check_bias": grouped["off"].mean()})
    table["check_rmse_over_error"] = table["check_rmse"] / grouped["error"].first()
    return table.reset_index()


def parameter_rows(joint: Joint, chains: Chains) -> pd.DataFrame:
    """What data say of each parameter: prior and posterior, contraction, shift, verdict, and what informs it most.

    contraction = 1 - variance of the posterior / variance of the prior, in deviates, where the prior's variance is 1;
    shift = mean of the posterior in standard deviations of the prior.
    """
    n = len(joint.names)
    z = chains.flat[:, :n]
    r_hat, bulk, tail = (calibration[:n] for calibration in r_hat_and_sizes(chains.x))
    information = information_of(joint, chains.thinned(200)[:, :n])
    by_study: list[str] = [informing(joint, column) for column in information.T]
    rows: list[dict[str, Any]] = []
    thin = z[:: max(1, len(z) // 1000)]
    for j, name in enumerate(joint.names):
        prior = joint.parameters[name]
        low, median, high = np.quantile(joint.values(name, thin), (BAND[0], 0.5, BAND[1]))
        contraction = 1.0 - float(z[:, j].var(ddof=1))
        rows.append(
            {
                "name": name,
                "unit": prior.unit,
                "grade": prior.grade,
                "prior_median": prior.quantile(0.0),
                "prior_low90": prior.low,
                "prior_high90": prior.high,
                "posterior_median": median,
                "posterior_low90": low,
                "posterior_high90": high,
                "contraction": contraction,
                "shift": float(z[:, j].mean()),
                "verdict": verdict(contraction),
                "informed_by": by_study[j],
                "rhat": r_hat[j],
                "ess": bulk[j],
                "ess_tail": tail[j],
            }
        )
    return pd.DataFrame(rows).sort_values("contraction", ascending=False, kind="stable").reset_index(drop=True)


def verdict(contraction: float) -> str:
    """What a contraction means in words.

    Examples
    --------
    >>> verdict(0.7), verdict(0.2), verdict(0.0)
    ('data inform', 'some', 'prior')
    """
    return VERDICTS[0] if contraction > INFORM else VERDICTS[1] if contraction >= SOME else VERDICTS[2]


def information_of(joint: Joint, z: FloatArray) -> FloatArray:
    """Fisher information [value, parameter] of each value about each parameter, mean over draws z.

    Squared slope of the expected value over the variance of its error and of the spread between trials.
    """
    variance = joint.error**2 + spread_variance(joint, z)
    return np.array(
        [(e.gradient(z) ** 2).mean(axis=0) / v for e, v in zip(joint.emulators, variance, strict=True)]
    ).reshape(len(joint.targets), len(joint.names))


def informing(joint: Joint, information: FloatArray) -> str:
    """The studies that say most about a parameter, with their shares of all information about it."""
    total = float(information.sum())
    if total <= 0.0:
        return ""
    by_study = pd.Series(information, index=[t.study for t in joint.targets]).groupby(level=0).sum()
    top = by_study.sort_values(ascending=False, kind="stable").head(MOST_INFORMING)
    return "; ".join(f"{study} {share / total:.0%}" for study, share in top.items() if share / total >= 0.05)


def correlation_rows(names: Sequence[str], chains: Chains, most: int = 20) -> pd.DataFrame:
    """The pairs of parameters whose posterior deviates are correlated most; `names` are those of the first deviates."""
    n = len(names)
    correlation: FloatArray = np.atleast_2d(np.corrcoef(chains.flat[:, :n].T))
    first, second = np.triu_indices(n, 1)
    order = np.argsort(-np.abs(correlation[first, second]), kind="stable")[:most]
    return pd.DataFrame(
        {
            "first": [names[int(first[k])] for k in order],
            "second": [names[int(second[k])] for k in order],
            "correlation": [float(correlation[first[k], second[k]]) for k in order],
        }
    )


def diagnostics(calibration: Calibration, targets: pd.DataFrame, parameters: pd.DataFrame) -> dict[str, Any]:
    """How the calibration went, as plain values: sampler, emulators, counts, seconds."""
    verdicts = parameters["verdict"].tolist()
    return {
        "posterior": calibration.chains.diagnostics(),
        "untreated": calibration.untreated_chains.diagnostics(),
        "studies": len({target.study for target in calibration.joint.targets}),
        "targets": len(calibration.joint.targets),
        "targets_untreated": len(calibration.untreated.targets),
        "parameters": len(calibration.joint.names),
        "verdicts": {name: verdicts.count(name) for name in VERDICTS},
        "points_prior": calibration.simulated.first,
        "points_posterior": len(calibration.simulated.z) - calibration.simulated.first,
        "simulations": len(calibration.simulated.z) * len({key[0] for key in calibration.simulated.expected}),
        "r2_loo_median": float(targets["r2_loo"].median()),
        "r2_loo_least": float(targets["r2_loo"].min()),
        "check_rmse_over_error_median": float(targets["check_rmse_over_error"].median()),
        "check_rmse_over_error_worst": float(targets["check_rmse_over_error"].max()),
        "inside_90_prior": int(targets["observed"].between(targets["prior_low90"], targets["prior_high90"]).sum()),
        "inside_90_posterior": int(
            targets["observed"].between(targets["posterior_low90"], targets["posterior_high90"]).sum()
        ),
        "seconds": {part: round(value, 1) for part, value in calibration.seconds.items()},
    }
