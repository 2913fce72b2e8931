"""A vesicle product as users hold it: checked, costed, released, compared."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DOSES, whole
from anagen.core.plain import plain
from anagen.core.reading import nearest
from anagen.core.result import TableResult
from anagen.core.shown import Shown
from anagen.exosomes.card import facts_of
from anagen.exosomes.characterisation import check_product
from anagen.exosomes.check_result import CheckResult
from anagen.exosomes.loader import ProductFile, load_product, product_file
from anagen.exosomes.making_result import MakingResult
from anagen.exosomes.manufacture import make_product
from anagen.exosomes.product import Product
from anagen.exosomes.release import certificate_of, compare_products
from anagen.exosomes.release.items import Use
from anagen.exosomes.release_result import ComparabilityResult, ReleaseResult
from anagen.exosomes.shelf_life import shelf_life
from anagen.exosomes.stability import Scale
from anagen.exosomes.stability_result import StabilityResult
from anagen.parameters import Source, load_parameters

if TYPE_CHECKING:
    import pandas as pd

SCALES: tuple[str, ...] = get_args(Scale)


@dataclass(frozen=True, repr=False)
class VesicleProduct(TableResult):
    """A vesicle product of the library or of a file.

    Attributes
    ----------
    product : Product
        What the file says.
    parameters : str, path or ParameterSource
        Where parameter values come from.
    file : ProductFile or None
        The file that says it.
    """

    product: Product
    parameters: Source = "default"
    file: ProductFile | None = None

    _what: ClassVar[str] = "Vesicle product"
    _then: ClassVar[tuple[str, ...]] = (".check()", ".make(1000)", ".release()", ".stability()")

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

    def _shown(self) -> Shown:
        rows, unknown = facts_of(self.product), "; ".join(self.product.unknown)
        note = f"Not known: {unknown}." if unknown else ""
        return Shown(self._what, self.headline(), self.product.summary, ("of", "told"), rows, note, self._then)

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
        return ReleaseResult(certificate_of(self.product, load_parameters(self.parameters), use, self.file))

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
        found = compare_products(self.product, other.product, load_parameters(self.parameters))
        return ComparabilityResult(found, self._told(), other._told())

    def _told(self) -> str:
        """The file, with the name of the product in it."""
        return self.product.name if self.file is None else self.file.told(self.product.name)


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
    name = os.fspath(product)
    return VesicleProduct(load_product(name), parameters, product_file(name))
