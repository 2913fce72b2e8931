"""Tables of a fitted assay: what it says of each weight, which of them trade off, and what was expected of each row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import BAND
from anagen.assays.fit import LEAST_ESS, WORST_RHAT, AssayFit
from anagen.assays.table import Measurement
from anagen.assays.unknowns import HALF_DOSE, SLOPE
from anagen.calibration.sampling import r_hat_and_sizes
from anagen.calibration.tables import MOST_INFORMING, VERDICTS, correlation_rows, verdict
from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, normals
from anagen.signalling.network import Edge
from anagen.signalling.network.priors import moved_odds, parameter_names_of

TRADES_OFF = 0.3
"""Size of a correlation above which two parameters are said to trade off."""
LEAST_SHARE = 0.05
CERTAIN = 4.0
"""Standard errors of a contraction below which it may be the luck of the draws, among so many parameters."""


def weight_table(fit: AssayFit) -> pd.DataFrame:
    """What the assay says of each parameter, the best informed first.

    Returns
    -------
    pd.DataFrame
        name; what it is in words; unit; prior_ and posterior_ median, low90 and high90 in the unit (weights and
        half-levels as such, not as factors on their odds); contraction = 1 - variance of the posterior / variance of
        the prior, in deviates, with the standard error that drawing leaves; shift of the mean in standard deviations of
        the prior; verdict; informed_by; rhat, ess, ess_tail.
    """
    model = fit.model
    edges: dict[str, tuple[Edge, int]] = {
        name: (edge, number) for edge in model.network.edges for number, name in enumerate(parameter_names_of(edge))
    }
    z = fit.chains.flat
    r_hat, bulk, tail = r_hat_and_sizes(fit.chains.x)
    # a variance is a mean of squares, of which successive draws are more alike than of the deviates themselves
    _, of_squares, _ = r_hat_and_sizes((fit.chains.x - z.mean(axis=0)) ** 2)
    values = model.values(z)
    rows: list[dict[str, Any]] = []
    for place, (name, prior) in enumerate(model.parameters.items()):
        before = np.array([prior.low, prior.value, prior.high])
        after: FloatArray = np.quantile(values[:, place], (BAND[0], 0.5, BAND[1]))
        if name in edges:
            edge, number = edges[name]
            central, most = ((edge.weight, 1.0), (edge.ec50, edge.greatest_ec50))[number]
            before, after = (moved_odds(np.full(3, central), ends, np.full(3, most)) for ends in (before, after))
        contraction = 1.0 - float(z[:, place].var(ddof=1))
        error = float(np.sqrt(2.0 / max(float(of_squares[place]), 1.0)) * (1.0 - contraction))
        # what drawing alone leaves of a variance is no information
        said = verdict(contraction) if contraction > CERTAIN * error else VERDICTS[2]
        rows.append(
            {
                "name": name,
                "what": _words(name, edges),
                "unit": prior.unit,
                **dict(zip(("prior_low90", "prior_median", "prior_high90"), before.tolist(), strict=True)),
                **dict(zip(("posterior_low90", "posterior_median", "posterior_high90"), after.tolist(), strict=True)),
                "contraction": contraction,
                "shift": float(z[:, place].mean()),
                "contraction_error": error,
                "verdict": said,
                "informed_by": _informing(fit, place) if said != VERDICTS[2] else "",
                "rhat": float(r_hat[place]),
                "ess": float(bulk[place]),
                "ess_tail": float(tail[place]),
            }
        )
    return pd.DataFrame(rows).sort_values("contraction", ascending=False, kind="stable").reset_index(drop=True)


def trade_offs(fit: AssayFit) -> pd.DataFrame:
    """Pairs of parameters that the assay ties together: first, second, correlation of the posterior deviates."""
    table = correlation_rows(fit.model.names, fit.chains)
    return table[table["correlation"].abs() >= TRADES_OFF].reset_index(drop=True)


def predictive_table(fit: AssayFit) -> pd.DataFrame:
    """Every row with what is expected of a repetition of it, errors and all, before and after.

    Returns
    -------
    pd.DataFrame
        file, line, readout, condition, given, day, scale, value, error; prior_ and posterior_ median, low90, high90;
        z: of the value in the posterior predictive, in standard deviations.
    """
    noise = fit.error * normals(
        fit.settings.seed, Purpose.ASSAY, patient=TRIAL_LEVEL, replicate=4, item=np.arange(len(fit.before))[:, None],
        index=np.arange(len(fit.error)),
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            "file": Path(row.file).name, "line": row.line, "readout": row.readout, "condition": row.condition,
            "given": given_in_words(fit, row), "day": row.day, "scale": row.scale, "value": row.value,
            "error": row.error,
        }
        for row in fit.model.table.rows
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    for name, expected in (("prior", fit.before), ("posterior", fit.after)):
        drawn = expected + noise[: len(expected)]
        low, middle, high = np.nanquantile(drawn, (BAND[0], 0.5, BAND[1]), axis=0)
        table[f"{name}_low90"], table[f"{name}_median"], table[f"{name}_high90"] = low, middle, high
        if name == "posterior":
            table["z"] = (fit.model.observed - np.nanmean(drawn, axis=0)) / np.nanstd(drawn, axis=0, ddof=1)
    return table


def given_in_words(fit: AssayFit, row: Measurement) -> str:
    """What a row was given, such as "1e9 particles/mL VESICLE_UPTAKE"."""
    parts = [
        " ".join(part for part in (_plain(amount), column.unit, " + ".join(column.inputs)) if part)
        for column, amount in zip(fit.model.table.given, row.given, strict=True)
        if amount > 0.0
    ]
    return ", ".join(parts) or "nothing"


def _plain(amount: float) -> str:
    """A number without the plus and zeros of its exponent."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{amount:g}")


