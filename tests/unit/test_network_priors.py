"""Weights that are drawn, effects that stay where they are, and what the network says of mechanism."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.explanation.paths import simple_paths
from anagen.parameters import ParameterSet, load_parameters
from anagen.patients import CONDITIONS
from anagen.signalling.changes import OUTPUT_NODES, changes, greatest_changes, settled_levels
from anagen.signalling.conditions import condition_names
from anagen.signalling.network import basal_levels, load_network, read_network, resting_state
from anagen.signalling.network.priors import drawn_network, edge_parameters
from anagen.signalling.network.reach import leading_to, reached_from
from anagen.signalling.players import Player
from anagen.signalling.sensitivity import readout_sensitivity
from anagen.signalling.ways import Way
from anagen.therapies import THERAPIES

NETWORK = load_network()
EDGES = ParameterSet(edge_parameters(NETWORK))


def rest_with(condition: str = "aga", network=NETWORK, **levels: float) -> dict[str, float]:
    occupancy = np.array([levels.get(name, 0.0) for name in network.input_names])
    return dict(zip(network.node_names, settled_levels(network, condition, occupancy).tolist(), strict=True))


def player(name: str) -> Player:
    therapy = THERAPIES[name]
    return Player(name, (Way(None, "", therapy.occupies, therapy.actions),), therapy=True, varies=False)  # type: ignore[arg-type]


def test_wnt_has_one_way_to_beta_catenin_and_dickkopf_stands_above_it() -> None:
    paths = simple_paths(NETWORK, NETWORK.edge("VESICLE_WNT->WNT"), frozenset({"BCATENIN"}))
    assert [path.name for path in paths] == ["VESICLE_WNT->WNT->GSK3B->BCATENIN"]
    flooded = NETWORK.edited("DKK1", basal=dict.fromkeys(NETWORK.conditions, 1.0)).without("VESICLE_UPTAKE->AKT")
    gains = [
        rest_with(network=network, VESICLE_UPTAKE=0.8)["GSK3B"] - rest_with(network=network)["GSK3B"]
        for network in (NETWORK.without("VESICLE_UPTAKE->AKT"), flooded)
    ]
    assert gains[0] < -0.05
    assert abs(gains[1]) < 0.25 * abs(gains[0])


def test_mir_122_lowers_smad3_and_raises_beta_catenin_and_cyclin() -> None:
    before, after = rest_with(), rest_with(VESICLE_MIR122=0.8)
    assert after["SMAD3"] < before["SMAD3"]
    assert after["BCATENIN"] > before["BCATENIN"]
    assert after["CYCLIN"] > before["CYCLIN"]


def test_tgf_beta_2_wakes_stem_cells_by_lowering_bmp_and_drives_catagen() -> None:
    more = NETWORK.edited("TGFB2", basal=dict.fromkeys(NETWORK.conditions, 0.8)).without("SMAD3->BCATENIN")
    before, after = rest_with(network=NETWORK.without("SMAD3->BCATENIN")), rest_with(network=more)
    assert after["BMP"] < before["BMP"]
    assert after["STEM_CELLS"] > before["STEM_CELLS"]
    assert after["SMAD3"] > before["SMAD3"]


def test_vesicles_raise_bmp_as_they_were_seen_to() -> None:
    assert rest_with(VESICLE_UPTAKE=0.8)["BMP"] > rest_with()["BMP"]


@pytest.mark.parametrize("name", [name for name, therapy in THERAPIES.items() if therapy.occupies])
def test_nothing_that_a_therapy_reaches_is_a_dead_end(name: str) -> None:
    reached = reached_from(NETWORK, [entry.input for entry in THERAPIES[name].occupies])
    leading = leading_to(NETWORK, [node for nodes in OUTPUT_NODES.values() for node in nodes])
    assert reached - leading == set()


def test_central_values_are_the_network_itself() -> None:
    assert drawn_network(NETWORK, EDGES.draw(1, 0)) is NETWORK


def test_draws_move_every_uncertain_weight_and_none_that_is_silent_or_whole() -> None:
    drawn = drawn_network(NETWORK, EDGES.draw(1, 1))
    for before, after in zip(NETWORK.edges, drawn.edges, strict=True):
        fixed = before.weight in (0.0, 1.0)
        assert (before.weight == after.weight) == fixed, before.name
        assert 0.0 <= after.weight <= 1.0
    silent = drawn_network(NETWORK.without("AR->DKK1"), EDGES.draw(1, 1))
    assert silent.edge("AR->DKK1").weight == 0.0


def test_intervals_of_the_file_are_those_of_the_draws() -> None:
    edge, factor = NETWORK.edge("DKK1->WNT"), EDGES["edge_weight.DKK1_to_WNT"]
    assert edge.weight_90 is not None
    ends = [drawn_network(NETWORK, {factor.name: end}).edge(edge.name).weight for end in (factor.low, factor.high)]
    assert ends == pytest.approx(edge.weight_90)


@pytest.mark.parametrize("name", ["exosome", "minoxidil", "finasteride", "baricitinib"])
def test_other_weights_leave_the_response_at_the_usual_dose_alone(name: str) -> None:
    values = load_parameters("prior").draw(1, 0)
    acting = player(name)
    occupied = {
        entry.input: values[entry.reference_occupancy] for entry in acting.occupies if entry.reference_occupancy
    }
    for number in range(4):
        drawn = values | EDGES.draw(2, number)
        network = drawn_network(NETWORK, drawn)
        (greatest,) = greatest_changes([acting], drawn)
        for action in acting.actions:
            if action.half is not None or action.reference_response is None:
                continue
            condition = "alopecia_areata" if action.lever == "immune_attack" else "aga"
            levels = [
                settled_levels(network, condition, np.array([level.get(n, 0.0) for n in network.input_names]))
                for level in (occupied, {})
            ]
            change = float(changes(network, levels[0], levels[1], drawn)[action.lever])
            assert change / greatest[action.lever] <= values[action.reference_response] + 1e-9
            # only where weights all but close the way to a lever does a draw move it less
            if number == 0 or name != "exosome":
                assert change / greatest[action.lever] == pytest.approx(values[action.reference_response])


@pytest.mark.parametrize("condition", NETWORK.conditions)
def test_the_compiled_state_of_rest_is_that_of_numpy(condition: str) -> None:
    network = drawn_network(NETWORK, EDGES.draw(3, 1))
    found = settled_levels(network, condition, np.zeros(len(network.inputs)))
    assert found == pytest.approx(resting_state(network, basal_levels(network, condition)), abs=1e-13)


def test_short_names_of_conditions_are_those_of_study_files() -> None:
    own = {name: condition.network for name, condition in CONDITIONS.items() if condition.network not in CONDITIONS}
    assert own.items() <= condition_names(NETWORK.conditions).items()
    text = "[node.IL10]\nbasal = { healthy = 0.3, aga = 0.3, aa = 0.1, te = 0.3 }\n"
    text += 'title = "x"\ntau = 1\nsource = "x"\ngrade = "C"'
    assert read_network(text, base=NETWORK).node("IL10").basal["alopecia_areata"] == 0.1


def test_a_file_that_is_wrong_in_many_ways_says_all_of_them() -> None:
    text = """
