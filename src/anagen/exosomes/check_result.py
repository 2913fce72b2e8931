"""The check of a product, as users hold it: table, headline, plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.result import TableResult
from anagen.core.shown import Shown, cells_of
from anagen.exosomes.characterisation import STATUSES, Checked, ProductCheck

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class CheckResult(TableResult):
    """What guidelines and arithmetic say of a product.

    Attributes
    ----------
    checked : ProductCheck
        Checklist, purity, miRNA routes, label, storage, potent dose.
    """

    checked: ProductCheck

    _what: ClassVar[str] = "Check of a product"

    @property
    def table(self) -> pd.DataFrame:
        """One row per item of the MISEV2023 checklist: status, what the file says, why it matters."""
        import pandas as pd

        return pd.DataFrame(self.document()["checklist"])

    def headline(self) -> str:
        """How many items are met, and how many particles of a dose are potent.

        Returns
        -------
        str
            One line.
        """
        counts = ", ".join(f"{self.checked.count(status)} {status}" for status in STATUSES[:3])
        potent = self.checked.potent.potent
        return (
            f"{self.checked.product.title}: checklist {counts}; "
            f"potent particles per dose {potent.central:.2g} ({potent.low:.2g} to {potent.high:.2g})"
        )

    def _shown(self) -> Shown:
        order = {"failed": 0, "missing": 1}
        table = self.table.sort_values("status", key=lambda status: status.map(order).fillna(2), kind="stable")
        cells = cells_of(table, {"name": "item", "status": "status", "found": "found"})
        return Shown(self._what, "", self.headline(), *cells, "What is not met stands first.", self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen product check --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "ok": True,
            "product": self.checked.product.model_dump(mode="json"),
            "checklist": [_checked(entry) for entry in self.checked.checklist],
            "further": [_checked(entry) for entry in self.checked.further],
            "questions": list(self.checked.questions),
            "first_steps": list(self.checked.first_steps),
            "counts": {status: self.checked.count(status) for status in STATUSES},
            "purity": asdict(self.checked.purity),
            "mirna_routes": [asdict(route) for route in self.checked.routes],
            "label": [asdict(finding) for finding in self.checked.label],
            "subpopulations": [asdict(entry) for entry in self.checked.sizes],
            "cargo": dict(self.checked.cargo),
            "silent_cargo": list(self.checked.silent),
            "empty_inputs": dict(self.checked.empty),
            "storage": [{"history": name, **asdict(spread)} for name, spread in self.checked.storage],
            "potent_dose": asdict(self.checked.potent),
        }


def _checked(entry: Checked) -> dict[str, Any]:
    return {
        "name": entry.item.name,
        "section": entry.item.section,
        "asks": entry.item.asks,
        "status": entry.status,
        "found": entry.finding,
        "why": entry.item.why,
    }
