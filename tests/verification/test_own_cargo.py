"""Cargo that a product names acts through the input that it names, behind its gate, and nothing else acts with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.delivery import KINETICS, ROUTES, Prescription, sessions
from anagen.exosomes import Product, library, load_product, parse_product, product_parameters
from anagen.exosomes.carried import carried_by, copies_per_vesicle, inputs_of, wnt_share
from anagen.exosomes.listening import cargo_warnings, empty_inputs
from anagen.parameters import load_parameters
from anagen.signalling import arm_response
from anagen.signalling.listening import added_inputs, listening
from anagen.signalling.network import Network, load_network, read_network
from anagen.signalling.players import players_of
from anagen.study import Study
from anagen.study.cargo_rules import cargo_warnings_of
from anagen.therapies import THERAPIES
from small_studies import EXOSOME, SALINE, small_study

NATIVE = load_product("adsc-native")
TEXT = library()["adsc-native"].read_text(encoding="utf-8").replace('name = "adsc-native"', 'name = "mine"', 1)
LOADED = """
[engineering]
method = "electroporation"
uptake = { value = 10.0, basis = "measured", source = "flow cytometry", grade = "C" }
"""
MIR = LOADED.replace(
    "uptake",
    'loaded = "hsa-miR-218-5p"\nacts_through = "VESICLE_MIR218"\n'
    'copies = { value = 5e6, basis = "measured", source = "digital PCR", grade = "B" }\nuptake',
)
EDGES = """
[node.SFRP2]
title = "secreted frizzled-related protein 2"
tau = 1.0
basal = 0.4
source = "Hu 2020, doi:10.1126/sciadv.aba1685"
grade = "C"

[input.VESICLE_MIR218]
title = "miR-218-5p copies released by vesicles"

[[edge]]
from = "VESICLE_MIR218"
to = "SFRP2"
sign = "-"
weight = 0.7
gate = "and"
source = "Hu 2020, doi:10.1126/sciadv.aba1685"
grade = "C"
system = "mouse and in vitro"

