"""What it takes to make a product, as users hold it: table, headline, plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.digits import significant
from anagen.core.result import TableResult
from anagen.core.shown import Shown
from anagen.core.words import counted
from anagen.exosomes.manufacture import Making

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class MakingResult(TableResult):
    """What it takes to make a number of doses.

    Attributes
    ----------
    making : Making
        Stages, figures with ranges, bottleneck.
    """

    making: Making

    _what: ClassVar[str] = "Making of a product"

    @property
    def table(self) -> pd.DataFrame:
        """One row per figure: central value, 5 to 95 %, unit."""
        import pandas as pd

        figures = self.document()["figures"]
        return pd.DataFrame([{"figure": name, **values} for name, values in figures.items()])

    def headline(self) -> str:
        """Doses, bottleneck and largest cost.

        Returns
        -------
        str
            One line.
        """
        making = self.making
        possible = "" if making.possible else "; it cannot be made so, in this time and with this capital"
        if making.possible and making.questions:
            possible = f"; {making.answer}"
        return (
            f"{counted(making.doses, 'dose')} of {making.product.title}: slowest stage {making.bottleneck}, "
            f"largest loss {making.largest_loss}, dearest {making.largest_cost}{possible}"
        )

    def _shown(self) -> Shown:
        rows = tuple(
            (
                name,
                f"{significant(spread.central)} ({significant(spread.low)} to {significant(spread.high)})",
                "" if unit == "1" else unit,
            )
            for name, (spread, unit) in self.making.figures.items()
        )
        header, note = ("figure", "central (5 to 95 %)", "unit"), "Prices and sizes are assumptions; read the range."
        return Shown(self._what, "", self.headline(), header, rows, note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen product make --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        making, plant = self.making, self.making.plant
        return {
            "ok": True,
            "product": making.product.name,
            "doses": making.doses,
            "possible": making.possible,
            "answer": making.answer,
            "questions": making.questions,
            "flags": making.flags,
            "limits": {"weeks": making.horizon, "capital": making.capital_limit, "kept_in": making.kept_limits},
            "plant": {
                "system": plant.system.name,
                "vessel": plant.vessel.name,
                "pooled": plant.pooled,
                "lines": plant.lines,
            },
            "stages": [asdict(stage) for stage in making.stages],
            "figures": {name: {**asdict(spread), "unit": unit} for name, (spread, unit) in making.figures.items()},
            "cost_shares": dict(making.cost_shares),
            "labour_share": making.labour_share,
            "cost_drivers": [asdict(driver) for driver in making.drivers],
            "own_numbers": [
                {
                    "name": value.name,
                    "unit": value.unit,
                    "default": value.default,
                    "own": value.own.value,
                    "source": value.own.source,
                }
                for value in making.own
            ],
            "alternatives": [asdict(row) for row in making.alternatives],
            "bottleneck": making.bottleneck,
            "largest_loss": making.largest_loss,
            "largest_cost": making.largest_cost,
            "doses_per_batch": {name: asdict(spread) for name, spread in making.doses_per_batch.items()},
        }
