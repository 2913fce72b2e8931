"""Release and comparability of a product, as users hold them: table, headline, plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from anagen.core.plain import plain
from anagen.core.result import TableResult
from anagen.core.shown import Shown, cells_of
from anagen.exosomes.release import LISTS, VERDICTS, Certificate, Comparability

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class ReleaseResult(TableResult):
    """A batch against the specification.

    Attributes
    ----------
    certificate : Certificate
        Every item with result, limit and verdict, and the verdict in all.
    """

    certificate: Certificate

    _what: ClassVar[str] = "Release of a batch"

    @property
    def table(self) -> pd.DataFrame:
        """One row per item of the specification: verdict, result, limit, method, the public lists that ask for it."""
        import pandas as pd

        return pd.DataFrame(self.document()["items"])

    def headline(self) -> str:
        """The verdict in all.

        Returns
        -------
        str
            One line.
        """
        return f"{self.certificate.product.title}: {self.certificate.verdict()}"

    def _shown(self) -> Shown:
        order = {"fails": 0, "not shown": 1}
        table = self.table.sort_values("verdict", key=lambda verdict: verdict.map(order).fillna(2), kind="stable")
        cells = cells_of(table, {name: name for name in ("item", "verdict", "found", "limit")})
        return Shown(self._what, "", self.headline(), *cells, "What does not pass stands first.", self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen product release --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        certificate = self.certificate
        return {
            "ok": True,
            "product": certificate.product.name,
            "title": certificate.product.title,
            "file": None if certificate.file is None else plain(asdict(certificate.file)),
            "batch": certificate.batch,
            "date": certificate.date,
            "use": certificate.use,
            "released": certificate.released,
            "verdict": certificate.verdict(),
            "counts": {verdict: len(certificate.named(verdict)) for verdict in VERDICTS},
            "questions": list(certificate.questions),
            "loosened": {entry.item.name: entry.loosened for entry in certificate.loosened},
            "notes": list(certificate.notes),
            "lists": dict(LISTS),
            "items": [
                {
                    "group": entry.item.group,
                    "item": entry.item.name,
                    "asks": entry.item.asks,
                    "verdict": entry.verdict,
                    "found": entry.found,
                    "limit": entry.limit,
                    "method": entry.method,
                    "note": entry.note,
                    **{name: name in entry.item.lists for name in LISTS},
                }
                for entry in certificate.judged
            ],
        }


@dataclass(frozen=True, repr=False)
class ComparabilityResult(TableResult):
    """Two products, batches or processes compared.

    Attributes
    ----------
    comparability : Comparability
        Two one-sided tests of potency and of particles.
    first : str
        The first file, with the name of its product.
    second : str
        The second file, with the name of its product.
    """

    comparability: Comparability
    first: str
    second: str

    _what: ClassVar[str] = "Comparability of two products"

    @property
    def table(self) -> pd.DataFrame:
        """One row per quantity: ratio, 90 % confidence interval, margin, p, answer."""
        import pandas as pd

        return pd.DataFrame(self.document()["found"])

    def headline(self) -> str:
        """Whether the two are comparable.

        Returns
        -------
        str
            One line.
        """
        answers = "; ".join(f"{entry.quantity} {entry.answer}" for entry in self.comparability.found)
        shown = "comparable" if self.comparability.comparable else "not shown to be comparable"
        return f"{self.first} and {self.second} are {shown}: {answers}"

    def document(self) -> dict[str, Any]:
        """What `anagen product compare --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        found = self.comparability
        return {
            "ok": True,
            "first": found.first.name,
            "second": found.second.name,
            "first_file": self.first,
            "second_file": self.second,
            "comparable": found.comparable,
            "found": [asdict(entry) for entry in found.found],
        }
