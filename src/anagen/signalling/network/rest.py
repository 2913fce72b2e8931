"""The state in which a network stays where nothing is given, found directly."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.network.circuit import Circuit, circuit_of, drive
from anagen.signalling.network.network import Network

ITERATIONS = 100
DAMPED_ITERATIONS = 400
NEWTON_STEPS = 40
ENOUGH = 4e-15
STEP = 1e-7


def basal_levels(network: Network, condition: str) -> FloatArray:
    """Basal level of every node in a condition, shape [node].

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        Name of a condition of the network.

    Returns
    -------
    FloatArray
        Basal level of each node, shape (n_nodes,).

    Raises
    ------
    ValueError
        Where the network does not know the condition.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> basal_levels(load_network(), "aga").shape
    (38,)
    """
    if condition not in network.conditions:
        raise ValueError(f"unknown condition {condition!r}; the network knows {', '.join(network.conditions)}")
    return np.array([node.basal[condition] for node in network.nodes])


def resting_state(network: Network, basal: FloatArray, occupancy: FloatArray | None = None) -> FloatArray:
    """Levels at which every node equals what it is driven to: f(y) = y.

    Follows y <- f(y) from the basal levels; without loops this ends after as many steps as the longest path. A patient
    for whom it does not end is followed by y <- y + (f(y) - y) / 2 and then by Newton's method, and the state is tested
    for stability. Where there are several such states, this is the one reached from the basal levels.

    Parameters
    ----------
    network : Network
        Network.
    basal : FloatArray
        Basal levels [node] or [patient, node].
    occupancy : FloatArray or None
        Constant levels of the inputs, broadcast to [patient, input]; zero where None.

    Returns
    -------
    FloatArray
        Levels, shaped like `basal`.

    Raises
    ------
    ArithmeticError
        Where no state is found in which the network stays.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> levels = resting_state(network, basal_levels(network, "aga"))
    >>> bool(((levels >= 0.0) & (levels <= 1.0)).all())
    True
    """
    circuit = circuit_of(network)
    wanted = np.atleast_2d(basal)
    constant = np.zeros(circuit.n_inputs) if occupancy is None else np.asarray(occupancy)
    rows = np.concatenate([wanted, np.broadcast_to(constant, (len(wanted), circuit.n_inputs))], axis=1)
    distinct, inverse = np.unique(rows, axis=0, return_inverse=True)
    inputs, levels = distinct[:, circuit.n_nodes :], distinct[:, : circuit.n_nodes].copy()
    basal_of = distinct[:, : circuit.n_nodes]
    for _ in range(ITERATIONS):
        driven = drive(circuit, levels, inputs, basal_of)
        restless = np.abs(driven - levels).max(axis=1) > ENOUGH
        if not bool(restless.any()):
            break
        # a patient at rest is left alone, so that nobody's state depends on who else is computed
        levels[restless] = driven[restless]
    else:
        restless = np.abs(drive(circuit, levels, inputs, basal_of) - levels).max(axis=1) > ENOUGH
    for row in np.flatnonzero(restless):
        levels[row] = _from_basal(circuit, inputs[row], basal_of[row])
    return levels[inverse.reshape(-1)].reshape(np.shape(basal))


def slopes(circuit: Circuit, levels: FloatArray, occupancy: FloatArray, basal: FloatArray) -> FloatArray:
    """Jacobian df_i/dy_j at one state by central differences, shape [node, node]."""
    shifted = np.concatenate([levels + STEP * np.eye(len(levels)), levels - STEP * np.eye(len(levels))])
    n = len(shifted)
    driven = drive(circuit, shifted, np.tile(occupancy, (n, 1)), np.tile(basal, (n, 1)))
    return ((driven[: len(levels)] - driven[len(levels) :]) / (2.0 * STEP)).T


def _from_basal(circuit: Circuit, occupancy: FloatArray, basal: FloatArray) -> FloatArray:
    levels = basal.copy()
    for _ in range(DAMPED_ITERATIONS):
        levels += 0.5 * (drive(circuit, levels, occupancy, basal) - levels)
    for _ in range(NEWTON_STEPS):
        gap = drive(circuit, levels, occupancy, basal) - levels
        if float(np.abs(gap).max()) <= ENOUGH:
            break
        jacobian = slopes(circuit, levels, occupancy, basal)
        levels = np.clip(levels - np.linalg.solve(jacobian - np.eye(len(levels)), gap), 0.0, 1.0)
    gap = drive(circuit, levels, occupancy, basal) - levels
    jacobian = circuit.rate[:, None] * (slopes(circuit, levels, occupancy, basal) - np.eye(len(levels)))
    if float(np.abs(gap).max()) > 1e-12 or float(np.linalg.eigvals(jacobian).real.max()) >= 0.0:
        raise ArithmeticError("the network has no state of rest near its basal levels: it oscillates or tips over")
    return levels
