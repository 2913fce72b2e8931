"""Draws from a log density: the no-U-turn sampler, and an ensemble sampler to compare it with.

References
----------
.. [1] Hoffman & Gelman 2014, arXiv:1111.4246 (as nutpie runs it, with its adaptation of the mass matrix, Seyboldt et
   al.)
.. [2] Goodman & Weare 2010, doi:10.2140/camcos.2010.5.65 (as emcee runs it)
.. [3] Split R-hat and effective sample size with ranks, Vehtari et al. 2021, doi:10.1214/20-BA1221.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.extras import require

Density = Callable[[FloatArray], tuple[float, FloatArray]]


@dataclass(frozen=True, eq=False)
class Chains:
    """Draws of some chains.

    Attributes
    ----------
    x : FloatArray
        Draws [chain, draw, deviate].
    divergences : int
        Transitions that the integrator lost.
    seconds : float
        It took.
    steps : int
        How often the density was asked, warm-up left out.
    """

    x: FloatArray
    divergences: int
    seconds: float
    steps: int

    @property
    def flat(self) -> FloatArray:
        """All draws [draw, deviate], chain after chain."""
        return self.x.reshape(-1, self.x.shape[2])

    def thinned(self, draws: int) -> FloatArray:
        """At most `draws` of them, evenly spaced."""
        flat = self.flat
        return flat[np.linspace(0, len(flat) - 1, min(draws, len(flat))).round().astype(int)]

    def diagnostics(self) -> dict[str, float | int]:
        """Worst R-hat and least effective sample sizes over all deviates, divergences, time."""
        r_hat, bulk, tail = r_hat_and_sizes(self.x)
        return {
            "chains": int(self.x.shape[0]),
            "draws": int(self.x.shape[0] * self.x.shape[1]),
            "dimensions": int(self.x.shape[2]),
            "worst_rhat": float(r_hat.max()),
            "least_ess": float(bulk.min()),
            "least_ess_tail": float(tail.min()),
            "divergences": self.divergences,
            "density_calls": self.steps,
        }


def r_hat_and_sizes(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """R-hat, effective sample size of the bulk and of the tails, per deviate, of draws [chain, draw, deviate]."""
    statistics = _needed("arviz_stats.base").array_stats
    draws = np.ascontiguousarray(np.moveaxis(x, 2, 0))
    axes: dict[str, Any] = {"chain_axis": 1, "draw_axis": 2}
    r_hat = statistics.rhat(draws, method="rank", **axes)
    bulk, tail = statistics.ess(draws, method="bulk", **axes), statistics.ess(draws, method="tail", prob=0.9, **axes)
    return tuple(np.asarray(array, dtype=np.float64) for array in (r_hat, bulk, tail))  # type: ignore[return-value]


def sample_nuts(
    density: Density,
    size: int,
    *,
    seed: int,
    chains: int = 4,
    warmup: int = 1000,
    draws: int = 1000,
    target_accept: float = 0.9,
    cores: int = 1,
) -> Chains:
    """Draws by the no-U-turn sampler.

    Parameters
    ----------
    density : Density
        Log density and gradient at x [deviate].
    size : int
        Number of deviates.
    seed : int
        Of the sampler.
    chains : int, default 4
        Per chain.
    warmup : int, default 1000
        Per chain.
    draws : int, default 1000
        Per chain.
    target_accept : float, default 0.9
        Mean acceptance that the step is tuned to.
    cores : int, default 1
        Chains at once; draws do not depend on it.

    Raises
    ------
    InputError
        Where the sampler is not installed.
    """
    nutpie = _needed("nutpie")
    from_pyfunc = import_module("nutpie.compiled_pyfunc").from_pyfunc

    def expand(*_: object) -> Callable[[FloatArray], dict[str, FloatArray]]:
        return lambda x: {"x": x}

    model = from_pyfunc(size, lambda: density, expand, [np.dtype("float64")], [(size,)], ["x"])
    start = time.perf_counter()
    trace = nutpie.sample(
        model,
        draws=draws,
        tune=warmup,
        chains=chains,
        cores=cores,
        seed=seed,
        target_accept=target_accept,
        progress_bar=False,
        save_warmup=False,
    )
    statistics = trace.sample_stats
    return Chains(
        np.asarray(trace.posterior["x"].values, dtype=np.float64),
        int(statistics["diverging"].values.sum()),
        time.perf_counter() - start,
        int(statistics["n_steps"].values.sum()),
    )


def sample_ensemble(
    density: Density, size: int, *, seed: int, walkers: int, warmup: int = 1000, draws: int = 1000
) -> Chains:
    """Draws by the affine-invariant ensemble sampler, which needs no gradient; every walker is a chain.

    Raises
    ------
    InputError
        Where the sampler is not installed.
    """
    emcee = _needed("emcee")
    source = np.random.RandomState(seed)
    start = time.perf_counter()
    sampler = emcee.EnsembleSampler(walkers, size, lambda x: density(x)[0])
    sampler.random_state = source.get_state()
    state = sampler.run_mcmc(source.normal(size=(walkers, size)), warmup)
    sampler.reset()
    sampler.run_mcmc(state, draws)
    x = np.moveaxis(np.asarray(sampler.get_chain(), dtype=np.float64), 0, 1)
    return Chains(x, 0, time.perf_counter() - start, walkers * draws)


def _needed(name: str) -> Any:
    """A library of the extra; imported only where something is sampled."""
    require_sampler(name.partition(".")[0])
    with warnings.catch_warnings():
        # what it says of its own next version is of no use to who calibrates
        warnings.simplefilter("ignore", FutureWarning)
        return import_module(name)


def require_sampler(*modules: str) -> None:
    """Refuse to calibrate where the libraries that sample are not installed.

    Parameters
    ----------
    *modules : str
        Those that are needed; all where left out.

    Raises
    ------
    MissingExtra
        Naming the extra.
    """
    require("calibration", "calibration", *(modules or ("nutpie", "arviz", "arviz_stats", "emcee")))
