"""Levels of every node of every patient on wanted days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import FloatArray, IntArray
from anagen.signalling.network.circuit import Circuit, circuit_of
from anagen.signalling.network.courses import Course
from anagen.signalling.network.kernel import follow
from anagen.signalling.network.lanes import LANES
from anagen.signalling.network.network import Network
from anagen.signalling.network.reduction import MovingPart, leading, moving_part, reached
from anagen.signalling.network.rest import resting_state

Levels = NDArray[np.float64] | NDArray[np.float32]
Precision = Literal["double", "single"]
TOLERANCES: dict[Precision, float] = {"double": 1e-6, "single": 1e-4}
"""Relative tolerance of each precision."""
ABSOLUTE = 1e-2
"""Absolute tolerance of a level as a share of the relative tolerance."""


def solve(
    network: Network,
    basal: FloatArray,
    courses: Sequence[Course],
    days: FloatArray,
    *,
    start: FloatArray | None = None,
    at_rest: bool = False,
    precision: Precision = "double",
    tolerance: float | None = None,
    threads: int = 1,
    statistics: dict[str, int] | None = None,
    ends: Collection[str] | None = None,
    kept: Sequence[str] | None = None,
) -> Levels:
    """Levels of every node of every patient on wanted days.

    dy_i/dt = (f_i(y, inputs) - y_i) / tau_i, from the state of rest at days[0], with doses as exact jumps of exposure.
    Patients are followed in blocks of 16 neighbours that share their step: cut a population at multiples of 16 and the
    bytes do not change. Nodes that no input of a block can reach stay at rest and are not followed.

    Parameters
    ----------
    network : Network
        Network.
    basal : FloatArray
        Basal levels [patient, node].
    courses : Sequence[Course]
        At most one per input; patients as in `basal`.
    days : FloatArray
        Wanted days, rising; no dose before days[0] counts.
    start : FloatArray or None
        Levels at days[0] [patient, node]; the state of rest where None.
    at_rest : bool
        Whether `start` is the state of rest, found before.
    precision : Precision
        "double", or "single" for ensembles: half the memory, larger tolerance.
    tolerance : float or None
        Relative tolerance; that of the precision where None.
    threads : int
        How many blocks are followed at the same time; without effect on the result.
    statistics : dict[str, int] or None
        Filled with accepted and refused steps.
    ends : Collection[str] or None
        Nodes whose levels are asked for; what leads to none of them is left at the start. All where None.
    kept : Sequence[str] or None
        Nodes whose levels are given back, in this order, while all are followed; all of the network where None.

    Returns
    -------
    Levels
        Levels between 0 and 1, [patient, day, node], in the precision chosen.

    Raises
    ------
    ValueError
        Where shapes do not fit or an input is unknown or given twice.
    ArithmeticError
        Where there is no state of rest, or the equations cannot be followed.

    Examples
    --------
    >>> from anagen.signalling.network import basal_levels, load_network
    >>> network = load_network()
    >>> levels = solve(network, np.tile(basal_levels(network, "aga"), (3, 1)), [], np.array([0.0, 364.0]))
    >>> levels.shape, bool((levels[:, 0] == levels[:, 1]).all())
    ((3, 2, 38), True)
    """
    wanted = np.asarray(days, dtype=np.float64)
    basal = np.asarray(basal, dtype=np.float64)
    _check(network, basal, courses, wanted)
    levels = resting_state(network, basal) if start is None else np.asarray(start, dtype=np.float64)
    resting = at_rest or start is None
    if levels.shape != basal.shape or not bool(((levels >= 0.0) & (levels <= 1.0)).all()):
        raise ValueError("start holds levels between 0 and 1, shaped like basal")
    circuit = circuit_of(network)
    given = [(network.input_names.index(course.name), course) for course in courses]
    needed = None if ends is None else leading(circuit, [network.node_names.index(name) for name in ends])
    told = None if kept is None else np.array([network.node_names.index(name) for name in kept])
    relative = TOLERANCES[precision] if tolerance is None else tolerance
    kind = np.float64 if precision == "double" else np.float32
    counts = np.zeros(2, dtype=np.int64)
    out = solve_circuit(
        circuit, basal, given, wanted, levels,
        resting=resting, needed=needed, told=told, relative=relative, kind=kind, threads=threads, counts=counts,
    )  # fmt: skip
    if statistics is not None:
        statistics.update(accepted=int(counts[0]), refused=int(counts[1]))
    return out


def solve_circuit(
    circuit: Circuit,
    basal: FloatArray,
    courses: Sequence[tuple[int, Course]],
    days: FloatArray,
    start: FloatArray,
    *,
    resting: bool,
    needed: IntArray | None = None,
    told: IntArray | None = None,
    relative: float = TOLERANCES["double"],
    kind: type[np.floating[Any]] = np.float64,
    threads: int = 1,
    counts: IntArray | None = None,
) -> Levels:
    """Levels of a network that is there as arrays; what is given is not checked, see `solve`.

    Parameters
    ----------
    circuit : Circuit
        The network.
    basal : FloatArray, shape (n_patients, n_nodes)
        Basal levels.
    courses : Sequence[tuple[int, Course]]
        Number of the input, and its course; at most one for each.
    days : FloatArray, shape (n_days,)
        Wanted days, rising.
    start : FloatArray, shape (n_patients, n_nodes)
        Levels on the first day.
    resting : bool
        Whether these are the state of rest.
    needed : IntArray or None
        Nodes to follow; all where None.
    told : IntArray or None
        Nodes whose levels are given back, in this order; all where None.
    relative : float
        Relative tolerance.
    kind : type
        np.float64 or np.float32.
    threads : int
        How many blocks are followed at the same time.
    counts : IntArray or None, shape (2,)
        Accepted and refused steps are added to it.

    Returns
    -------
    Levels, shape (n_patients, n_days, n_told)
        Between 0 and 1.
    """
    counts = np.zeros(2, dtype=np.int64) if counts is None else counts
    n_patients = len(basal)
    blocks = -(-n_patients // LANES)
    levels, basal = _padded(start, blocks), _padded(basal, blocks)
    clipped = [(number, _clipped(course, float(days[0]), float(days[-1]), blocks)) for number, course in courses]
    # the days of a node and a patient lie side by side, since who reads levels reads them node by node
    place = {node: row for row, node in enumerate(range(circuit.n_nodes) if told is None else told.tolist())}
    out: Any = np.empty((len(place), len(levels), len(days)), dtype=kind)
    out[:] = (levels if told is None else levels[:, told]).T[:, :, None]
    # blocks with the same inputs go together; the inputs of a block depend on nobody outside it
    acting = np.array([course.amounts.reshape(blocks, -1).any(axis=1) for _, course in clipped]).reshape(-1, blocks)
    for pattern in np.unique(acting, axis=1).T:
        chosen = np.flatnonzero((acting == pattern[:, None]).all(axis=0))
        used = sorted((pair for pair, acts in zip(clipped, pattern, strict=True) if acts), key=lambda pair: pair[0])
        numbers = [number for number, _ in used]
        nodes = reached(circuit, numbers) if resting else np.arange(circuit.n_nodes)
        if needed is not None:
            nodes = np.intersect1d(nodes, needed)
        if not len(nodes):
            continue
        rows = (chosen[:, None] * LANES + np.arange(LANES)).reshape(-1)
        part = moving_part(circuit, nodes, numbers, levels[rows], basal[rows])
        moved = _followed(
            part, [(course, rows) for _, course in used],
            levels[np.ix_(rows, nodes)], days, resting, relative, kind, threads, counts,
        )  # fmt: skip
        for node, course in zip(nodes.tolist(), moved, strict=True):
            if node in place:
                out[place[node]].reshape(blocks, LANES, -1)[chosen] = course
    levels_of: Levels = out[:, :n_patients].transpose(1, 2, 0)
    return levels_of


def _followed(
    part: MovingPart,
    courses: Sequence[tuple[Course, IntArray]],
    levels: FloatArray,
    days: FloatArray,
    at_rest: bool,
    relative: float,
    kind: type[np.floating[Any]],
    threads: int,
    counts: IntArray,
) -> Any:
    """Levels of the moving nodes [moving node, block, lane, day]; adds to the counts of steps."""
    circuit, blocks = part.circuit, len(levels) // LANES
    rates = [course.rates[rows] for course, rows in courses]
    decay = np.stack(rates, axis=1) if rates else np.zeros((len(levels), 0))
    event_day, event_input, amounts = _events(courses, len(levels))
    state = np.concatenate([levels, np.zeros((len(levels), circuit.n_inputs))], axis=1)
    packed = [_packed(array, blocks, kind) for array in (state, part.off, part.need, decay)]
    added = amounts.reshape(blocks, LANES, -1).transpose(0, 2, 1).astype(kind, order="C")
    out = np.empty((blocks, len(days), circuit.n_nodes * LANES), dtype=kind)
    room = (10 * state.shape[1] + len(circuit.term_origin) + 1) * LANES

    def some(first: int, last: int) -> tuple[int, IntArray]:
        steps = np.zeros(2, dtype=np.int64)
        failed: int = follow(
            packed[0][first:last], packed[1][first:last], packed[2][first:last], packed[3][first:last],
            added[first:last], event_day, event_input, days, at_rest,
            ABSOLUTE * relative, relative, 1.0 / circuit.n_nodes, circuit.rate, circuit.term_origin, circuit.term_power,
            circuit.term_beta, circuit.term_shift, circuit.edge_term * LANES, circuit.edge_a, circuit.edge_b,
            circuit.or_first, circuit.and_first, circuit.and_last, np.empty(room, dtype=kind), out[first:last], steps,
        )  # fmt: skip
        return failed, steps

    cuts = np.linspace(0, blocks, min(max(threads, 1), blocks) + 1).astype(int).tolist()
    if len(cuts) == 2:
        results = [some(0, blocks)]
    else:
        with ThreadPoolExecutor(len(cuts) - 1) as pool:
            results = list(pool.map(some, cuts[:-1], cuts[1:]))
    for failed, steps in results:
        if failed >= 0:
            raise ArithmeticError("the equations cannot be followed for some patients: the step became too short")
        counts += steps
    return out.reshape(blocks, len(days), circuit.n_nodes, LANES).transpose(2, 0, 3, 1)


def _check(network: Network, basal: FloatArray, courses: Sequence[Course], days: FloatArray) -> None:
    if basal.ndim != 2 or basal.shape[1] != len(network.nodes) or not len(basal):
        raise ValueError(f"basal is [patient, node] with {len(network.nodes)} nodes, not {basal.shape}")
    if not bool(((basal >= 0.0) & (basal <= 1.0)).all()):
        raise ValueError("basal levels lie between 0 and 1")
    if days.ndim != 1 or not len(days) or not bool(np.isfinite(days).all()) or bool((np.diff(days) <= 0.0).any()):
        raise ValueError("days must be finite and rise")
    names = [course.name for course in courses]
    for name in names:
        if name not in network.input_names:
            raise ValueError(f"unknown input {name!r}; the network has {', '.join(network.input_names)}")
        if names.count(name) > 1:
            raise ValueError(f"input {name!r} is given twice")
    for course in courses:
        if len(course.rates) != len(basal):
            raise ValueError(f"{course.name}: {len(course.rates)} patients, but basal has {len(basal)}")


def _clipped(course: Course, first: float, last: float, blocks: int) -> Course:
    """The doses of a course between two days, for whole blocks."""
    inside = (course.days >= first) & (course.days < last)
    if inside.all() and len(course.rates) == blocks * LANES:
        return course
    return Course(
        course.name, course.days[inside], _padded(course.amounts[:, inside], blocks), _padded(course.rates, blocks)
    )


def _events(courses: Sequence[tuple[Course, IntArray]], n_patients: int) -> tuple[FloatArray, IntArray, FloatArray]:
    """Days, inputs and amounts [patient, event] of all doses, sorted by day and then by input."""
    if not courses:
        return np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros((n_patients, 0))
    days = np.concatenate([course.days for course, _ in courses]).astype(np.float64)
    inputs = np.repeat(np.arange(len(courses)), [len(course.days) for course, _ in courses])
    order = np.lexsort((inputs, days))
    amounts = np.concatenate([course.amounts[rows] for course, rows in courses], axis=1)
    return days[order], inputs[order], amounts[:, order]


def _padded(array: FloatArray, blocks: int) -> FloatArray:
    """The last block filled up with copies of its last patient."""
    missing = blocks * LANES - len(array)
    if not missing:
        return array
    return np.concatenate([array, np.repeat(array[-1:], missing, axis=0)])


def _packed(array: FloatArray, blocks: int, kind: type[np.floating[Any]]) -> Any:
    """[patient, column] -> [block, column * 16], 16 patients side by side."""
    shaped = array.reshape(blocks, LANES, -1).transpose(0, 2, 1)
    return shaped.astype(kind, order="C").reshape(blocks, -1)
