"""Production systems: from a flask to a bioreactor, and raw materials that are bought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.registry import Registry


@dataclass(frozen=True, slots=True)
class ProductionSystem:
    """One way to obtain crude vesicles; its numbers are the parameters manufacture.<name>_...

    Attributes
    ----------
    name : str
        Name in product files and stem of its parameters.
    title : str
        Name in words.
    grown : bool, default True
        Whether cells are grown in it.
    """

    name: str
    title: str
    grown: bool = True

    def number(self, what: str, values: Mapping[str, float]) -> float:
        """A parameter of the system: titre, volume, harvests, days, cost and, where cells are grown, cells."""
        return values[f"manufacture.{self.name}_{what}"]

    def crude_particles(self, values: Mapping[str, float]) -> float:
        """Particles in all harvests of one run: titre x volume x harvests."""
        return self.number("titre", values) * self.crude_volume(values)

    def crude_volume(self, values: Mapping[str, float]) -> float:
        """Volume of all harvests of one run [mL]."""
        return self.number("volume", values) * self.number("harvests", values)


PRODUCTION_SYSTEMS: Registry[ProductionSystem] = Registry(
    "production system",
    {
        entry.name: entry
        for entry in (
            ProductionSystem("flask", "flat flasks"),
            ProductionSystem("cell_factory", "multilayer cell factory"),
            ProductionSystem("hollow_fibre_quantum", "hollow-fibre bioreactor, 2.1 m2"),
            ProductionSystem("hollow_fibre_serum_free", "hollow-fibre cartridge, serum-free, daily harvest"),
            ProductionSystem("spinner", "microcarriers in a spinner"),
            ProductionSystem("vertical_wheel", "microcarriers in a vertical-wheel bioreactor"),
            ProductionSystem("platelet_concentrate", "platelet concentrate, activated", grown=False),
            ProductionSystem("plant_juice", "pressed plant juice", grown=False),
            ProductionSystem("milk", "skimmed bovine milk", grown=False),
        )
    },
)
"""Production systems by the name that product files use."""