[[edge]]
from = "AR"
to = "GSK3"
sign = "+"
weight = 1.4
n = 2
ec50 = 0.9
grade = "C"

[[edge]]
from = "VESICLE_UPTAKE"
to = "IL6"
sign = "-"
weight = 0.3
n = 2
ec50 = 0.9
grade = "C"
source = "mine"
"""
    with pytest.raises(InputError) as caught:
        read_network(text, base=NETWORK)
    said = [problem.text() for problem in caught.value.problems]
    whole = " ".join(said)
    for part in ("weight must lie", "ec50 must be below", "without a source", "did you mean 'GSK3B'"):
        assert part in whole
    assert [line for line in said if "VESICLE_UPTAKE" in line] == [said[-1]]
    assert "leave out n, ec50" in said[-1]


def test_a_weight_that_a_file_changes_leaves_its_old_interval() -> None:
    changed = read_network('[[edge]]\nfrom = "AR"\nto = "DKK1"\nsign = "+"\nweight = 0.05', base=NETWORK).edge(
        "AR->DKK1"
    )
    assert (changed.weight, changed.weight_90) == (0.05, None)
    assert changed.ec50_90 == NETWORK.edge("AR->DKK1").ec50_90


def test_effects_have_data_where_their_levers_were_tried() -> None:
    told = {name: [THERAPIES[name].has_data_in(c) for c in ("aga", "aa", "te")] for name in ("exosome", "baricitinib")}
    assert told == {"exosome": [True, False, False], "baricitinib": [False, True, False]}
    assert THERAPIES["placebo"].has_data_in("aa")


def test_readouts_hang_on_the_edges_that_lead_to_them() -> None:
    rows = readout_sensitivity(NETWORK, "aga", {"VESICLE_MIR122": 0.5}, draws=60, seed=1)
    first = next(row for row in rows if row["readout"] == "catagen")
    assert first["parameter"].endswith("_to_SMAD3")
    assert not any(row["readout"] == "androgen" for row in rows)
