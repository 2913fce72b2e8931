"""How long a product keeps, as users hold it: table, headline, plain values."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.plain import plain
from anagen.core.result import TableResult
from anagen.core.shown import Shown, cells_of
from anagen.exosomes.shelf_life import Stability
from anagen.exosomes.stability import loss_rate
from anagen.exosomes.supported import MONTH_DAYS, ConditionShelfLife

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class StabilityResult(TableResult):
    """How long a product keeps.

    Attributes
    ----------
    stability : Stability
        Regressions, bounds, Arrhenius lines, the course of the priors, a verdict.
    """

    stability: Stability

    _what: ClassVar[str] = "Stability of a product"

    @property
    def table(self) -> pd.DataFrame:
        """One row per attribute and condition that was followed; empty where the product has no series."""
        import pandas as pd

        rows = [condition_row(entry) for entry in self.stability.conditions]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def headline(self) -> str:
        """The first line of the verdict, under the product's title.

        Returns
        -------
        str
            One line.
        """
        return f"{self.stability.product.title}: {self.stability.verdict[0]}"

    def _shown(self) -> Shown:
        told = ("attribute", "state", "temperature_c", "readings", "loss_per_month", "unit", "supported_days")
        cells = cells_of(self.table, {name: name.replace("_", " ") for name in told})
        note = " ".join(self.stability.verdict[1:])
        return Shown(self._what, "", self.headline(), *cells, note, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen product stability --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        stability = self.stability
        prior = stability.prior
        return plain({
            "ok": True,
            "product": stability.product.name,
            "conditions": [condition_row(entry) for entry in stability.conditions],
            "arrhenius": [
                {"state": state, "attribute": attribute, **asdict(line)}
                for state, attribute, line in stability.arrhenius
            ],
            "prior": {**asdict(prior), "followed_days": prior.followed},
            "verdict": list(stability.verdict),
        })  # fmt: skip


_COLUMNS = (
    "attribute", "state", "temperature_c", "readings", "batches", "pooled", "p_slopes", "p_intercepts",
    "loss_per_month", "residual", "limit", "unit", "last_day", "bound_meets_limit_day", "reached_days",
    "supported_days", "remarks",
)  # fmt: skip


def condition_row(entry: ConditionShelfLife) -> dict[str, Any]:
    """A condition as a row of a table; what a regression would tell is None where there is none.

    Parameters
    ----------
    entry : ConditionShelfLife
        The condition.

    Returns
    -------
    dict
        Column -> value; the loss a month is a share where the logarithm was regressed, else an amount.
    """
    line = entry.line
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {
        "attribute": entry.attribute,
        "state": entry.state,
        "temperature_c": entry.temperature,
        "readings": len(entry.readings),
        "batches": entry.batches,
        "limit": entry.limit,
        "unit": entry.unit,
        "last_day": max(reading.days for reading in entry.readings),
        "reached_days": entry.reached,
        "supported_days": entry.supported,
        "remarks": "; ".join(entry.remarks),
    }
    if line is not None:
        rate = loss_rate(line, entry.temperature).rate
        row |= {
            "pooled": line.pooled,
            "p_slopes": line.p_slopes,
            "p_intercepts": line.p_intercepts,
            "loss_per_month": -math.expm1(-rate * MONTH_DAYS) if line.scale == "log" else rate * MONTH_DAYS,
            "residual": line.residual,
            "bound_meets_limit_day": entry.crossing if math.isfinite(entry.crossing) else None,
        }
    return row
