"""The network as data: what is read, refused, edited, printed and drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.signalling.drawing import network_svg
from anagen.signalling.network import (
    Course,
    Edge,
    basal_levels,
    load_network,
    network_from_file,
    read_network,
    readouts,
    resting_state,
    solve,
)
from anagen.signalling.network.replacing import replaced_parts

NETWORK = load_network()
SMALL = """
title = "two nodes"
conditions = ["healthy"]

[input.DOSE]
title = "a dose"

[node.A]
title = "first"
tau = 1.0
basal = 0.1
source = "assumption"
grade = "C"

[node.B]
title = "second"
tau = 2.0
basal = { healthy = 0.2 }
source = "assumption"
grade = "C"

[[edge]]
from = "DOSE"
to = "A"
sign = "+"
weight = 1.0
source = "assumption"
grade = "C"

[[edge]]
from = "A"
to = "B"
sign = "+"
weight = 0.5
n = 2
ec50 = 0.5
source = "assumption"
grade = "C"
"""


def edge(**changed: object) -> Edge:
    fields: dict[str, object] = {
        "origin": "A", "target": "B", "sign": "+", "weight": 1.0, "n": 1.4, "ec50": 0.5, "gate": "or",
        "source": "assumption", "grade": "C", "system": "model",
    } | changed  # fmt: skip
    return Edge(**fields)  # type: ignore[arg-type]


def test_the_normalised_hill_function_has_its_published_values() -> None:
    """V6: n 1.4, EC50 0.5 -> beta 2.5649, K 1.3770, act(0.25) = 0.2156, act(0.5) = 0.5, act(1) = 1."""
    hill = edge()
    assert (round(hill.beta, 4), round(hill.half, 4)) == (2.5649, 1.3770)

    def act(x: float) -> float:
        return hill.beta * x**hill.n / (hill.half**hill.n + x**hill.n)

    assert [round(act(x), 4) for x in (0.0, 0.25, 0.5, 1.0)] == [0.0, 0.2156, 0.5, 1.0]


def test_v6_through_the_solver() -> None:
    """A node driven through such an edge settles at act(0.25)."""
    network = read_network(SMALL.replace("n = 2\n", "n = 1.4\n").replace("weight = 0.5", "weight = 1.0"))
    basal = np.array([[0.25, 0.0]])
    assert resting_state(network, basal)[0, 1] == pytest.approx(0.2156, abs=5e-5)
    moved = solve(network, basal, [], np.array([0.0, 100.0]), start=np.array([[0.25, 1.0]]))
    assert moved[0, 1, 1] == pytest.approx(0.2156, abs=5e-5)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"weight": 1.2}, "between 0 and 1"),
        ({"weight": float("nan")}, "between 0 and 1"),
        ({"n": 1.0, "ec50": 0.5}, "below 0.5"),
        ({"n": 0.0}, "positive"),
        ({"source": ""}, "without a source must have weight 0"),
        ({"grade": "none"}, "without a source must have weight 0"),
        ({"source": "", "weight": 0.0}, "needs a note"),
        ({"gate": "xor"}, "gate"),
        ({"sign": "0"}, "sign"),
    ],
)
def test_an_impossible_edge_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        edge(**changed)


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ('to = "B"', 'to = "BB"', "unknown node 'BB'; did you mean 'B'?", 30),
        ("weight = 0.5", "weight = 1.5", "between 0 and 1", 30),
        ("ec50 = 0.5", "ec50 = 0.8", "below 0.5", 30),
        ("n = 2\n", "", "A->B.n: is missing", 30),
        ("tau = 2.0", "tau = 0", "tau must be a positive number", 15),
        ("{ healthy = 0.2 }", "{ aga = 0.2 }", "unknown conditions: aga", 15),
        ("{ healthy = 0.2 }", "{}", "basal is missing for healthy", 15),
        ('title = "two nodes"', "titel = 1", "unknown key", 2),
        ('from = "DOSE"', 'from = "DOSE"\nn = 2', "an input is transferred as it is", 22),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, message: str, line: int) -> None:
    assert SMALL.count(old) == 1
    with pytest.raises(InputError) as caught:
        read_network(SMALL.replace(old, new), "mine.toml")
    (problem,) = caught.value.problems
    assert message in problem.text()
    assert problem.text().startswith(f"mine.toml:{line}:")


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_network(SMALL.replace("tau = 2.0", "tau = -1").replace("weight = 0.5", "weight = 7"))
    assert len(caught.value.problems) == 2


def test_an_edge_that_stands_twice_is_refused_with_both_lines() -> None:
    again = (
        SMALL
        + '\n[[edge]]\nfrom = "A"\nto = "B"\nsign = "-"\nweight = 0.2\nn = 2\nec50 = 0.4\nsource = "x"\ngrade = "C"\n'
    )
    with pytest.raises(InputError) as caught:
        read_network(again, "mine.toml")
    (problem,) = caught.value.problems
    assert problem.text().startswith("mine.toml:40: A->B: stands in line 30 already")


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ('[input.ERK]\ntitle = "mine"', "mine.toml:1: input.ERK: named twice: ERK is a shipped node"),
        (
            '[node.LIGHT]\ntitle = "mine"\ntau = 1.0\nbasal = 0.1\nsource = "x"\ngrade = "C"',
            "mine.toml:1: node.LIGHT: named twice: LIGHT is a shipped input",
        ),
        (
            '[node.X]\ntitle = "x"\ntau = 1.0\nbasal = 0.1\nsource = "x"\ngrade = "C"\n[input.X]\ntitle = "x"',
            "mine.toml:7: input.X: named twice: the node X stands in line 1 too",
        ),
    ],
)
def test_a_name_of_a_node_and_an_input_is_refused_with_its_line(added: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_network(added, "mine.toml", NETWORK)
    assert [problem.text() for problem in caught.value.problems if message in problem.text()]


def test_a_field_of_the_wrong_kind_hides_nothing_else_of_its_edge() -> None:
    """Weight in words, an exponent and half-level that do not go together, an unknown node: one round."""
    wrong = SMALL.replace("weight = 0.5", 'weight = "much"').replace("ec50 = 0.5", "ec50 = 0.9")
    with pytest.raises(InputError) as caught:
        read_network(wrong.replace('to = "B"', 'to = "BB"'), "mine.toml")
    told = " ".join(problem.text() for problem in caught.value.problems)
    assert "expected a number" in told and "below 0.5" in told and "unknown node 'BB'" in told
    assert len(caught.value.problems) == 3


def test_a_file_says_what_it_takes_the_place_of() -> None:
    text = """
    [node.SFRP2]
    tau = 1.0
    basal = { aa = 0.3 }
    [[edge]]
    from = "SFRP2"
    to = "WNT"
    sign = "-"
    weight = 0.5
    [[edge]]
    from = "AKT"
    to = "GSK3B"
    sign = "-"
    weight = 0.5
    n = 2
    ec50 = 0.5
    gate = "and"
    source = "Cross 1995"
    grade = "A"
    """
    whole = text.replace("{ aa = 0.3 }", "{ healthy = 0.15, aga = 0.3, aa = 0.3, te = 0.15 }")
    found = replaced_parts(NETWORK, read_network(whole, base=NETWORK))
    assert found[0] == "the node SFRP2 (tau 0.5 becomes 1 days, basal level in alopecia areata 0.15 becomes 0.3)"
    assert "the edge SFRP2->WNT (weight 0.3 becomes 0.5)" in found
    assert replaced_parts(NETWORK, NETWORK) == ()


def test_conditions_of_a_file_have_both_names_and_a_wrong_one_a_suggestion() -> None:
    node = "[node.ERK]\nbasal = { healthy = 0.3, aga = 0.3, alopecia = 0.3, te = 0.3 }\n"
    with pytest.raises(InputError) as caught:
        read_network(node, "mine.toml", NETWORK)
    assert "did you mean 'alopecia_areata'?" in str(caught.value)
    both = read_network(node.replace("alopecia", "aa"), base=NETWORK)
    assert both == read_network(node.replace("alopecia", "alopecia_areata"), base=NETWORK)


def test_a_file_that_is_not_toml_is_refused() -> None:
    with pytest.raises(InputError, match="is not readable as TOML"):
        read_network("nodes: [A]")


def test_an_extension_adds_and_replaces(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        """
[node.FGF18]
title = "fibroblast growth factor 18"
tau = 1.0
basal = 0.4
source = "assumption"
grade = "C"

