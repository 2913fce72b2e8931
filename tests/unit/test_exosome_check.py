"""The check of a product: stoichiometry gate, checklist, purity, label, potent particles and what is not known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.exosomes import (
    Product,
    check_product,
    library,
    load_product,
    make_product,
    parse_product,
    potent_dose,
    potent_share,
)
from anagen.exosomes.characterisation import CHECKLIST, STATUSES
from anagen.exosomes.characterisation.checklist import run_checklist
from anagen.exosomes.characterisation.first_steps import STEPS
from anagen.exosomes.characterisation.label import check_label, vesicle_volume
from anagen.exosomes.potency import product_parameters
from anagen.exosomes.purity import purity_class
from anagen.exosomes.stoichiometry import copies_delivered, route_open, vesicles_needed, vesicles_per_papilla_cell
from anagen.parameters import load_parameters
from anagen.parameters.parameter import Z_90 as Z

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
NATIVE = load_product("adsc-native")
SHARE = st.floats(0.0, 1.0)
COUNT = st.floats(0.0, 1e9)


def edited(product: Product, **tables: dict[str, object]) -> Product:
    """The product with fields of its tables replaced."""
    return product.model_copy(
        update={name: getattr(product, name).model_copy(update=fields) for name, fields in tables.items()}
    )


def status(product: Product, item: str) -> str:
    return next(entry.status for entry in run_checklist(product) if entry.item.name == item)


@given(escape=SHARE, copies=COUNT, vesicles=COUNT, factor=st.floats(0.0, 10.0))
def test_copies_delivered_are_a_product(escape: float, copies: float, vesicles: float, factor: float) -> None:
    delivered = copies_delivered(escape, copies, vesicles)
    assert delivered == pytest.approx(escape * copies * vesicles)
    assert copies_delivered(escape, copies * factor, vesicles) == pytest.approx(delivered * factor)


@given(escape=st.floats(1e-5, 1.0), copies=st.floats(1e-6, 1e3))
def test_the_gate_opens_at_the_number_of_vesicles_that_is_told(escape: float, copies: float) -> None:
    needed = vesicles_needed(escape, copies, VALUES)
    assert route_open(copies_delivered(escape, copies, needed * 1.001), VALUES)
    assert not route_open(copies_delivered(escape, copies, needed * 0.999), VALUES)


def test_the_gate_is_a_hundred_copies() -> None:
    assert route_open(100.0, VALUES) and not route_open(99.9, VALUES)
    assert vesicles_needed(0.001, 0.0, VALUES) == math.inf
    for wrong in ((1.1, 1.0, 1.0), (0.5, -1.0, 1.0), (0.5, 1.0, -1.0)):
        with pytest.raises(ValueError, match="escape"):
            copies_delivered(*wrong)


def test_native_and_loaded_routes_are_off_at_the_doses_in_use() -> None:
    """About one vesicle reaches each papilla cell; no loading of a hundred copies makes up for that."""
    assert vesicles_per_papilla_cell(1e10, VALUES) == pytest.approx(5e8 * 4e-6 / 1200.0)
    for name in ("adsc-native", "adsc-mir-122-5p", "uc-msc", "dermal-papilla"):
        (route,) = check_product(load_product(name), PARAMETERS, draws=40).routes
        assert route.verdict == "off"
        assert route.vesicles_needed > 100.0 * route.vesicles_per_cell.central


def test_a_route_can_open_and_be_undecided() -> None:
    loaded = load_product("adsc-mir-122-5p")
    assert loaded.engineering is not None and loaded.engineering.copies is not None
    verdicts: list[str] = []
    for factor in (1.0, 1e4, 1e9):
        copies = loaded.engineering.copies
        scaled = copies.model_copy(update={key: getattr(copies, key) * factor for key in ("value", "low", "high")})
        product = edited(loaded, engineering={"copies": scaled})
        verdicts.append(check_product(product, PARAMETERS, draws=60).routes[0].verdict)
    assert verdicts == ["off", "not decided", "open"]


def test_loaded_copies_replace_the_native_ones() -> None:
    native, loaded = (check_product(load_product(n), PARAMETERS, draws=20) for n in ("adsc-native", "adsc-mir-122-5p"))
    assert (native.routes[0].basis, loaded.routes[0].basis) == ("prior", "assumed")
    assert native.routes[0].copies_per_vesicle.central < 1.0 < loaded.routes[0].copies_per_vesicle.central


@pytest.mark.parametrize(
    ("ratio", "kind"),
    [
        (3.1e10, "high purity"),
        (2.9e10, "low purity"),
        (1.5e9, "low purity"),
        (1.4e9, "impure"),
        (None, "unknown purity"),
    ],
)
def test_purity_classes_follow_webber_and_clayton(ratio: float | None, kind: str) -> None:
    assert purity_class(ratio) == kind


@pytest.mark.parametrize(
    ("item", "tables", "expected"),
    [
        ("name", {"characterisation": {"claims": "exosome"}}, "failed"),
        ("source", {"preparation": {"passage": None}}, "missing"),
        ("foreign vesicles", {"preparation": {"depleted": False}}, "failed"),
        ("foreign vesicles", {"preparation": {"depleted": None}}, "missing"),
        ("cells at harvest", {"preparation": {"viability": 70.0}}, "failed"),
        ("cells at harvest", {"preparation": {"viability": None}}, "missing"),
        ("separation", {"preparation": {"isolation": ()}}, "missing"),
        ("separation", {"characterisation": {"methods_reported": None}}, "missing"),
        ("count", {"particles": {"counting": "dls"}}, "failed"),
        ("count", {"particles": {"counting": "not-told"}}, "missing"),
        ("size", {"particles": {"diameter_sd": None}}, "missing"),
        ("particle:protein", {"particles": {"particle_to_protein": None}}, "missing"),
        ("second method", {"particles": {"second_method": "flow"}}, "met"),
        ("second method", {"particles": {"second_method": "nta"}}, "failed"),
        ("single vesicles", {"characterisation": {"imaging": ()}}, "missing"),
        ("controls of the count", {"characterisation": {"detergent_control": False}}, "failed"),
        ("topology", {"characterisation": {"topology": True}}, "met"),
    ],
)
def test_checklist_items_answer_to_the_file(item: str, tables: dict[str, dict[str, object]], expected: str) -> None:
    assert status(edited(NATIVE, **tables), item) == expected
    others = {entry.item.name: entry.status for entry in run_checklist(NATIVE)}
    assert others[item] != expected, "the native product must not give the same answer for another reason"


@pytest.mark.parametrize(
    ("marker", "result", "item", "expected"),
    [
        ("CD63", "absent", "membrane marker", "failed"),
        ("CD63", "not-tested", "membrane marker", "missing"),
        ("TSG101", "absent", "cytosolic marker", "failed"),
        ("albumin", "present", "co-isolated protein", "failed"),
        ("albumin", "not-tested", "co-isolated protein", "missing"),
        ("calnexin", "present", "other compartments", "failed"),
    ],
)
def test_positive_markers_have_to_be_there_and_negative_ones_not(
    marker: str, result: str, item: str, expected: str
) -> None:
    markers = tuple(m.model_copy(update={"result": result}) if m.name == marker else m for m in NATIVE.marker)
    assert status(NATIVE, item) == "met"
    assert status(NATIVE.model_copy(update={"marker": markers}), item) == expected


def test_an_exosome_may_be_called_so_where_its_origin_was_shown() -> None:
    assert status(edited(NATIVE, characterisation={"claims": "exosome", "endosomal_origin": True}), "name") == "met"
    assert status(edited(NATIVE, characterisation={"claims": "exosome", "endosomal_origin": False}), "name") == "failed"


def test_functional_items_need_an_assay() -> None:
    mesenchymal = load_product("bm-msc")
    assert status(NATIVE, "dose response") == "missing"
    assert status(mesenchymal, "dose response") == "met"
    assert status(mesenchymal, "controls of function") == "failed"


def test_every_item_tells_what_it_asks_and_why() -> None:
    assert len({item.name for item in CHECKLIST}) == len(CHECKLIST) >= 20
    assert all(len(item.asks) > 15 and len(item.why) > 15 for item in CHECKLIST)
    assert all(item.section.startswith("MISEV2023 ") for item in CHECKLIST)


def test_volume_of_a_log_normal_vesicle() -> None:
    drawn = np.random.default_rng(1).lognormal(
        math.log(100.0) - 0.5 * math.log1p(0.16), math.sqrt(math.log1p(0.16)), 10**6
    )
    assert vesicle_volume(100.0, 40.0) == pytest.approx(float(np.mean(math.pi / 6.0 * drawn**3)) * 1e-21, rel=0.02)


def test_a_label_that_cannot_be_true_is_told() -> None:
    assert all(finding.plausible for finding in check_label(NATIVE, VALUES))
    sides = {finding.name: finding.side for finding in check_label(NATIVE, VALUES)}
    assert [name for name, side in sides.items() if side == "at least"] == ["protein over mass of a vesicle"]
    for finding in check_label(NATIVE, VALUES):
        kept = finding.value >= finding.limit if finding.side == "at least" else finding.value <= finding.limit * 1.0001
        assert kept == finding.plausible
    particles = NATIVE.particles
    dense = edited(NATIVE, particles={"concentration": particles.concentration.model_copy(update={"value": 1e14})})
    assert not check_label(dense, VALUES)[0].plausible
    assert particles.particle_to_protein is not None
    bare = edited(
        NATIVE, particles={"particle_to_protein": particles.particle_to_protein.model_copy(update={"value": 1e12})}
    )
    assert [f.name for f in check_label(bare, VALUES) if not f.plausible] == ["protein over mass of a vesicle"]
    huge = NATIVE.model_copy(update={"dose": NATIVE.dose.model_copy(update={"value": 1e15})})
    assert {f.name for f in check_label(huge, VALUES) if not f.plausible} == {"cells per dose", "volume of the dose"}


def test_the_potent_dose_is_the_product_of_its_factors() -> None:
    dose = potent_dose(NATIVE, PARAMETERS, draws=60)
    assert dose.potent.central == pytest.approx(math.prod(factor.spread.central for factor in dose.factors))
    assert sum(factor.variance_share for factor in dose.factors) == pytest.approx(1.0)
    assert dose.potent.low < dose.potent.central < dose.potent.high
    assert dose == potent_dose(NATIVE, PARAMETERS, draws=60)


@given(particles=st.floats(0.0, 1e13))
def test_the_potent_dose_is_proportional_to_the_dose(particles: float) -> None:
    one = potent_dose(NATIVE, PARAMETERS, particles=1.0, draws=20).potent
    many = potent_dose(NATIVE, PARAMETERS, particles=particles, draws=20).potent
    assert many.central == pytest.approx(one.central * particles)
    assert many.high == pytest.approx(one.high * particles)


def test_inactivated_vesicles_are_no_dose() -> None:
    dead = load_product("adsc-inactivated")
    assert potent_dose(dead, PARAMETERS, draws=20).potent == type(potent_dose(dead, PARAMETERS, draws=20).potent)(
        0, 0, 0
    )
    assert potent_share(dead, product_parameters(dead, PARAMETERS).draw(1, 3)) == 0.0


def test_the_batch_factor_has_the_variation_of_the_file() -> None:
    factor = NATIVE.parameters()["adsc-native.batch_factor"]
    sigma = math.log(factor.high / factor.low) / (2.0 * Z)
    assert math.sqrt(math.expm1(sigma**2)) == pytest.approx(0.4)


def test_the_numbers_of_a_product_change_no_draw_of_the_model() -> None:
    drawn, alone = product_parameters(NATIVE, PARAMETERS).draw(9, 4), PARAMETERS.draw(9, 4)
    assert all(drawn[name] == alone[name] for name in drawn if name in alone)


def test_what_is_missing_is_told_as_unknown() -> None:
    unknown = " ".join(potent_dose(load_product("plant"), PARAMETERS, draws=20).unknown)
    for words in ("potency: no assay", "purity", "batches", "function of what is left", "controlled evidence in hair"):
        assert words in unknown
    wet = edited(NATIVE, batch={"seen_in": 4}).model_copy(update={"storage": ()})
    unknown = " ".join(potent_dose(wet, PARAMETERS, draws=20).unknown)
    assert "used fresh" in unknown and "batches" not in unknown


@pytest.mark.parametrize("name", library().names())
def test_every_product_of_the_library_loads_checks_and_makes(name: str) -> None:
    product = load_product(name)
    assert product.name == name and product.unknown
    found = check_product(product, PARAMETERS, draws=20)
    assert sum(found.count(status) for status in STATUSES) == len(CHECKLIST)
    assert not found.questions
    making = make_product(product, 100, PARAMETERS, draws=20)
    # the label of the placental product is denser than its one step makes it
    assert making.possible == (name != "placenta")
    assert all(math.isfinite(spread.high) for spread, _ in making.figures.values())
    expected = set(product.source.markers) | set(product.source.contaminants) | {"TSG101", "ALIX", "calnexin"}
    assert {marker.name for marker in product.marker} <= expected


def test_the_library_holds_every_source() -> None:
    products = [load_product(name) for name in library()]
    assert len({product.source_cell for product in products}) == 9
    assert sum(product.engineering is not None for product in products) == 1
    assert all(product.dose.source and product.particles.concentration.source for product in products)


def test_cargo_is_told_with_what_it_means() -> None:
    """What the old table [cargo] holds is told as entries: what reaches a papilla cell, and why it does nothing."""
    vegf = '[cargo]\nvegf = { value = "12 ng/mL", basis = "measured", source = "a test", grade = "C" }\n[[storage]]'
    product = parse_product(library()["adsc-native"].read_text().replace("[[storage]]", vegf, 1))
    cargo = dict(check_product(product, PARAMETERS, draws=20).cargo)
    assert cargo["VEGF"].startswith("12 ng/mL (measured)") and "not delivery" in cargo["VEGF"]
    assert cargo["catalase"].startswith("not measured")


def test_growth_factors_are_no_cargo_of_the_library() -> None:
    """What was seen is that vesicles make papilla cells secrete them."""
    assert all(load_product(name).cargo == () for name in library())


@pytest.mark.parametrize("name", library())
def test_at_most_three_steps_come_first_and_the_widest_factor_is_among_them(name: str) -> None:
    found = check_product(load_product(name), PARAMETERS, draws=50)
    widest = max(found.potent.factors, key=lambda factor: factor.variance_share)
    assert 1 <= len(found.first_steps) <= 3
    assert any(STEPS[widest.name](found.product) in step for step in found.first_steps)
    failed = [entry for entry in (*found.checklist, *found.further) if entry.status == "failed"]
    assert any(step.startswith("mend ") for step in found.first_steps) == bool(failed)


def test_what_is_not_known_is_said_once() -> None:
    from release_products import CORD

    from anagen.exosomes import parse_product
    from anagen.exosomes.potency import what_is_not_known

    for product in (parse_product(CORD), *map(load_product, library())):
        gaps = [gap.lower() for gap in what_is_not_known(product)]
        assert len(set(gaps)) == len(gaps)
        assert sum(gap.startswith("dose response in people") for gap in gaps) == 1


def test_loaded_copies_that_were_counted_are_no_gap() -> None:
    from anagen.exosomes.potency import what_is_not_known

    assumed = load_product("adsc-mir-122-5p")
    assert assumed.engineering is not None and assumed.engineering.copies is not None
    counted = edited(
        assumed, engineering={"copies": assumed.engineering.copies.model_copy(update={"basis": "measured"})}
    )
    gap = "miR-122-5p: copies per vesicle were not counted"
    assert [gap in what_is_not_known(product) for product in (NATIVE, assumed, counted)] == [True, True, False]


def test_the_note_on_a_label_says_what_the_verdict_says() -> None:
    for name in library():
        product = load_product(name)
        for finding in check_product(product, PARAMETERS, draws=20).label:
            contrary = ("less protein than", "more than a clear", "a dose takes")
            assert finding.note.startswith(contrary) <= (not finding.plausible)
