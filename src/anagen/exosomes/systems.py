"""Production systems: from a flask to a bioreactor, and raw materials that are bought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.registry import Registry

ML_PER_L = 1000.0


@dataclass(frozen=True, slots=True)
class Vessel:
    """A size in which a system can be bought.

    Attributes
    ----------
    name : str
        As product files name it.
    ratio : float
        Size over that of the vessel that the parameters of the system are of.
    """

    name: str
    ratio: float

    @property
    def holds(self) -> float | None:
        """Volume [mL] that it takes where its size is one in litres; None for layers, areas and cartridges."""
        number, _, unit = self.name.partition(" ")
        return float(number) * ML_PER_L if unit == "L" else None


@dataclass(frozen=True, slots=True)
class ProductionSystem:
    """One way to obtain crude vesicles; its numbers are the parameters manufacture.<name>_... and facility.<name>_...

    Attributes
    ----------
    name : str
        Name in product files and stem of its parameters.
    title : str
        Name in words.
    grown : bool, default True
        Whether cells are grown in it.
    vessels : tuple[Vessel, ...], default one
        Sizes that are sold, or lots that are worked up at once; among them that of the parameters (ratio 1).
    """

    name: str
    title: str
    grown: bool = True
    vessels: tuple[Vessel, ...] = (Vessel("1 run", 1.0),)

    @property
    def usual(self) -> Vessel:
        """The vessel that the parameters are of."""
        return next(vessel for vessel in self.vessels if vessel.ratio == 1.0)

    def number(self, what: str, values: Mapping[str, float]) -> float:
        """A parameter of the system: titre, volume, harvests, days, cost and, where cells are grown, cells."""
        return values[f"manufacture.{self.name}_{what}"]

    def crude_particles(self, values: Mapping[str, float]) -> float:
        """Particles in all harvests of one run: titre x volume x harvests."""
        return self.number("titre", values) * self.crude_volume(values)

    def crude_volume(self, values: Mapping[str, float]) -> float:
        """Volume of all harvests of one run [mL]."""
        return self.number("volume", values) * self.number("harvests", values)


def _sizes(*ratios: tuple[str, float]) -> tuple[Vessel, ...]:
    return tuple(Vessel(name, ratio) for name, ratio in ratios)


# Sizes are those of the vessels on the market, from memory; a maker's own volume can be given in the product file.
PRODUCTION_SYSTEMS: Registry[ProductionSystem] = Registry(
    "production system",
    {
        entry.name: entry
        for entry in (
            ProductionSystem("flask", "flat flasks", vessels=_sizes(("20 flasks", 1.0), ("100 flasks", 5.0))),
            ProductionSystem(
                "cell_factory",
                "multilayer cell factory",
                vessels=_sizes(("2 layers", 0.2), ("10 layers", 1.0), ("40 layers", 4.0)),
            ),
            ProductionSystem(
                "hollow_fibre_quantum", "hollow-fibre bioreactor, 2.1 m2", vessels=_sizes(("2.1 m2", 1.0))
            ),
            ProductionSystem(
                "hollow_fibre_serum_free",
                "hollow-fibre cartridge, serum-free, daily harvest",
                vessels=_sizes(("20 mL", 1.0), ("70 mL", 3.5)),
            ),
            ProductionSystem(
                "spinner",
                "microcarriers in a spinner",
                vessels=_sizes(("0.1 L", 1.0), ("0.5 L", 5.0), ("3 L", 30.0)),
            ),
            ProductionSystem(
                "vertical_wheel",
                "microcarriers in a vertical-wheel bioreactor",
                vessels=_sizes(("0.1 L", 1.0), ("0.5 L", 5.0), ("3 L", 30.0), ("15 L", 150.0), ("80 L", 800.0)),
            ),
            ProductionSystem(
                "fixed_bed",
                "fixed-bed bioreactor",
                vessels=_sizes(("2.4 m2", 1.0), ("30 m2", 12.5), ("200 m2", 83.3), ("600 m2", 250.0)),
            ),
            ProductionSystem(
                "platelet_concentrate",
                "platelet concentrate, activated",
                grown=False,
                vessels=_sizes(("1 unit", 1.0)),
            ),
            ProductionSystem(
                "plant_juice",
                "pressed plant juice",
                grown=False,
                vessels=_sizes(("5 L", 1.0), ("50 L", 10.0), ("500 L", 100.0)),
            ),
            ProductionSystem(
                "milk",
                "skimmed bovine milk",
                grown=False,
                vessels=_sizes(("10 L", 1.0), ("100 L", 10.0), ("1000 L", 100.0)),
            ),
        )
    },
)
"""Production systems by the name that product files use."""
