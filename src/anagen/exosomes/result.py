"""A vesicle product as users hold it: checked, and costed."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast, get_args

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DOSES, whole
from anagen.core.plain import plain
from anagen.core.reading import nearest
from anagen.core.result import TableResult
from anagen.exosomes.characterisation import STATUSES, Checked, ProductCheck, check_product
from anagen.exosomes.loader import load_product
from anagen.exosomes.manufacture import Making, make_product
from anagen.exosomes.product import Product
from anagen.exosomes.release import (
    LISTS,
    VERDICTS,
    Certificate,
    Comparability,
    certificate_of,
    compare_products,
)
from anagen.exosomes.release.items import Use
from anagen.exosomes.shelf_life import shelf_life
from anagen.exosomes.stability import Scale
from anagen.exosomes.stability_result import StabilityResult
from anagen.parameters import Source, load_parameters

if TYPE_CHECKING:
    import pandas as pd

SCALES: tuple[str, ...] = get_args(Scale)


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
            "counts": {status: self.checked.count(status) for status in STATUSES},
            "purity": asdict(self.checked.purity),
            "mirna_routes": [asdict(route) for route in self.checked.routes],
            "label": [asdict(finding) for finding in self.checked.label],
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
        possible = "" if making.possible else "; it cannot be made so, in this time and with this capital"
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
        making, plant = self.making, self.making.plant
        return {
            "ok": True,
            "product": making.product.name,
            "doses": making.doses,
            "possible": making.possible,
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


@dataclass(frozen=True, repr=False)
class ReleaseResult(TableResult):
    """A batch against the specification.

    Attributes
    ----------
    certificate : Certificate
        Every item with result, limit and verdict, and the verdict in all.
    """

    certificate: Certificate

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
            "batch": certificate.batch,
            "use": certificate.use,
            "released": certificate.released,
            "verdict": certificate.verdict(),
            "counts": {verdict: len(certificate.named(verdict)) for verdict in VERDICTS},
            "questions": list(certificate.questions),
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
    """

    comparability: Comparability

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
        return f"{self.comparability.first.name} and {self.comparability.second.name} are {shown}: {answers}"

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
            "comparable": found.comparable,
            "found": [asdict(entry) for entry in found.found],
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

    def check(self, listening: Mapping[str, Collection[str]] | None = None) -> CheckResult:
        """Check the product against MISEV2023, MISEV2018 and arithmetic.

        Parameters
        ----------
        listening : Mapping[str, Collection[str]], optional
            Input of a network -> edges that leave it (`anagen.signalling.listening.listening`), so that cargo which
            moves nothing is told; nothing is said of it where left out.

        Returns
        -------
        CheckResult
            Checklist, purity, miRNA routes, label, storage, potent dose.

        References
        ----------
        Welsh et al. 2024, MISEV2023, doi:10.1002/jev2.12404.
        """
        return CheckResult(check_product(self.product, load_parameters(self.parameters), listening=listening))

    def make(self, doses: int = 1000, *, weeks: float | None = None, capital: float | None = None) -> MakingResult:
        """What it takes to make a number of released doses.

        Parameters
        ----------
        doses : int
            Released doses that are wanted.
        weeks : float, optional
            Limit of the time; that of the file or of the parameters where left out.
        capital : float, optional
            Limit of the capital [USD]; that of the file or of the parameters where left out.

        Returns
        -------
        MakingResult
            Plant, batches, cells, yields and cost with ranges, the bottleneck, what moves the cost.
        """
        wanted = whole("doses", doses, 1, MOST_DOSES)
        parameters = load_parameters(self.parameters)
        return MakingResult(make_product(self.product, wanted, parameters, weeks=weeks, capital=capital))

    def stability(self, scale: str = "log") -> StabilityResult:
        """How long the product keeps: its own stability series, or what the priors say.

        Parameters
        ----------
        scale : str
            "log" (loss in proportion) or "linear" (loss by amount).

        Returns
        -------
        StabilityResult
            Regressions with 95 % bounds, shelf life, Arrhenius lines, verdict.

        Raises
        ------
        InputError
            Where the scale is neither.

        References
        ----------
        ICH Q1E, Evaluation of stability data (2003); ICH Q5C (1995).
        """
        if scale not in SCALES:
            raise InputError(
                [Problem(None, None, None, "scale", f"unknown scale {scale!r}", SCALES, nearest(scale, SCALES))]
            )
        return StabilityResult(shelf_life(self.product, load_parameters(self.parameters), scale=cast("Scale", scale)))

    def release(self, use: Use | None = None) -> ReleaseResult:
        """Hold what the file tells of a batch against the specification.

        Parameters
        ----------
        use : str, optional
            "injected", "needled", "topical" or "cosmetic"; that of the file where left out.

        Returns
        -------
        ReleaseResult
            Every item with its verdict, and the verdict in all.
        """
        return ReleaseResult(certificate_of(self.product, load_parameters(self.parameters), use))

    def compare(self, other: VesicleProduct) -> ComparabilityResult:
        """Whether another process gives the same product, by two one-sided tests.

        Parameters
        ----------
        other : VesicleProduct
            The product after the change.

        Returns
        -------
        ComparabilityResult
            Ratios of potency and particles with their 90 % confidence intervals.
        """
        return ComparabilityResult(compare_products(self.product, other.product, load_parameters(self.parameters)))


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
