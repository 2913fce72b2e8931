"""A vesicle product as users hold it: checked, and costed."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from anagen.core.numbers import MOST_DOSES, whole
from anagen.core.plain import plain
from anagen.core.result import TableResult
from anagen.exosomes.characterisation import ProductCheck, check_product
from anagen.exosomes.loader import load_product
from anagen.exosomes.manufacture import Making, make_product
from anagen.exosomes.product import Product
from anagen.parameters import Source, load_parameters

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

    @property
    def table(self) -> pd.DataFrame:
        """One row per item of the MISEV checklist: status, what the file says, why it matters."""
        import pandas as pd

        return pd.DataFrame(self.document()["checklist"])

    def headline(self) -> str:
        """How many items are met, and how many particles of a dose are potent.

        Returns
        -------
        str
            One line.
        """
        counts = ", ".join(f"{self.checked.count(status)} {status}" for status in ("met", "missing", "failed"))
        potent = self.checked.potent.potent
        return (
            f"{self.checked.product.title}: checklist {counts}; "
            f"potent particles per dose {potent.central:.2g} ({potent.low:.2g} to {potent.high:.2g})"
        )

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
            "checklist": [
                {
                    "name": entry.item.name,
                    "section": entry.item.section,
                    "asks": entry.item.asks,
                    "status": entry.status,
                    "found": entry.finding,
                    "why": entry.item.why,
                }
                for entry in self.checked.checklist
            ],
            "counts": {status: self.checked.count(status) for status in ("met", "missing", "failed")},
            "purity": asdict(self.checked.purity),
            "mirna_routes": [asdict(route) for route in self.checked.routes],
            "label": [asdict(finding) for finding in self.checked.label],
            "cargo": dict(self.checked.cargo),
            "storage": [{"history": name, **asdict(spread)} for name, spread in self.checked.storage],
            "potent_dose": asdict(self.checked.potent),
        }


@dataclass(frozen=True, repr=False)
class MakingResult(TableResult):
    """What it takes to make a number of doses.

    Attributes
    ----------
    making : Making
        Stages, figures with ranges, bottleneck.
    """

    making: Making

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
        possible = "" if making.possible else "; it cannot be made by a listed process"
        return (
            f"{making.doses} doses of {making.product.title}: slowest stage {making.bottleneck}, "
            f"largest loss {making.largest_loss}, dearest {making.largest_cost}{possible}"
        )

    def document(self) -> dict[str, Any]:
        """What `anagen product make --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "ok": True,
            "product": self.making.product.name,
            "doses": self.making.doses,
            "possible": self.making.possible,
            "flags": self.making.flags,
            "stages": [asdict(stage) for stage in self.making.stages],
            "figures": {name: {**asdict(spread), "unit": unit} for name, (spread, unit) in self.making.figures.items()},
            "bottleneck": self.making.bottleneck,
            "largest_loss": self.making.largest_loss,
            "largest_cost": self.making.largest_cost,
            "doses_per_batch": {name: asdict(spread) for name, spread in self.making.doses_per_batch.items()},
        }


@dataclass(frozen=True, repr=False)
class VesicleProduct(TableResult):
    """A vesicle product of the library or of a file.

    Attributes
    ----------
    product : Product
        What the file says.
    parameters : str, path or ParameterSource
        Where parameter values come from.
    """

    product: Product
    parameters: Source = "default"

    @property
    def table(self) -> pd.DataFrame:
        """One row per field of the product file."""
        import pandas as pd

        fields = plain(self.product.model_dump(mode="json"))
        return pd.DataFrame([{"field": name, "value": value} for name, value in fields.items()])

    def headline(self) -> str:
        """Title and name.

        Returns
        -------
        str
            One line.
        """
        return f"{self.product.title} ({self.product.name})"

    def document(self) -> dict[str, Any]:
        """What the product file says.

        Returns
        -------
        dict
            Plain values.
        """
        return plain(self.product.model_dump(mode="json"))

    def check(self) -> CheckResult:
        """Check the product against MISEV2023, MISEV2018 and arithmetic.

        Returns
        -------
        CheckResult
            Checklist, purity, miRNA routes, label, storage, potent dose.

        References
        ----------
        Welsh et al. 2024, MISEV2023, doi:10.1002/jev2.12404.
        """
        return CheckResult(check_product(self.product, load_parameters(self.parameters)))

    def make(self, doses: int = 1000) -> MakingResult:
        """What it takes to make a number of released doses.

        Parameters
        ----------
        doses : int
            Released doses that are wanted.

        Returns
        -------
        MakingResult
            Batches, cells, yields and cost with ranges, the bottleneck.
        """
        return MakingResult(
            make_product(self.product, whole("doses", doses, 1, MOST_DOSES), load_parameters(self.parameters))
        )


def product(product: str | os.PathLike[str], parameters: Source = "default") -> VesicleProduct:
    """A vesicle product.

    Parameters
    ----------
    product : str or path
        Name of a product of the library, or a product file.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.

    Returns
    -------
    VesicleProduct
        To be checked and costed.

    Raises
    ------
    InputError
        Where there is none, or its file is wrong.

    Examples
    --------
    >>> product("adsc-native").check().table["status"].isin(["met", "missing", "failed"]).all()
    np.True_
    """
    return VesicleProduct(load_product(os.fspath(product)), parameters)