[[edge]]
from = "SFRP2"
to = "WNT"
sign = "-"
weight = 0.5
n = 2
ec50 = 0.5
gate = "and"
source = "Hu 2020, doi:10.1126/sciadv.aba1685"
grade = "C"
system = "in vitro"
"""
DOSES = sessions(start=0.0, every=2.0, number=1, amount=4.0e10)


def product_of(extra: str, source_cell: str = "adsc") -> Product:
    text = TEXT.replace("[[storage]]", f"{extra}\n[[storage]]", 1)
    if source_cell != "adsc":
        text = text.replace('source_cell = "adsc"', f'source_cell = "{source_cell}"').replace(
            'system = "cell_factory"\n', ""
        )
    return parse_product(text, "mine.toml")


def values_of(product: Product) -> Mapping[str, float]:
    values = dict(load_parameters("prior").draw(1, 0))
    for entry in (NATIVE, product):
        values |= product_parameters(entry, load_parameters("prior")).draw(1, 0)
    return values


def given(product: Product) -> Prescription:
    return Prescription(THERAPIES["exosome"], ROUTES["intradermal"], DOSES, product=product, reference=NATIVE)


def tables(product: Product, network: Network, *others: Product) -> list[bytes]:
    values = {**values_of(product), **{key: value for other in others for key, value in values_of(other).items()}}
    arm = [given(entry) for entry in (product, *others)]
    response = arm_response(arm, values, condition="aga", end=14.0, network=network)
    return [table.tobytes() for player in response.tables for table in player]


def wnt(copies: float) -> str:
    return f'[cargo]\nsurface_wnt = {{ value = {copies}, basis = "measured", source = "a test", grade = "B" }}'


# what acts


def test_a_loaded_mirna_acts_through_its_own_edge_and_without_it_is_not_there() -> None:
    """To the bit: the same file without the miRNA does what this one does without the edge."""
    network = read_network(EDGES, "mine.toml", load_network())
    loaded, bare = product_of(MIR), product_of(LOADED)
    assert players_of([given(loaded)])[1].occupies[-1].input == "VESICLE_MIR218"
    assert tables(loaded, network) != tables(bare, network)
    assert tables(loaded, network.without("VESICLE_MIR218->SFRP2")) == tables(bare, network)
    assert tables(loaded, load_network()) == tables(bare, load_network()), "no such input in the shipped network"


def test_copies_below_the_gate_do_nothing() -> None:
    network = read_network(EDGES, "mine.toml", load_network())
    few = product_of(MIR.replace("5e6", "5.0"))
    assert tables(few, network) == tables(product_of(LOADED), network)


def test_two_products_in_one_arm_bring_the_cargo_of_each() -> None:
    network = read_network(EDGES, "mine.toml", load_network())
    loaded = product_of(MIR)
    other = loaded.model_copy(update={"name": "other", "engineering": None})
    assert tables(loaded, network, other) == tables(other, network, loaded)
    assert tables(loaded, network, other) != tables(other, network)


@pytest.mark.parametrize(
    ("entry", "exposure"),
    [
        ('kind = "ligand"\ncopies = { value = 20.0, basis = "measured", source = "x", grade = "B" }', "surface"),
        ('kind = "enzyme"\nactivity = { value = "5 U/mg", basis = "measured", source = "x", grade = "B" }', "activity"),
        ('kind = "lncrna"\ncopies = { value = 2e7, basis = "measured", source = "x", grade = "B" }', "inside"),
    ],
)
def test_cargo_of_every_kind_arrives_in_its_own_measure(entry: str, exposure: str) -> None:
    """Hand arithmetic: vesicles per cell times what one carries; what works inside is behind the gate."""
    product = product_of(f'[[cargo]]\nname = "own"\nsource = "a test"\nacts_through = "VESICLE_OWN"\n{entry}')
    values, fine = values_of(product), np.arange(0.0, 14.0, 0.125)
    courses = KINETICS["vesicles"].exposure(given(product), np.ones(1), fine, values).courses
    per_cell = values["vesicle.papilla_volume"] / values["vesicle.papilla_cells"] * values["vesicle.capture"]
    per_cell /= values["vesicle.treated_area"] * values["vesicle.skin_depth"]
    protein = 1e-3 / values["mine.particle_to_protein"] / (values["vesicle.cell_protein"] * 1e-3)
    factor = {"surface": 20.0, "activity": 5.0 * protein, "inside": 2e7 * values["vesicle.escape"]}[exposure]
    seen = courses[f"{exposure}:VESICLE_OWN"]
    assert seen.max() > 0.0
    at = seen > 0.0
    assert seen[at] == pytest.approx((courses["depot"] * per_cell * factor)[at], rel=1e-12)


def test_a_mass_in_the_vial_is_molecules_per_vesicle() -> None:
    """1 ng/mL of 50 kDa on 1e9 particles/mL: 1e-9 g / 5e4 g/mol x 6.022e23 / 1e9 = 12.04."""
    entry = '[[cargo]]\nname = "VEGF"\nkind = "ligand"\nsource = "x"\nmolar_mass = "50 kDa"\n'
    entry += 'concentration = { value = "1 ng/mL", basis = "measured", source = "x", grade = "B" }'
    product = product_of(entry)
    values = {**values_of(product), "mine.concentration": 1e9}
    assert copies_per_vesicle(product, carried_by(product)[-1], values) == pytest.approx(12.04428, rel=1e-6)


# Wnt on the surface, and sources


def test_surface_wnt_is_a_dose_response_through_nothing_and_the_reference() -> None:
    """Continuous at 0, today's effect at the copies of the reference, rising and saturating in between and above."""
    network = load_network()
    values = values_of(NATIVE)
    reference = values["vesicle.wnt_copies_reference"]

    def reached(copies: float | None) -> float:
        product = product_of("" if copies is None else wnt(copies))
        response = arm_response([given(product)], values_of(product), condition="aga", end=14.0, network=network)
        return float(response.tables[1][1][1].max())

    none, tiny, half, same, much = (reached(factor * reference) for factor in (0.0, 1e-9, 0.5, 1.0, 1e4))
    assert tiny == pytest.approx(none, rel=1e-6)
    assert none < half < same < much
    assert reached(1e5 * reference) == pytest.approx(much, rel=1e-2), "it saturates"
    assert same == reached(None)


def test_plants_milk_and_platelets_bear_no_wnt_unless_it_was_measured() -> None:
    for name, share in (("plant", 0.0), ("milk", 0.0), ("platelet", 0.0), ("uc-msc", 1.0), ("dermal-papilla", 1.0)):
        product = load_product(name)
        assert wnt_share(product, NATIVE, {}) == share
        assert ("VESICLE_WNT" in inputs_of(product)) == bool(share)
        assert "VESICLE_UPTAKE" in inputs_of(product)
    rose = product_of(wnt(2.0), "plant")
    assert wnt_share(rose, NATIVE, values_of(rose)) == 2.0
    assert empty_inputs(load_product("plant"), listening())["VESICLE_WNT"].startswith("plants have no Wnt gene")


