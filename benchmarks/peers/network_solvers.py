"""The case that benchmarks/network.py times, and the solvers that it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
from scipy.integrate import odeint, solve_ivp

from anagen.formats.sbml import sbml_of
from anagen.signalling.network import Course, Network, basal_levels, load_network, resting_state
from anagen.signalling.network.circuit import circuit_of

DAYS = np.arange(0.0, 365.0, 7.0)
RELATIVE, ABSOLUTE = 1e-6, 1e-8
GIVEN = ("VESICLE_UPTAKE", "VESICLE_WNT", "MINOXIDIL")


@dataclass(frozen=True)
class Case:
    name: str
    daily: bool
    network: Network
    basal: np.ndarray

    def courses(self, n: int) -> list[Course]:
        """Two inputs every 28 days, and a drug once a day; amounts differ from patient to patient."""
        spread = np.exp(0.3 * np.sin(np.arange(n)))[:, None]
        sessions = np.arange(0.0, 364.0, 28.0)
        given = [Course.from_doses(name, sessions, spread, 0.7, 1.0, n) for name in GIVEN[:2]]
        if self.daily:
            given.append(Course.from_doses(GIVEN[2], np.arange(0.0, 364.0), spread, 0.75, 1.0, n))
        return given


def case(name: str, daily: bool) -> Case:
    """The shipped network with the inputs that are given, so that no tool carries idle ones."""
    full = load_network()
    used = GIVEN if daily else GIVEN[:2]
    network = Network(
        full.title, full.conditions, full.nodes, tuple(i for i in full.inputs if i.name in used),
        tuple(e for e in full.edges if e.weight > 0.0 and (e.origin in used or e.origin in full.node_names)),
    )  # fmt: skip
    return Case(name, daily, network, basal_levels(network, "aga"))


@numba.njit(cache=True, error_model="numpy")
def slope(t, y, n, rate, origin, power, beta, shift, place, a, b, first, middle, last, basal, decay, terms, out):
    for j in range(origin.shape[0]):
        x = y[origin[j]]
        q = x if power[j] == 1.0 else (x * x if power[j] == 2.0 else x ** power[j])
        terms[j] = beta[j] * q / (shift[j] + q)
    for i in range(n):
        off, need = 1.0 - basal[i], 1.0
        for e in range(first[i], middle[i]):
            off *= a[e] + b[e] * terms[place[e]]
        for e in range(middle[i], last[i]):
            need *= a[e] + b[e] * terms[place[e]]
        out[i] = ((1.0 - off) * need - y[i]) * rate[i]
    for u in range(decay.shape[0]):
        out[n + u] = -decay[u] * y[n + u]
    return out


def by_scipy(of: Case, method: str, relative: float, absolute: float) -> np.ndarray:
    """Patient 0 from dose to dose, with the right-hand side compiled by numba."""
    circuit, courses = circuit_of(of.network), of.courses(1)
    n = circuit.n_nodes
    decay = np.array([course.rates[0] for course in courses])
    order = [of.network.input_names.index(course.name) for course in courses]
    arguments = (
        n, circuit.rate, circuit.term_origin, circuit.term_power, circuit.term_beta, circuit.term_shift,
        circuit.edge_term, circuit.edge_a, circuit.edge_b, circuit.or_first, circuit.and_first, circuit.and_last,
        of.basal, decay[np.argsort(order)], np.empty(len(circuit.term_origin)), np.empty(n + len(courses)),
    )  # fmt: skip
    y = np.concatenate([resting_state(of.network, of.basal), np.zeros(len(courses))])
    rows = [y[:n].copy()]
    doses = sorted({float(day) for course in courses for day in course.days})
    for begin, end in zip(doses, [*doses[1:], float(DAYS[-1])], strict=True):
        for place, course in zip(order, courses, strict=True):
            y[n + place] += course.amounts[0][course.days == begin].sum()
        wanted = DAYS[(begin < DAYS) & (end >= DAYS)]
        times = np.unique(np.concatenate([[begin], wanted, [end]]))
        if method == "odeint":
            course_of = odeint(slope, y, times, arguments, tfirst=True, rtol=relative, atol=absolute, mxstep=100000)
        else:
            # its right-hand side must give a new array
            course_of = solve_ivp(
                lambda t, x: slope(t, x, *arguments).copy(),
                (begin, end),
                y,
                method,
                times,
                rtol=relative,
                atol=absolute,
            ).y.T
        rows.extend(course_of[np.isin(times, wanted), :n])
        y = course_of[-1].copy()
    return np.array(rows)


def roadrunner(of: Case) -> Callable[[], np.ndarray]:
    import roadrunner as rr

    model = rr.RoadRunner(sbml_of(of.network, of.basal, of.courses(1)))
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = RELATIVE, ABSOLUTE
    model.timeCourseSelections = ["time", *of.network.node_names]

    def run() -> np.ndarray:
        model.reset()
        return np.array(model.simulate(0.0, 364.0, len(DAYS)))[:, 1:]

    return run


def copasi(of: Case) -> Callable[[], np.ndarray]:
    import basico

    basico.load_model_from_string(sbml_of(of.network, of.basal, of.courses(1)))
    titles = [f"Values[{node.title}]" for node in of.network.nodes]

    def run() -> np.ndarray:
        table = basico.run_time_course(
            start_time=0.0, duration=364.0, intervals=len(DAYS) - 1, use_initial_values=True, method="lsoda",
            r_tol=RELATIVE, a_tol=ABSOLUTE, max_steps=10**8,
        )  # fmt: skip
        return table[titles].to_numpy()

    return run


def diffrax(of: Case, n: int) -> Callable[[], np.ndarray]:
    """Tsit5 with one step shared by all patients, dose to dose inside one compiled scan: its fastest set-up here."""
    import diffrax as dfx
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    circuit, courses = circuit_of(of.network), of.courses(n)
    inputs = of.network.input_names
    decay = jnp.array([next(c.rates[0] for c in courses if c.name == name) for name in inputs])
    basal, rate = jnp.array(of.basal), jnp.array(circuit.rate)
    grid = np.unique(np.concatenate([DAYS, *(c.days for c in courses)]))
    added = np.zeros((len(grid), n, len(inputs)))
    for course in courses:
        added[np.isin(grid, course.days), :, inputs.index(course.name)] += course.amounts.T
    squares = jnp.array(circuit.term_power == 2.0)

    def flow(_t, y, _args):
        x = y[:, circuit.term_origin]
        q = jnp.where(squares, x * x, x)
        factors = (
            circuit.edge_a + circuit.edge_b * (circuit.term_beta * q / (circuit.term_shift + q))[:, circuit.edge_term]
        )
        driven = []
        for i in range(circuit.n_nodes):
            off, need = 1.0 - basal[i], 1.0
            for e in range(circuit.or_first[i], circuit.and_first[i]):
                off = off * factors[:, e]
            for e in range(circuit.and_first[i], circuit.and_last[i]):
                need = need * factors[:, e]
            driven.append((1.0 - off) * need + jnp.zeros(n))
        levels = (jnp.stack(driven, axis=1) - y[:, : circuit.n_nodes]) * rate
        return jnp.concatenate([levels, -decay * y[:, circuit.n_nodes :]], axis=1)

    controller = dfx.PIDController(rtol=RELATIVE, atol=ABSOLUTE)

    def segment(y, now):
        begin, end, dose = now
        y = y.at[:, circuit.n_nodes :].add(dose)
        solution = dfx.diffeqsolve(
            dfx.ODETerm(flow), dfx.Tsit5(), begin, end, 0.01, y, stepsize_controller=controller, max_steps=None,
            adjoint=dfx.ForwardMode() if hasattr(dfx, "ForwardMode") else dfx.DirectAdjoint(),
        )  # fmt: skip
        return solution.ys[-1], solution.ys[-1][0, : circuit.n_nodes]

    start = jnp.concatenate(
        [jnp.tile(resting_state(of.network, of.basal), (n, 1)), jnp.zeros((n, len(inputs)))], axis=1
    )
    scan = jax.jit(lambda y: jax.lax.scan(segment, y, (grid[:-1], grid[1:], added[:-1]))[1])

    def run() -> np.ndarray:
        ends = np.asarray(scan(start).block_until_ready())
        rows = dict(zip(grid[1:].tolist(), ends, strict=True))
        return np.array([resting_state(of.network, of.basal), *(rows[day] for day in DAYS[1:].tolist())])

    return run
