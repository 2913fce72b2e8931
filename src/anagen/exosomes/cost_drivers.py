"""What moves the cost of a dose: every uncertain number at its ends, the others at their centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.plant import Plant, run_campaign
from anagen.exosomes.potency import ROOMS
from anagen.exosomes.product import Product
from anagen.exosomes.source_cells import SOURCE_CELLS
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import ParameterSet
from anagen.parameters.parameter import Z_90

_WORDS = {
    "titre_per_decade": "titre kept in a ten times larger vessel",
    "cost_exponent": "consumables with size, exponent",
    "fail_share": "batches that are not released",
    "sample_share": "share used up by tests",
    "labour_cost": "a person and day",
    "culture_care": "person-days a day and vessel",
    "release_cost": "release tests of a batch",
    "quality_release_cost": "certification of a batch",
    "cell_bank_cost": "a cell bank",
    "stability_cost": "a batch on the stability programme",
    "seed_train_share": "consumables of the seed train, share",
    "fill_cost": "vial and filling of a dose",
    "fill_yield": "yield, filling",
}
SMALLEST = 1e-3
"""Change of the cost, relative, below which a number is left out."""


@dataclass(frozen=True, slots=True)
class CostDriver:
    """One number and the cost of a dose at its ends.

    Attributes
    ----------
    name : str
        Of the parameter.
    unit : str
        Of the parameter.
    low : float
        5 % point of the parameter.
    high : float
        95 % point.
    cost_at_low : float
        Cost of a dose there [USD].
    cost_at_high : float
        Cost of a dose there [USD].
    grade : str
        Evidence grade of the parameter.
    """

    name: str
    unit: str
    low: float
    high: float
    cost_at_low: float
    cost_at_high: float
    grade: str

    @property
    def title(self) -> str:
        """The parameter in words."""
        return words_of(self.name)

    @property
    def span(self) -> float:
        """How far the cost of a dose moves [USD]."""
        return abs(self.cost_at_high - self.cost_at_low)


def words_of(name: str) -> str:
    """A parameter of making in words.

    Examples
    --------
    >>> words_of("manufacture.cell_factory_titre")
    'titre, cell factory'
    >>> words_of("isolation.size_exclusion_yield")
    'yield, size-exclusion chromatography'
    """
    entry = name.partition(".")[2]
    if entry in _WORDS:
        return _WORDS[entry]
    titles = {name: name.replace("_", " ").replace("hollow fibre", "hollow-fibre") for name in PRODUCTION_SYSTEMS}
    titles |= {method.key: method.title for method in ISOLATION_METHODS.values()}
    titles |= {source.name.replace("-", "_"): source.title for source in SOURCE_CELLS.values()}
    for stem, title in titles.items():
        if entry.startswith(f"{stem}_"):
            return f"{entry.removeprefix(f'{stem}_').replace('_', ' ')}, {title}"
    return entry.replace("_", " ")


def cost_drivers(
    product: Product, plant: Plant, doses: int, parameters: ParameterSet, values: Mapping[str, float]
) -> tuple[CostDriver, ...]:
    """Numbers that move the cost of a dose, the largest first; the plant stays as it is.

    Parameters
    ----------
    product : Product
        Its own numbers are among those that move.
    plant : Plant
        Vessels and lines, which stay.
    doses : int
        Released doses, which stay too.
    parameters : ParameterSet
        `product_parameters(product, ...)`.
    values : Mapping[str, float]
        Their central values.

    Returns
    -------
    tuple[CostDriver, ...]
        Those that move it by a thousandth or more.
    """
    centre = run_campaign(product, plant, doses, values).cost / doses
    found: list[CostDriver] = []
    for name, parameter in parameters.items():
        # The dose is the label of the product and not a matter of making.
        if parameter.distribution == "fixed" or name == f"{product.name}.dose":
            continue
        if name.partition(".")[0] not in (*ROOMS, product.name):
            continue
        low, high = parameter.quantile(-Z_90), parameter.quantile(Z_90)
        at_low, at_high = (
            run_campaign(product, plant, doses, {**values, name: end}).cost / doses for end in (low, high)
        )
        driver = CostDriver(name, parameter.unit, low, high, at_low, at_high, parameter.grade)
        if max(abs(at_low - centre), abs(at_high - centre)) >= SMALLEST * centre:
            found.append(driver)
    return tuple(sorted(found, key=lambda driver: -driver.span))
