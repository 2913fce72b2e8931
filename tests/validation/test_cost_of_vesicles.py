"""The cost of vesicles beside the one public decision tool, Ng 2019 (doi:10.1002/bit.26809, PMC6322973).

Only its abstract and the legend of a figure could be read, not its tables, so no cost of its own case stands here; the
comparison is of the order of drivers (grade C). Read was: it chooses among technologies of expansion and of harvest;
with published protocols labour and consumables of harvest are key cost drivers; larger, faster and automated harvest is
needed. So only culture and harvest are compared, with devices of the size that laboratories have.
"""

from __future__ import annotations

from functools import cache

import pytest

from anagen.exosomes import ISOLATION_METHODS, PRODUCTION_SYSTEMS, load_product, product_parameters
from anagen.exosomes.stages import make_batch
from anagen.parameters import load_parameters


@cache
def harvest_share(method: str, system: str, pooled: int) -> float:
    """Share of harvest in the cost of culture and harvest, bone-marrow cells, central values."""
    product = load_product("bm-msc")
    preparation = product.preparation.model_copy(update={"isolation": (method,)})
    product = product.model_copy(update={"preparation": preparation})
    chosen = PRODUCTION_SYSTEMS[system]
    values = product_parameters(product, load_parameters("prior")).draw(1, 0)
    values[f"facility.{ISOLATION_METHODS[method].key}_scale"] = 1.0
    batch = make_batch(product, chosen, values, chosen.usual, pooled)
    cost = {group: sum(stage.cost for stage in batch.stages if stage.group == group) for group in
            ("upstream", "downstream")}  # fmt: skip
    return cost["downstream"] / sum(cost.values())


@pytest.mark.parametrize("pooled", [1, 10, 48])
@pytest.mark.parametrize("system", ["flask", "cell_factory"])
@pytest.mark.parametrize("method", ["ultracentrifugation", "precipitation"])
def test_harvest_is_a_key_driver_with_laboratory_methods(method: str, system: str, pooled: int) -> None:
    assert harvest_share(method, system, pooled) > 1.0 / 3.0


@pytest.mark.parametrize("system", ["flask", "cell_factory"])
def test_a_method_of_higher_throughput_takes_the_harvest_out_of_the_key_drivers(system: str) -> None:
    assert harvest_share("tangential-flow", system, 10) < 0.25 * harvest_share("ultracentrifugation", system, 10)
