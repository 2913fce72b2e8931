"""A plant is found within time and money, the maker's own numbers win, and what moves the cost is told."""

from __future__ import annotations

from typing import Any

import pytest

from anagen.core.errors import InputError
from anagen.exosomes import Making, Product, library, load_product, make_product, parse_product
from anagen.exosomes.plant import Plant, find_plant, run_campaign
from anagen.exosomes.potency import potent_share, product_parameters
from anagen.exosomes.stages import chosen_vessel, culture_of, make_batch
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
NATIVE = load_product("adsc-native")
TEXT = library()["adsc-native"].read_text(encoding="utf-8")
OWN_WHEEL = """
[process]
vessel = "15 L"
volume = "12 L"
titre = {value = "5e9 particles/mL", low = "4e9 particles/mL", high = "6e9 particles/mL", source = "twelve runs"}
cells = 1.2e10
run_cost = 9000
"""


def with_process(process: str, system: str = "cell_factory") -> Product:
    """The native product with a process of one's own."""
    return parse_product(TEXT.replace('system = "cell_factory"', f'system = "{system}"') + process)


def central(product: Product) -> dict[str, float]:
    """Central values of a product."""
    return product_parameters(product, PARAMETERS).draw(1, 0)


def makes(product: Product, doses: int, **options: Any) -> Making:
    """What it takes, with few draws."""
    return make_product(product, doses, PARAMETERS, draws=20, **options)


@pytest.mark.parametrize("name", ["vertical_wheel", "fixed_bed", "cell_factory", "spinner"])
def test_a_larger_vessel_of_the_usual_size_is_the_usual_vessel_and_doubling_it_scales_as_told(name: str) -> None:
    system, values = PRODUCTION_SYSTEMS[name], central(NATIVE)
    usual, largest = system.usual, system.vessels[-1]
    small, large = (culture_of(NATIVE, system, vessel, values) for vessel in (usual, largest))
    assert small.volume == values[f"manufacture.{name}_volume"]
    assert large.volume / small.volume == pytest.approx(largest.ratio)
    assert large.cells / small.cells == pytest.approx(largest.ratio)
    assert large.cost / small.cost == pytest.approx(largest.ratio ** values["facility.cost_exponent"])
    assert large.capital / small.capital == pytest.approx(largest.ratio ** values["facility.capital_exponent"])
    assert large.titre < small.titre, "the central assumption is a small loss on scale-up"


def test_pooled_runs_share_their_release_tests() -> None:
    system, values = PRODUCTION_SYSTEMS["cell_factory"], central(NATIVE)
    one, four = (make_batch(NATIVE, system, values, system.usual, pooled) for pooled in (1, 4))
    assert four.doses == pytest.approx(4.0 * one.doses)
    assert four.crude_particles == pytest.approx(4.0 * one.crude_particles)
    tests = [[stage.cost for stage in batch.stages if stage.group == "quality"] for batch in (one, four)]
    assert tests[0] == tests[1] and four.cost < 4.0 * one.cost


def test_devices_keep_up_with_the_vessels() -> None:
    system, values = PRODUCTION_SYSTEMS["vertical_wheel"], central(NATIVE)
    batch = make_batch(NATIVE, system, values, system.vessels[-1], 16)
    slow = [stage for stage in batch.stages if not stage.waiting and stage.elapsed > batch.occupied + 1e-9]
    assert not slow and max(stage.devices for stage in batch.stages) > 1


def test_ten_million_doses_say_what_plant_they_need() -> None:
    making = makes(NATIVE, 10_000_000)
    assert making.plant.lines > 1 and making.plant.pooled > 1
    assert making.figures["time to the last dose"][0].central <= making.horizon
    assert making.figures["people"][0].central > 50
    assert not making.possible and any(flag.startswith("too dear") for flag in making.flags)
    way_out = makes(NATIVE, 10_000_000, capital=1e8)
    assert any(flag.startswith("within the limits") and "spinner" in flag for flag in way_out.flags)
    assert makes(NATIVE, 10_000_000, capital=1e10).possible


def test_time_is_a_limit_too() -> None:
    assert makes(NATIVE, 1000).possible
    hurried = makes(NATIVE, 1000, weeks=4.0)
    assert not hurried.possible and hurried.kept_limits == 0.0
    assert any(flag.startswith("too late") for flag in hurried.flags), "a cell bank alone takes longer"


def test_more_lines_are_faster_and_dearer() -> None:
    system, values = PRODUCTION_SYSTEMS["cell_factory"], central(NATIVE)
    one, three = (run_campaign(NATIVE, Plant(system, system.usual, 4, lines), 10_000, values) for lines in (1, 3))
    assert three.batches == one.batches and three.cost == one.cost
    assert three.weeks < one.weeks and three.capital == pytest.approx(3.0 * one.capital)


def test_the_plant_that_is_found_costs_no_more_than_its_neighbours() -> None:
    values, system = central(NATIVE), PRODUCTION_SYSTEMS["cell_factory"]
    _, found = find_plant(NATIVE, system, 1000, values)
    for vessel in system.vessels:
        plant, campaign = find_plant(NATIVE, system, 1000, values, vessel)
        single = run_campaign(NATIVE, Plant(system, vessel, 1, plant.lines), 1000, values)
        assert found.cost <= 1.05 * campaign.cost and campaign.cost <= 1.05 * single.cost


def test_platelet_units_are_pooled() -> None:
    platelet = load_product("platelet")
    assert makes(platelet, 5000).plant.pooled > 1


