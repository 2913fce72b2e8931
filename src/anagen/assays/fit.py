"""An assay fitted: draws of everything that it may inform, and what is expected of each of its rows by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anagen.assays.model import AssayModel
from anagen.assays.sampling import sample_ellipses
from anagen.assays.table import AssayTable
from anagen.calibration.sampling import Chains
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.streams import TRIAL_LEVEL, Purpose, normals
from anagen.signalling.network import Network

PREDICTIVE_DRAWS = 500
"""Draws of which bands of the prior and posterior predictive are made."""
DISCREPANCY = 0.1
"""Share of a measured value by which the network may miss it although its weights are right, as a standard deviation:
an assumption, since the network is a caricature of a cell."""
WORST_RHAT, LEAST_ESS = 1.01, 400.0
"""R-hat above which, and effective draws below which, the draws are said not to have converged (Vehtari 2021)."""


@dataclass(frozen=True)
class Settings:
    """How an assay is fitted.

    Attributes
    ----------
    seed : int
        Of all draws.
    draws : int
        Of each chain.
    warmup : int
        Of each chain, left out.
    chains : int
        Number of chains.
    discrepancy : float
        See `DISCREPANCY`.
    """

    seed: int = 1
    draws: int = 1500
    warmup: int = 500
    chains: int = 4
    discrepancy: float = DISCREPANCY


@dataclass(frozen=True, eq=False)
class AssayFit:
    """What an assay says.

    Attributes
    ----------
    model : AssayModel
        Network, rows, priors.
    settings : Settings
        How it was fitted.
    chains : Chains
        Posterior draws of the deviates [chain, draw, parameter].
    before : FloatArray, shape (n_draws, n_rows)
        What prior draws expect of every row, without its error.
    after : FloatArray, shape (n_draws, n_rows)
        The same of posterior draws.
    slopes : FloatArray, shape (n_rows, n_parameters)
        Slope of every standardised row by every deviate at the posterior mean.
    """

    model: AssayModel
    settings: Settings
    chains: Chains
    before: FloatArray
    after: FloatArray
    slopes: FloatArray

    @property
    def error(self) -> FloatArray:
        """Standard deviation of each row: its error, and what the network may miss [row]."""
        return errors_of(self.model, self.settings.discrepancy)


def errors_of(model: AssayModel, discrepancy: float) -> FloatArray:
    """Standard deviation of each row of an assay around what the network expects.

    Parameters
    ----------
    model : AssayModel
        Network and rows.
    discrepancy : float
        Share of a value by which the network may miss it.

    Returns
    -------
    FloatArray, shape (n_rows,)
        In the unit of the values.
    """
    own = np.array([row.error for row in model.table.rows])
    return np.sqrt(own**2 + (discrepancy * model.observed) ** 2)


def fit_assay(
    network: Network,
    table: AssayTable,
    settings: Settings | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> AssayFit:
    """Fit an assay.

    Parameters
    ----------
    network : Network
        The network at its central weights.
    table : AssayTable
        What was measured.
    settings : Settings or None
        How it is fitted.
    progress : callable, optional
        Called with (done, total) draws.

    Returns
    -------
    AssayFit
        Draws before and after.

    Raises
    ------
    InputError
        Where nothing that was measured depends on an uncertain weight or half-level.
    """
    chosen = settings or Settings()
    model = AssayModel.of(network, table)
    if not model.unknowns.edges:
        message = "nothing that was measured depends on a weight or half-level that is uncertain"
        raise InputError([Problem(table.rows[0].file, None, None, "", message)])
    observed, error = model.observed, errors_of(model, chosen.discrepancy)

    def residuals(z: FloatArray) -> FloatArray:
        return (observed - model.predictions(z)) / error

    chains = sample_ellipses(
        residuals, len(model.names), seed=chosen.seed, chains=chosen.chains, warmup=chosen.warmup, draws=chosen.draws,
        progress=progress,
    )  # fmt: skip
    prior = normals(
        chosen.seed, Purpose.ASSAY, patient=TRIAL_LEVEL, replicate=3, item=np.arange(PREDICTIVE_DRAWS)[:, None],
        index=np.arange(len(model.names)),
    )  # fmt: skip
    middle = chains.flat.mean(axis=0)
    return AssayFit(
        model=model,
        settings=chosen,
        chains=chains,
        before=np.stack([model.predictions(z) for z in prior]),
        after=np.stack([model.predictions(z) for z in chains.thinned(PREDICTIVE_DRAWS)]),
        slopes=_slopes(residuals, middle),
    )


def _slopes(residuals: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Central differences of the residuals, shape (n_rows, n_parameters)."""
    step = 1e-3
    columns = [residuals(at + step * unit) - residuals(at - step * unit) for unit in np.eye(len(at))]
    return np.nan_to_num(np.stack(columns, axis=1) / (2.0 * step))