def facts_of(fit: AssayFit, weights: pd.DataFrame, predictive: pd.DataFrame) -> dict[str, Any]:
    """How the fit went, as plain values."""
    sampled = fit.chains.diagnostics()
    verdicts = weights["verdict"].tolist()
    of_edges = ~weights["name"].str.startswith((HALF_DOSE, SLOPE))
    inside = [
        int(predictive["value"].between(predictive[f"{name}_low90"], predictive[f"{name}_high90"]).sum())
        for name in ("prior", "posterior")
    ]
    return {
        "rows": len(predictive),
        "parameters": len(weights),
        "of_edges": int(of_edges.sum()),
        "verdicts": {name: verdicts.count(name) for name in VERDICTS},
        "inside_90_prior": inside[0],
        "inside_90_posterior": inside[1],
        "discrepancy": fit.settings.discrepancy,
        "sampler": sampled,
        "converged": sampled["worst_rhat"] <= WORST_RHAT and sampled["least_ess"] >= LEAST_ESS,
        "seconds": round(fit.chains.seconds, 1),
    }


def _words(name: str, edges: dict[str, tuple[Edge, int]]) -> str:
    if name in edges:
        edge, number = edges[name]
        return f"{'EC50' if number else 'weight'} of {edge.name}"
    if name.startswith(HALF_DOSE):
        return f"dose at half of {name.removeprefix(HALF_DOSE)}"
    return f"slope of {name.removeprefix(SLOPE).replace('_', ' ')}"


def _informing(fit: AssayFit, place: int) -> str:
    """The readouts that say most of a parameter, with their shares of all information about it."""
    rows = fit.model.table.rows
    several = len({row.file for row in rows}) > 1
    labels = [f"{row.readout} ({Path(row.file).name})" if several else row.readout for row in rows]
    by_readout = pd.Series(fit.slopes[:, place] ** 2, index=labels).groupby(level=0, sort=False).sum()
    total = float(by_readout.sum())
    if total <= 0.0:
        return ""
    top = by_readout.sort_values(ascending=False, kind="stable").head(MOST_INFORMING)
    return "; ".join(f"{name} {share / total:.0%}" for name, share in top.items() if share / total >= LEAST_SHARE)