[[edge]]
from = "AR"
to = "DKK1"
sign = "+"
weight = 0.1

[[edge]]
from = "FGF18"
to = "BMP"
sign = "+"
weight = 0.3
n = 2
ec50 = 0.5
source = "Plikus 2012, J Invest Dermatol commentary"
grade = "C"
"""
    )
    extended = network_from_file(file, NETWORK)
    assert extended.edge("AR->DKK1").weight == 0.1
    assert extended.edge("AR->DKK1").source == NETWORK.edge("AR->DKK1").source
    before = resting_state(NETWORK, basal_levels(NETWORK, "aga"))[NETWORK.node_names.index("BMP")]
    after = resting_state(extended, basal_levels(extended, "aga"))[extended.node_names.index("BMP")]
    assert after > before
    assert extended.sha256() != NETWORK.sha256()


def test_unknown_names_come_with_the_nearest_right_one() -> None:
    with pytest.raises(InputError, match="did you mean 'AR->DKK1'"):
        NETWORK.without("AR->DKK2")
    with pytest.raises(InputError, match=r"unknown node 'DKKK1'.*did you mean 'DKK1'"):
        NETWORK.without("DKKK1")


def test_ablating_a_node_silences_all_that_leaves_it() -> None:
    ablated = NETWORK.without("VESICLE_UPTAKE", "AR")
    assert {e.weight for e in ablated.edges if e.origin in ("VESICLE_UPTAKE", "AR")} == {0.0}
    assert [e for e in ablated.edges if e.origin not in ("VESICLE_UPTAKE", "AR")] == [
        e for e in NETWORK.edges if e.origin not in ("VESICLE_UPTAKE", "AR")
    ]


def test_no_edge_without_a_source_has_a_weight() -> None:
    silent = [e for e in NETWORK.edges if not e.source]
    assert {e.weight for e in silent} == {0.0}
    assert all(e.note for e in silent)
    assert {"MIR100->BCATENIN", "MIR27B->BCATENIN"} <= {e.name for e in silent}


def test_corrected_signs() -> None:
    """Vesicles lower TGF-beta 1; SMAD3 is what miR-122-5p blocks, never DHT; balding cells have more catalase."""
    assert NETWORK.edge("VESICLE_UPTAKE->TGFB1").sign == "-"
    assert NETWORK.edge("MIR122->SMAD3").sign == "-"
    assert not [e for e in NETWORK.edges if e.target == "DHT" and "MIR" in e.origin + e.target]
    assert not [e for e in NETWORK.edges if e.origin.startswith("VESICLE") and e.target in ("DHT", "AR")]
    assert NETWORK.edge("SOD->ROS").weight == 0.0
    catalase = NETWORK.node("CATALASE").basal
    assert catalase["aga"] > catalase["healthy"]


@pytest.mark.parametrize(
    ("given", "growth", "catagen", "release", "androgen"),
    [("VESICLE_WNT", 1, 0, 1, 0), ("VESICLE_UPTAKE", 1, -1, 1, 0), ("VESICLE_MIR122", 1, -1, 1, 0),
     ("DHT_BLOCK", 1, -1, 1, -1), ("AR_BLOCK", 1, -1, 1, -1), ("MINOXIDIL", 1, 0, 1, 0), ("STRESS", -1, 1, -1, 0),
     ("VESICLE_ENZYME", 0, 0, 0, 0)],
)  # fmt: skip
def test_each_input_moves_the_outputs_the_right_way(
    given: str, growth: int, catagen: int, release: int, androgen: int
) -> None:
    basal = basal_levels(NETWORK, "aga")[None]
    course = Course.from_levels(given, [0.0], np.array([[0.5]]))
    out = readouts(NETWORK, solve(NETWORK, basal, [course], np.array([0.0, 365.0])))
    moved = [values[0, 1] - values[0, 0] for values in (out.growth, out.catagen, out.release, out.androgen)]
    expected = (growth, catagen, release, androgen)
    slight = 0.004  # what slow loops through senescence may move
    assert [0 if abs(m) < slight else np.sign(m) for m in moved] == list(expected)


def test_outputs_at_rest_do_not_move() -> None:
    basal = np.tile(basal_levels(NETWORK, "aga"), (2, 1))
    rest = readouts(NETWORK, resting_state(NETWORK, basal))
    course = readouts(NETWORK, solve(NETWORK, basal, [], np.array([0.0, 7.0, 364.0])))
    for output in ("growth", "catagen", "release", "androgen", "attack"):
        assert np.array_equal(getattr(course, output), np.repeat(getattr(rest, output)[:, None], 3, axis=1))


def test_the_picture_shows_every_edge_with_a_weight() -> None:
    root = ET.fromstring(network_svg(NETWORK))
    spoken = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    weighted = [e.name for e in NETWORK.edges if e.weight > 0.0]
    assert [name for name in weighted if not any(text.startswith(f"{name} (") for text in spoken)] == []
    assert not any(text.startswith("MIR27B->") for text in spoken)
    assert any(line.startswith("AR->DKK1 ") for line in NETWORK.text().splitlines())


@pytest.mark.parametrize("condition", NETWORK.conditions)
def test_a_course_is_refused_where_it_does_not_fit(condition: str) -> None:
    basal = basal_levels(NETWORK, condition)[None]
    dose = Course.from_doses("MINOXIDIL", [0.0], 1.0, 1.0, 1.0, 1)
    with pytest.raises(ValueError, match="given twice"):
        solve(NETWORK, basal, [dose, dose], np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="2 patients"):
        solve(NETWORK, basal, [Course.from_doses("MINOXIDIL", [0.0], 1.0, 1.0, 1.0, 2)], np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="unknown input"):
        solve(NETWORK, basal, [Course.from_doses("COFFEE", [0.0], 1.0, 1.0, 1.0, 1)], np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="negative"):
        Course.from_doses("MINOXIDIL", [0.0], -1.0, 1.0, 1.0, 1)


def test_blocking_janus_kinases_calms_the_attack_in_alopecia_areata() -> None:
    basal = basal_levels(NETWORK, "alopecia_areata")[None]
    course = Course.from_levels("JAK_BLOCK", [0.0], np.array([[0.8]]))
    attack = readouts(NETWORK, solve(NETWORK, basal, [course], np.array([0.0, 365.0]))).attack[0]
    assert attack[1] < 0.1 * attack[0]
    healthy = readouts(NETWORK, resting_state(NETWORK, basal_levels(NETWORK, "healthy"))).attack
    assert float(healthy) < 0.01 * attack[0]
