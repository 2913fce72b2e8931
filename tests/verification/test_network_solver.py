"""The network solver against SciPy and libRoadRunner, and what must hold whatever the network and the doses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from anagen.formats.sbml import sbml_of
from anagen.signalling.network import Course, Edge, Input, Network, Node, basal_levels, load_network, solve
from anagen.signalling.network.circuit import circuit_of, drive
from anagen.signalling.network.rest import resting_state

Floats = NDArray[np.float64]
NETWORK = load_network()
DAYS = np.arange(0.0, 365.0, 7.0)


def dosed(n_patients: int, seed: int = 1) -> list[Course]:
    """Vesicles every 28 days and a daily drug for 60 days, different in every patient, some doses missed."""
    random = np.random.default_rng(seed)
    sessions, daily = np.arange(0.0, 364.0, 28.0), np.arange(3.5, 63.5)
    taken = random.random((n_patients, len(daily))) < 0.9
    shape = (n_patients, 1)
    rates = random.lognormal(-0.4, 0.4, n_patients)
    return [
        Course.from_doses("VESICLE_WNT", sessions, random.lognormal(0.5, 1.0, shape), rates, 1.0, n_patients),
        Course.from_doses("VESICLE_MIR122", sessions, random.lognormal(0.0, 1.0, shape), rates, 1.0, n_patients),
        Course.from_doses("MINOXIDIL", daily, taken * random.lognormal(0.0, 0.5, shape), 0.75, 1.0, n_patients),
    ]  # fmt: skip


def by_scipy(network: Network, basal: Floats, courses: list[Course], days: Floats, patient: int) -> Floats:
    """The same patient with LSODA from dose to dose, occupancies in closed form."""
    circuit = circuit_of(network)
    order = [network.input_names.index(course.name) for course in courses]
    level = resting_state(network, basal[patient])
    rows = [level]
    doses = sorted({float(day) for course in courses for day in course.days if 0.0 <= day < days[-1]} | {0.0})

    for begin, end in zip(doses, [*doses[1:], float(days[-1])], strict=True):
        left = [
            sum(
                amount * np.exp(-course.rates[patient] * (begin - day))
                for day, amount in zip(course.days, course.amounts[patient], strict=True)
                if day <= begin
            )
            for course in courses
        ]

        def flow(t: float, y: Floats, left: list[float] = left, begin: float = begin) -> Floats:
            occupancy = np.zeros(circuit.n_inputs)
            for place, course, exposure in zip(order, courses, left, strict=True):
                now = exposure * np.exp(-course.rates[patient] * (t - begin))
                occupancy[place] = now / (1.0 + now)
            return (drive(circuit, y, occupancy, basal[patient]) - y) * circuit.rate

        wanted = days[(days > begin) & (days <= end)]
        solution = solve_ivp(flow, (begin, end), level, "LSODA", rtol=1e-9, atol=1e-12, dense_output=True)
        assert solution.success, solution.message
        if len(wanted):
            rows.extend(solution.sol(wanted).T)
        level = solution.y[:, -1]
    return np.array(rows)


def relative(found: Floats, expected: Floats) -> float:
    """Largest error relative to a level, or to a hundredth of full scale where a level is smaller still."""
    return float((np.abs(found - expected) / np.maximum(np.abs(expected), 0.01)).max())


def test_doses_against_scipy_lsoda() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (20, 1))
    basal[:, 0] = np.linspace(0.4, 0.8, 20)
    courses, days = dosed(20), np.arange(0.0, 92.0, 3.5)
    found = solve(NETWORK, basal, courses, days)
    for patient in (0, 17):
        expected = by_scipy(NETWORK, basal, courses, days, patient)
        assert np.abs(expected - expected[0]).max() > 0.1
        assert relative(found[patient], expected) < 1e-5


def test_single_precision_is_within_its_documented_error() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (20, 1))
    double = solve(NETWORK, basal, dosed(20), DAYS)
    single = solve(NETWORK, basal, dosed(20), DAYS, precision="single")
    assert single.dtype == np.float32
    assert np.abs(single - double).max() < 2e-4


def test_whole_and_general_powers_against_scipy() -> None:
    """Hill exponents 1, 2, 3, 4 and 1.4, all gates and signs."""
    network = NETWORK
    for name, n, ec50 in (("AR->DKK1", 1.4, 0.5), ("WNT->GSK3B", 3.0, 0.5), ("TGFB1->SMAD3", 4.0, 0.6),
                          ("DKK1->WNT", 1.0, 0.3)):  # fmt: skip
        network = network.edited(name, n=n, ec50=ec50)
    network = network.edited("GSK3B->BCATENIN", gate="or").edited("AR->IL6", gate="and")
    basal = basal_levels(network, "aga")[None]
    days = np.arange(0.0, 57.0, 3.5)
    found = solve(network, basal, dosed(1), days)
    assert relative(found[0], by_scipy(network, basal, dosed(1), days, 0)) < 1e-5


def test_against_libroadrunner_on_the_sbml_of_the_network() -> None:
    roadrunner = pytest.importorskip("roadrunner", reason="libRoadRunner is in the extra `references`")
    basal = np.tile(basal_levels(NETWORK, "aga"), (3, 1))
    courses = dosed(3)
    model = roadrunner.RoadRunner(sbml_of(NETWORK, basal[2], courses, patient=2))
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-8, 1e-12
    model.timeCourseSelections = ["time", *NETWORK.node_names]
    expected = np.array(model.simulate(0.0, 364.0, 53))
    assert expected[:, 0] == pytest.approx(DAYS)
    assert relative(solve(NETWORK, basal, courses, DAYS)[2], expected[:, 1:]) < 1e-5


def test_dense_output_is_as_good_as_the_steps() -> None:
    basal = basal_levels(NETWORK, "aga")[None]
    fine = solve(NETWORK, basal, dosed(1), np.arange(0.0, 30.0, 0.01))
    coarse = solve(NETWORK, basal, dosed(1), np.arange(0.0, 30.0, 1.0), tolerance=1e-9)
    assert np.abs(fine[:, ::100] - coarse).max() < 1e-5


def test_error_falls_with_the_tolerance() -> None:
    basal = basal_levels(NETWORK, "aga")[None]
    exact = solve(NETWORK, basal, dosed(1), DAYS, tolerance=1e-11)
    errors = [np.abs(solve(NETWORK, basal, dosed(1), DAYS, tolerance=t) - exact).max() for t in (1e-4, 1e-6, 1e-8)]
    assert errors[0] > 10.0 * errors[1] > 100.0 * errors[2]


@pytest.mark.parametrize("condition", NETWORK.conditions)
def test_every_condition_is_at_rest_untreated(condition: str) -> None:
    """Also where the equations are followed in earnest: drift below 1e-6 per year."""
    basal = np.tile(basal_levels(NETWORK, condition), (2, 1))
    rest = resting_state(NETWORK, basal)
    followed = solve(NETWORK, basal, [], np.array([0.0, 182.0, 365.0]), start=rest)
    assert np.abs(followed - rest[:, None]).max() < 1e-6
    untouched = solve(NETWORK, basal, [], np.array([0.0, 182.0, 365.0]))
    assert np.array_equal(untouched, np.broadcast_to(rest[:, None], untouched.shape))


def test_what_nothing_given_reaches_rests_and_the_others_move_as_in_the_whole_network() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (20, 1))
    rest = resting_state(NETWORK, basal)
    reduced = solve(NETWORK, basal, dosed(20), DAYS)
    still = [NETWORK.node_names.index(name) for name in ("DHT", "AR", "DKK1", "ROS", "SFRP2")]
    assert np.array_equal(reduced[:, :, still], np.broadcast_to(rest[:, None, still], (20, len(DAYS), len(still))))
    whole = solve(NETWORK, basal, dosed(20), DAYS, start=rest)
    assert relative(reduced, whole) < 1e-5


def test_a_block_does_not_notice_what_others_are_given() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (48, 1))
    courses = dosed(48)
    first_block = np.where(np.arange(48)[:, None] < 16, 1.0, 0.0)
    alone = Course("VESICLE_UPTAKE", np.array([30.0]), first_block, np.ones(48))
    mixed = solve(NETWORK, basal, [*courses, alone], DAYS)
    assert mixed[16:].tobytes() == solve(NETWORK, basal, courses, DAYS)[16:].tobytes()
    assert mixed[:16].tobytes() != solve(NETWORK, basal, courses, DAYS)[:16].tobytes()


def test_the_state_of_rest_attracts() -> None:
    basal = basal_levels(NETWORK, "aga")[None]
    for start in (np.zeros_like(basal), np.ones_like(basal)):
        late = solve(NETWORK, basal, [], np.array([0.0, 4000.0]), start=start)[:, 1]
        assert np.abs(late - resting_state(NETWORK, basal)).max() < 1e-6


def test_results_do_not_depend_on_how_the_work_is_cut() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (70, 1))
    basal[:, 0] = np.linspace(0.3, 0.9, 70)
    courses = dosed(70)
    whole = solve(NETWORK, basal, courses, DAYS)
    assert whole.tobytes() == solve(NETWORK, basal, courses, DAYS, threads=3).tobytes()
    for first, last in ((0, 16), (16, 64), (64, 70)):
        part = [Course(c.name, c.days, c.amounts[first:last], c.rates[first:last]) for c in courses]
        assert solve(NETWORK, basal[first:last], part, DAYS).tobytes() == whole[first:last].tobytes()


def test_edges_of_weight_zero_do_nothing() -> None:
    """A network without such an edge gives the same bytes, in both gates and with both signs."""
    basal = np.tile(basal_levels(NETWORK, "aga"), (5, 1))
    plain = solve(NETWORK, basal, dosed(5), DAYS)
    for sign in ("+", "-"):
        for gate in ("or", "and"):
            silent = Edge("AR", "PGE2", sign, 0.0, 3.0, 0.6, gate, "assumption", "C", "model")
            silent_input = Edge("MINOXIDIL", "BMP", sign, 0.0, 1.0, 0.25, gate, "assumption", "C", "model")
            same = NETWORK.extended(edges=[silent, silent_input])
            assert solve(same, basal, dosed(5), DAYS).tobytes() == plain.tobytes()
    ablated = NETWORK.without("AR->DKK1")
    gone = Network(
        NETWORK.title, NETWORK.conditions, NETWORK.nodes, NETWORK.inputs,
        tuple(e for e in NETWORK.edges if e.name != "AR->DKK1"),
    )  # fmt: skip
    assert solve(ablated, basal, dosed(5), DAYS).tobytes() == solve(gone, basal, dosed(5), DAYS).tobytes()
    assert solve(ablated, basal, dosed(5), DAYS).tobytes() != plain.tobytes()


def test_a_dose_of_nothing_is_nothing() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (5, 1))
    nothing = Course.from_doses("VESICLE_UPTAKE", np.arange(0.0, 364.0, 7.0), 0.0, 0.7, 1.0, 5)
    assert solve(NETWORK, basal, [nothing], DAYS).tobytes() == solve(NETWORK, basal, [], DAYS).tobytes()
    with_nothing = solve(NETWORK, basal, [*dosed(5), nothing], DAYS)
    assert with_nothing.tobytes() == solve(NETWORK, basal, dosed(5), DAYS).tobytes()


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small networks of any wiring, loops included."""
    n = draw(st.integers(2, 6))
    unit = st.floats(0.0, 1.0, allow_nan=False)
    nodes = tuple(
        Node(f"N{i}", "node", draw(st.floats(0.05, 50.0)), {"any": draw(unit)}, "assumption", "C") for i in range(n)
    )
    names = [*(node.name for node in nodes), "DOSE"]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names[:-1])), unique=True, max_size=12))
    edges: list[Edge] = []
    for origin, target in pairs:
        power = draw(st.sampled_from([1.0, 1.4, 2.0, 3.0, 7.5]))
        ec50 = draw(st.floats(0.05, 0.95)) * 0.5 ** (1.0 / power)
        sign, gate = draw(st.sampled_from("+-")), draw(st.sampled_from(["or", "and"]))
        edges.append(Edge(origin, target, sign, draw(unit), power, ec50, gate, "assumption", "C", "model"))
    return Network("any", ("any",), nodes, (Input("DOSE", "dose"),), tuple(edges))


@settings(max_examples=60)
@given(networks(), st.lists(st.floats(0.0, 1e6), min_size=1, max_size=4), st.floats(0.0, 20.0), st.data())
def test_levels_stay_between_zero_and_one(
    network: Network, amounts: list[float], rate: float, data: st.DataObject
) -> None:
    basal = np.array([[node.basal["any"] for node in network.nodes]])
    start = np.array([[data.draw(st.floats(0.0, 1.0)) for _ in network.nodes]])
    dose = Course.from_doses("DOSE", np.arange(len(amounts)) * 3.0, np.array([amounts]), rate, 1.0, 1)
    days = np.linspace(0.0, 20.0, 41)
    for precision in ("double", "single"):
        levels = solve(network, basal, [dose], days, start=start, precision=precision)
        assert np.isfinite(levels).all()
        assert levels.min() >= 0.0
        assert levels.max() <= 1.0
