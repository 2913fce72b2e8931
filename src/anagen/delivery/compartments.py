"""Linear compartments in closed form: a matrix exponential between events, mass conserved to rounding.

dy/dt = A y, so y(t + dt) = exp(A dt) y(t) for any step, without a time step of its own. Every flow leaves one
compartment and enters another, so that the columns of A add up to zero and amounts add up to the doses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import expm

from anagen.core.arrays import FloatArray
from anagen.delivery.doses import Doses


@dataclass(frozen=True, slots=True)
class Compartments:
    """Compartments joined by first-order flows.

    Attributes
    ----------
    names : tuple[str, ...]
        One per compartment; drug that has left the body is a compartment like any other.
    matrix : FloatArray
        [1/day], shape [patient, to, from]; columns add up to zero.
    """

    names: tuple[str, ...]
    matrix: FloatArray

    def index(self, name: str) -> int:
        """Place of a compartment.

        Parameters
        ----------
        name : str
            Name.

        Returns
        -------
        int
            Place in `names`.

        Raises
        ------
        ValueError
            Where there is none of that name.
        """
        return self.names.index(name)


def join(names: tuple[str, ...], flows: Mapping[tuple[str, str], ArrayLike]) -> Compartments:
    """Compartments from flows (from, to) -> rate constant [1/day], a number or one per patient.

    Parameters
    ----------
    names : tuple[str, ...]
        One per compartment.
    flows : Mapping[tuple[str, str], ArrayLike]
        (from, to) -> rate constant [1/day], one number or one for each patient.

    Returns
    -------
    Compartments
        The compartments with their flows.

    Raises
    ------
    ValueError
        Where a name is unknown or a rate is negative or not finite.

    Examples
    --------
    >>> body = join(("gut", "blood", "gone"), {("gut", "blood"): 24.0, ("blood", "gone"): [1.0, 2.0]})
    >>> body.matrix.shape
    (2, 3, 3)
    """
    unknown = {name for pair in flows for name in pair} - set(names)
    if unknown:
        raise ValueError(f"no compartment is called {', '.join(sorted(unknown))}")
    rates = {pair: np.atleast_1d(np.asarray(rate, dtype=np.float64)) for pair, rate in flows.items()}
    patients = max((len(rate) for rate in rates.values()), default=1)
    matrix = np.zeros((patients, len(names), len(names)))
    for (source, target), rate in rates.items():
        if not (np.all(np.isfinite(rate)) and np.all(rate >= 0.0)):
            raise ValueError(f"the flow from {source} to {target} must not be negative, got {rate}")
        matrix[:, names.index(target), names.index(source)] += rate
        matrix[:, names.index(source), names.index(source)] -= rate
    return Compartments(names, matrix)


def amounts(system: Compartments, doses: Doses, times: FloatArray, *, into: str) -> FloatArray:
    """Amount in every compartment at every time, a dose on the same instant included.

    Parameters
    ----------
    system : Compartments
        Compartments.
    doses : Doses
        Into compartment `into`.
    times : FloatArray
        [day], not decreasing, shape [time].
    into : str
        Compartment that doses enter.

    Returns
    -------
    FloatArray
        Amounts, shape [patient, time, compartment]; their sum over compartments is every dose so far.

    Raises
    ------
    ValueError
        Where times run backwards.

    Examples
    --------
    >>> body = join(("blood", "gone"), {("blood", "gone"): np.log(2.0)})
    >>> left = amounts(body, Doses(np.zeros(1), np.ones(1)), np.array([0.0, 1.0]), into="blood")
    >>> left[0].round(12).tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    return _walk(system, doses, times, into)[0]


def mean_amounts(system: Compartments, doses: Doses, times: FloatArray, *, into: str) -> FloatArray:
    """Mean amount in every compartment from each time to the next, exact, shape [patient, time - 1, compartment].

    The integral is a row more of the same linear system: d/dt [y, z] = [A y, y].

    Parameters
    ----------
    system : Compartments
        Compartments.
    doses : Doses
        Into compartment `into`.
    times : FloatArray
        Days, increasing, shape (n_times,).
    into : str
        Compartment that doses enter.

    Returns
    -------
    FloatArray
        Shape (n_patients, n_times - 1, n_compartments).

    Raises
    ------
    ValueError
        Where times do not increase.

    Examples
    --------
    >>> body = join(("blood", "gone"), {("blood", "gone"): 1.0})
    >>> mean = mean_amounts(body, Doses(np.zeros(1), np.ones(1)), np.array([0.0, 1.0]), into="blood")
    >>> bool(abs(mean[0, 0, 0] - (1.0 - np.exp(-1.0))) < 1e-12)
    True
    """
    if not np.all(np.diff(times) > 0.0):
        raise ValueError("times must increase")
    integral = _walk(system, doses, times, into)[1]
    return np.diff(integral, axis=1) / np.diff(times)[None, :, None]


def _walk(system: Compartments, doses: Doses, times: FloatArray, into: str) -> tuple[FloatArray, FloatArray]:
    """Amounts and their integrals at `times`, by one exponential per distinct gap between events."""
    if not np.all(np.diff(times) >= 0.0):
        raise ValueError("times must not run backwards")
    patients = max(system.matrix.shape[0], len(doses.rows))
    n = len(system.names)
    taken = doses.for_patients(patients)
    matrix = np.zeros((patients, 2 * n, 2 * n))
    matrix[:, :n, :n] = system.matrix
    matrix[:, n:, :n] = np.eye(n)
    started = float(min(doses.days[0] if len(doses.days) else np.inf, times[0] if len(times) else np.inf))
    state = np.zeros((patients, 2 * n))
    seen = np.zeros((patients, len(times), 2 * n))
    steps: dict[float, FloatArray] = {}
    target = system.index(into)
    now, dose = started, 0
    # a stop at each dose and each time; doses come first where both fall on the same instant
    stops = np.concatenate([doses.days, times])
    order = np.argsort(stops, kind="stable")
    for stop in order:
        gap = round(float(stops[stop]) - now, 12)
        if gap > 0.0:
            if gap not in steps:
                steps[gap] = np.asarray(expm(matrix * gap), dtype=np.float64)
            state = np.einsum("pij,pj->pi", steps[gap], state)
            now = float(stops[stop])
        if stop < len(doses.days):
            state[:, target] += taken[:, dose]
            dose += 1
        else:
            seen[:, stop - len(doses.days)] = state
    return seen[:, :, :n], seen[:, :, n:]