def test_own_numbers_stand_in_place_of_the_defaults_and_beside_them() -> None:
    product = with_process(OWN_WHEEL, "vertical_wheel")
    making = makes(product, 1000)
    shown = {value.name: (value.default, value.own.value) for value in making.own}
    assert shown["manufacture.vertical_wheel_titre"] == (3.3e9, 5e9)
    assert shown["manufacture.vertical_wheel_volume"] == (100.0, 12_000.0)
    assert making.plant.vessel.name == "15 L"
    values, system = central(product), PRODUCTION_SYSTEMS["vertical_wheel"]
    own = chosen_vessel(product, system, values)
    assert own is not None
    culture = culture_of(product, system, own, values)
    assert (culture.titre, culture.cells, culture.cost) == (5e9, 1.2e10, 9000.0), (
        "numbers of this vessel are not scaled"
    )
    assert culture.volume == pytest.approx(12_000.0)


def test_own_prices_tests_and_yields_move_the_cost() -> None:
    told = """
[process]
overhead = 1.0
stability_cost = 0.0
step = {size-exclusion = {yield_share = 0.9}}
test = [{name = "sterility", cost = 500, days = "7 days"}, {name = "potency", cost = 700, days = "10 days"}]
"""
    values = central(with_process(told))
    assert values["manufacture.release_cost"] == 1200.0 and values["manufacture.release_days"] == 10.0
    assert values["isolation.size_exclusion_yield"] == 0.9
    own, default = makes(with_process(told), 1000), makes(NATIVE, 1000)
    assert own.figures["cost per dose"][0].central < 0.7 * default.figures["cost per dose"][0].central


def test_few_people_take_longer() -> None:
    lines = "\n[process]\npooled = 48\nlines = 1\n"
    free, two = (makes(with_process(lines + staff), 100_000) for staff in ("", "staff = 2\n"))
    weeks = [making.figures["time to the last dose"][0].central for making in (free, two)]
    assert weeks[1] > weeks[0]


def test_the_passage_of_the_file_sets_what_a_donor_gives() -> None:
    early, late = (parse_product(TEXT.replace("passage = 4", f"passage = {p}")) for p in (3, 9))
    banks = [makes(product, 300_000).figures["cell banks"][0].central for product in (early, late)]
    assert banks[0] > banks[1]
    assert any("activity falls beyond passage 4" in flag for flag in makes(late, 10).flags)
    assert not any("activity falls" in flag for flag in makes(early, 10).flags)


def test_a_dry_product_is_dried() -> None:
    dry = parse_product(TEXT + 'lyophilised = true\nbuffer = "pbs-trehalose"\n')
    stage = next(stage for stage in makes(dry, 1000).stages if stage.name == "freeze-drying")
    assert stage.cost > 0.0 and stage.days > 0.0 and stage.capital > 0.0
    assert all(stage.name != "freeze-drying" for stage in makes(NATIVE, 1000).stages)


def test_bank_stability_and_release_cost_what_they_cost() -> None:
    making = makes(NATIVE, 1000)
    assert sum(making.cost_shares.values()) == pytest.approx(1.0)
    assert making.cost_shares["cell bank and stability programme"] > 0.1
    whole, batches = (making.figures[n][0].central for n in ("cost per dose", "cost per dose, batches only"))
    assert (whole - batches) / whole == pytest.approx(making.cost_shares["cell bank and stability programme"])


def test_drivers_are_ordered_and_are_what_the_campaign_gives() -> None:
    making, values = makes(NATIVE, 1000), central(NATIVE)
    spans = [driver.span for driver in making.drivers]
    assert spans == sorted(spans, reverse=True) and len(spans) > 10
    driver = making.drivers[0]
    again = run_campaign(NATIVE, making.plant, 1000, {**values, driver.name: driver.high}).cost / 1000
    assert driver.cost_at_high == pytest.approx(again, rel=1e-12)


@pytest.mark.parametrize(
    ("process", "words"),
    [
        ('vessel = "15 L"', "no size of multilayer cell factory"),
        ("run_cost = 9000", "say which: vessel"),
        ("step = {tangential-flow = {yield_share = 0.9}}", "is not a step of this product"),
        ("step = {size-exclusion = {yield_share = 1.9}}", "share of the particles"),
        ("fail_share = 1.0", "below 1"),
        ('titre = "5e9 particles/mg"', "titre"),
        ('release_cost = 5\ntest = [{name = "a", cost = 1, days = "1 day"}]', "keep one"),
        ("vessels = 3", "vessels"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(process: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        with_process(f"\n[process]\n{process}\n")


def test_priming_acts_on_titre_and_potency_where_nobody_measured_them() -> None:
    primed = parse_product(TEXT.replace("passage = 4", 'passage = 4\npriming = "hypoxia"'))
    values, system = central(NATIVE), PRODUCTION_SYSTEMS["cell_factory"]
    ratio = make_batch(primed, system, values).doses / make_batch(NATIVE, system, values).doses
    assert ratio == pytest.approx(values["facility.priming_hypoxia_titre"])
    drawn = {**values, "vesicle.priming_hypoxia_potency": 2.0}
    assert potent_share(primed, drawn) == pytest.approx(2.0 * potent_share(NATIVE, drawn))
    with pytest.raises(InputError, match="not grown"):
        parse_product(
            library()["milk"].read_text(encoding="utf-8").replace("[preparation]", '[preparation]\npriming = "hypoxia"')
        )
