"""Isolation trains multiply, storage loses what was published, and a dose that nobody can make is told."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.exosomes import (
    ISOLATION_METHODS,
    PRODUCTION_SYSTEMS,
    SOURCE_CELLS,
    Product,
    load_product,
    make_product,
    product_parameters,
    remaining_after,
    run_train,
)
from anagen.exosomes.followed import extrapolated
from anagen.exosomes.manufacture import make_batch
from anagen.exosomes.storage import BUFFERS, REFERENCE_HISTORIES, StorageStep
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
METHODS = st.lists(st.sampled_from(ISOLATION_METHODS.names()), max_size=5)
STEPS = st.builds(
    StorageStep,
    temperature=st.floats(-80.0, 40.0),
    days=st.floats(0.0, 200.0),
    buffer=st.sampled_from(list(BUFFERS)),
    tube=st.sampled_from(["polypropylene", "low-binding", "glass"]),
    freeze_thaws=st.integers(0, 10),
    lyophilised=st.booleans(),
)


@given(first=METHODS, second=METHODS, index=st.integers(0, 20))
def test_yields_and_carry_overs_multiply_along_a_train(first: list[str], second: list[str], index: int) -> None:
    values = PARAMETERS.draw(3, index)
    whole = run_train([*first, *second], "cells", values)
    one, two = run_train(first, "cells", values), run_train(second, "cells", values)
    assert whole.yield_share == pytest.approx(one.yield_share * two.yield_share, rel=1e-12)
    assert whole.carry_over == pytest.approx(one.carry_over * two.carry_over, rel=1e-12)
    assert whole.purity_gain == pytest.approx(one.purity_gain * two.purity_gain, rel=1e-12)
    assert 0.0 < whole.yield_share <= 1.0
    assert whole.particles_per_ug <= 1.0 / values["isolation.vesicle_protein"]


def test_yields_are_those_of_the_tabulated_review() -> None:
    ranges = {
        "ultracentrifugation": (0.05, 0.2),
        "density-gradient": (0.1, 0.4),
        "size-exclusion": (0.4, 0.8),
        "precipitation": (0.9, 1.0),
        "immunoaffinity": (0.9, 1.0),
        "microfluidic": (0.4, 0.9),
    }
    for name, (low, high) in ranges.items():
        parameter = PARAMETERS[f"isolation.{ISOLATION_METHODS[name].key}_yield"]
        assert (parameter.low, parameter.high) == (low, high)
    assert run_train(["ultrafiltration", "size-exclusion"], "cells", VALUES).yield_share == pytest.approx(0.3 * 0.57)


def test_purity_is_ordered_as_the_review_orders_it() -> None:
    """High: gradient, size exclusion; moderate: ultrafiltration; low: precipitation."""
    ratio = {name: run_train([name], "cells", VALUES).particles_per_ug for name in ISOLATION_METHODS}
    assert ratio["density-gradient"] > ratio["ultrafiltration"] > ratio["precipitation"]
    assert ratio["size-exclusion"] > ratio["ultracentrifugation"] > ratio["precipitation"]


@pytest.mark.parametrize(
    ("history", "left", "within"),
    [
        ("fresh", 1.0, 1e-9),
        ("48 h at 4 C, PBS, polypropylene", 0.49, 1e-9),
        ("48 h at 4 C, PBS, low-binding tube", 0.805, 1e-9),
        ("28 days at -80 C, PBS", 0.7, 0.005),
        ("three freeze-thaws", 0.85**3, 1e-9),
        ("lyophilised with trehalose", 0.87, 1e-9),
    ],
)
def test_storage_losses_are_those_published(history: str, left: float, within: float) -> None:
    assert remaining_after(REFERENCE_HISTORIES[history], VALUES) == pytest.approx(left, abs=within)


def test_the_published_interval_of_the_loss_in_polypropylene_is_kept() -> None:
    """51 +- 3 % whatever the other storage parameters are drawn to."""
    lost = sorted(1.0 - remaining_after([StorageStep(4.0, 2.0)], PARAMETERS.draw(5, i)) for i in range(1, 400))
    assert lost[20] == pytest.approx(0.48, abs=0.01)
    assert lost[-20] == pytest.approx(0.54, abs=0.01)


def test_two_thirds_of_the_loss_in_polypropylene_is_the_wall() -> None:
    plain = 1.0 - remaining_after([StorageStep(4.0, 2.0)], VALUES)
    blocked = 1.0 - remaining_after([StorageStep(4.0, 2.0, tube="low-binding")], VALUES)
    assert (plain - blocked) / plain == pytest.approx(2.0 / 3.0, abs=0.06)
    assert remaining_after([StorageStep(4.0, 2.0, buffer="matrix")], VALUES) == pytest.approx(0.85)


@settings(max_examples=60)
@given(step=STEPS, share=st.floats(0.05, 0.95))
def test_a_stay_told_in_two_parts_is_the_same_stay(step: StorageStep, share: float) -> None:
    parts = [
        replace(step, days=step.days * share),
        replace(step, days=step.days * (1.0 - share), freeze_thaws=0),
    ]
    assert remaining_after(parts, VALUES) == pytest.approx(remaining_after([step], VALUES), rel=1e-9)


@settings(max_examples=60)
@given(history=st.lists(STEPS, max_size=4), index=st.integers(0, 30), more=st.floats(0.0, 30.0))
def test_what_is_left_is_a_share_and_never_grows(history: list[StorageStep], index: int, more: float) -> None:
    values = PARAMETERS.draw(2, index)
    left = remaining_after(history, values)
    assert 0.0 <= left <= 1.0
    if history:
        longer = [*history[:-1], replace(history[-1], days=history[-1].days + more)]
        assert remaining_after(longer, values) <= left + 1e-12
        thawed = [*history[:-1], replace(history[-1], freeze_thaws=history[-1].freeze_thaws + 1)]
        assert remaining_after(thawed, values) <= left + 1e-12


def test_different_stays_multiply_and_drying_is_counted_once() -> None:
    frozen, fridge = StorageStep(-80.0, 28.0), StorageStep(4.0, 2.0, tube="low-binding")
    both = remaining_after([frozen, fridge], VALUES)
    assert both == pytest.approx(remaining_after([frozen], VALUES) * remaining_after([fridge], VALUES))
    dry = StorageStep(5.0, 365.0, buffer="pbs-trehalose", lyophilised=True)
    warm = replace(dry, temperature=25.0)
    parts = (0.9, 1.0 - VALUES["storage.dry_loss_year"], remaining_after([warm], VALUES) / 0.9)
    assert remaining_after([dry, warm], VALUES) == pytest.approx(math.prod(parts))


def test_cold_keeps_better_and_long_liquid_storage_is_marked() -> None:
    lefts = [remaining_after([StorageStep(t, 28.0)], VALUES) for t in (-80.0, -20.0, 4.0, 20.0)]
    assert lefts == sorted(lefts, reverse=True)
    followed = [StorageStep(-80.0, 28.0), StorageStep(4.0, 2.0), StorageStep(5.0, 730.0, lyophilised=True)]
    assert extrapolated([StorageStep(4.0, 28.0)]) and not extrapolated(followed)


@pytest.mark.parametrize("system", PRODUCTION_SYSTEMS.names())
def test_a_batch_closes_its_balance(system: str) -> None:
    source = next(name for name, entry in SOURCE_CELLS.items() if system in entry.systems)
    product = changed(load_product("adsc-native"), source_cell=source)
    values = product_parameters(product, PARAMETERS).draw(1, 0)
    batch = make_batch(product, PRODUCTION_SYSTEMS[system], values)
    kept = math.prod(stage.kept for stage in batch.stages)
    assert batch.doses == pytest.approx(batch.crude_particles * kept / values["adsc-native.dose"], rel=1e-12)
    assert batch.filled_particles < batch.crude_particles


def test_published_titres_are_the_ones_used() -> None:
    titres = {"hollow_fibre_quantum": 1.04e10, "hollow_fibre_serum_free": 5.5e10, "spinner": 1e11}
    assert {name: VALUES[f"manufacture.{name}_titre"] for name in titres} == titres
    wheel = PRODUCTION_SYSTEMS["vertical_wheel"].crude_particles(VALUES)
    assert 2.8e11 <= wheel <= 4.1e11


def test_an_impossible_dose_is_told() -> None:
    product = changed(load_product("adsc-native"), dose=1e19)
    making = make_product(product, 10, PARAMETERS, draws=20)
    assert not making.possible
    assert sum(flag.startswith("impossible") for flag in making.flags) == 2, (
        "no batch is that large, no vial that dense"
    )
    assert all(spread.central < 1.0 for spread in making.doses_per_batch.values())


def test_a_dose_larger_than_a_run_is_pooled_and_the_systems_that_make_it_in_one_are_named() -> None:
    making = make_product(load_product("placenta"), 10, PARAMETERS, draws=20)
    # its one step leaves it too thin for the vial on its label
    assert not making.possible and any("a step is missing" in flag for flag in making.flags)
    assert any("less than a dose per run" in flag and "hollow-fibre" in flag for flag in making.flags)
    assert making.plant.pooled * making.plant.vessel.ratio > 1.0
    assert making.figures["released doses per batch"][0].central >= 1.0


@pytest.mark.parametrize("doses", [1, 37, 1000])
def test_enough_batches_are_started_and_the_cost_has_a_range(doses: int) -> None:
    making = make_product(load_product("adsc-native"), doses, PARAMETERS, draws=40)
    batches, per_batch = (making.figures[n][0].central for n in ("batches started", "released doses per batch"))
    assert (batches - 1) * per_batch < doses <= batches * per_batch
    cost = making.figures["cost per dose"][0]
    assert 0.0 < cost.low < cost.central < cost.high
    stages = {stage.name for stage in making.stages}
    assert {making.bottleneck, making.largest_loss, making.largest_cost} <= stages
    assert making.bottleneck != "release tests", "waiting for a sterility test holds nobody up"


def test_the_slowest_stage_is_the_one_of_most_days_in_the_table() -> None:
    making = make_product(load_product("adsc-native"), 1000, PARAMETERS, draws=20)
    shown = {stage.name: stage.elapsed for stage in making.stages if not stage.waiting}
    on_one_device = {stage.name: stage.days for stage in making.stages if not stage.waiting}
    assert max(shown, key=shown.__getitem__) == making.bottleneck
    assert max(on_one_device, key=on_one_device.__getitem__) != making.bottleneck, "devices side by side are faster"


def test_loading_costs_particles() -> None:
    native, loaded = (
        make_product(load_product(n), 10, PARAMETERS, draws=20) for n in ("adsc-native", "adsc-mir-122-5p")
    )
    ratio = loaded.doses_per_batch["flask"].central / native.doses_per_batch["flask"].central
    assert ratio == pytest.approx(0.5)


def test_a_titre_that_no_cell_gives_is_doubted() -> None:
    product = load_product("adsc-native")
    product = product.model_copy(update={"preparation": product.preparation.model_copy(update={"system": "spinner"})})
    assert any("particles per cell and day" in flag for flag in make_product(product, 1, PARAMETERS, draws=20).flags)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one dose"):
        make_product(load_product("milk"), 0, PARAMETERS)
    with pytest.raises(ValueError, match="20 draws"):
        make_product(load_product("milk"), 1, PARAMETERS, draws=1)


def changed(product: Product, *, dose: float | None = None, source_cell: str | None = None) -> Product:
    """The product with another dose or source."""
    update: dict[str, object] = {}
    if dose is not None:
        update["dose"] = product.dose.model_copy(update={"value": dose})
    if source_cell is not None:
        update["source_cell"] = source_cell
    return product.model_copy(update=update)