def test_a_plant_does_what_it_would_do_without_the_edge_of_wnt() -> None:
    plant = product_of("", "plant")
    assert tables(plant, load_network()) == tables(plant, load_network().without("VESICLE_WNT->WNT"))
    assert tables(product_of(""), load_network()) != tables(plant, load_network())


# what is told


def test_cargo_that_nothing_listens_to_is_told_with_why() -> None:
    edges = listening()
    bare = product_of(MIR.replace('acts_through = "VESICLE_MIR218"\n', ""))
    assert any('acts_through = "VESICLE_MIR218"' in line for line in cargo_warnings(bare, edges))
    named = product_of(MIR)
    assert any("the network has no input VESICLE_MIR218" in line for line in cargo_warnings(named, edges))
    network = read_network(EDGES, "mine.toml", load_network())
    assert added_inputs(network) == ("VESICLE_MIR218",)
    assert not any("218" in line for line in cargo_warnings(named, listening(network)))
    silenced = listening(network.without("VESICLE_MIR218->SFRP2"))
    assert any("no edge of positive weight leaves VESICLE_MIR218" in line for line in cargo_warnings(named, silenced))
    table = '[cargo]\nvegf = { value = "5 ng/mL", basis = "measured", source = "x", grade = "B" }'
    assert "counted twice" in cargo_warnings(product_of(table), edges)[0]


def test_a_study_tells_inputs_of_its_network_that_nothing_occupies() -> None:
    data = small_study({"exosome": [EXOSOME], "saline": [SALINE]}).to_dict()
    data["mechanism"] = {"network": {"file": "mine.toml", "text": EDGES}}
    (told,) = cargo_warnings_of(Study.from_dict(data))
    assert "occupies the input VESICLE_MIR218" in told
    use = next(use for arm in data["arms"] for use in arm["therapies"] if use["therapy"] == "exosome")
    loaded = TEXT.replace("[[storage]]", f"{MIR}\n[[storage]]", 1)
    use["product"], use["product_file"] = "mine.toml", {"file": "mine.toml", "text": loaded}
    assert cargo_warnings_of(Study.from_dict(data)) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("hsa-miR-218-5p", "hsa-miR-218-5p", None),
        ('"VESICLE_MIR218"', '"VESICLE_UPTAKE"', "what the vesicles themselves do"),
        ('"VESICLE_MIR218"', '"WOUND"', "input of a network that vesicles occupy"),
        ('"VESICLE_MIR218"', '"mir218"', "input of a network that vesicles occupy"),
    ],
)
def test_what_cannot_be_an_input_is_told(old: str, new: str, words: str | None) -> None:
    if words is None:
        engineering = product_of(MIR.replace(old, new)).engineering
        assert engineering is not None and engineering.loaded == "miR-218-5p"
        return
    with pytest.raises(InputError, match=words):
        product_of(MIR.replace(old, new))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('kind = "enzyme"\ncopies = { value = 1.0, basis = "measured", source = "x", grade = "B" }', "is how much"),
        ('kind = "lipid"\nactivity = { value = "5 U/mg", basis = "measured", source = "x", grade = "B" }', "an enzyme"),
        (
            'kind = "protein"\nconcentration = { value = "5 ng/mL", basis = "measured", source = "x", grade = "B" }',
            "molar_mass",
        ),
        ('kind = "proteins"', "not one of the allowed"),
    ],
)
def test_an_entry_that_cannot_be_is_told(entry: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        product_of(f'[[cargo]]\nname = "own"\nsource = "a test"\n{entry}')
    assert (caught.value.problems[0].field or "").startswith("cargo[0]")


def test_a_mirna_of_another_species_is_told_and_ours_is_read() -> None:
    ours = TEXT.replace('name = "miR-122-5p"', 'name = "hsa-miR-122-5p"')
    assert parse_product(ours).mirna[0].name == "miR-122-5p"
    with pytest.raises(InputError, match="another species") as caught:
        parse_product(TEXT.replace('name = "miR-122-5p"', 'name = "mmu-miR-122-5p"'))
    assert caught.value.problems[0].suggestion == "miR-122-5p"


def test_a_sweep_over_doses_keeps_products_apart() -> None:
    """A way of the same substance that carries nothing of its own still names the inputs of the other."""
    loaded = product_of(MIR)
    plain = replace(given(NATIVE), product=None, reference=None)
    player = players_of([given(loaded), plain])[-1]
    assert len(player.ways) == 2
    assert {tuple(entry.input for entry in way.occupies) for way in player.ways} == {
        ("VESICLE_UPTAKE", "VESICLE_WNT", "VESICLE_MIR122", "VESICLE_MIR218")
    }
