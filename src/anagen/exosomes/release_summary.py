"""What of a product bears on its safety, in one small object: release tests, residual serum, origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anagen.exosomes.product import Product
from anagen.exosomes.release import certificate_of
from anagen.parameters import load_parameters

Origin = Literal["human", "bovine", "plant"]


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What moves the rates of reactions, whatever the file it comes from.

    Attributes
    ----------
    origin : Origin, default "human"
        Whose protein the vesicles bring; human means another person's.
    sterility : bool or None, default None
        True: shown to be sterile; False: tested and failed, or not tested; None: not told.
    endotoxin : bool or None, default None
        The same for endotoxin within its limit.
    serum_free : bool or None, default None
        Whether no serum is left; None: not told.
    """

    origin: Origin = "human"
    sterility: bool | None = None
    endotoxin: bool | None = None
    serum_free: bool | None = None

    def missing(self) -> tuple[str, ...]:
        """Release tests that were not shown, in words.

        Examples
        --------
        >>> ReleaseSummary(sterility=True, serum_free=True).missing()
        ('endotoxin (not told)',)
        """
        asked = {"sterility": self.sterility, "endotoxin": self.endotoxin, "residual serum": self.serum_free}
        return tuple(
            f"{name} ({'not told' if shown is None else 'not passed'})" for name, shown in asked.items() if not shown
        )


RELEASED = ReleaseSummary("human", sterility=True, endotoxin=True, serum_free=True)
"""The reference product, for which the rates are stated."""


def release_summary(product: Product) -> ReleaseSummary:
    """The summary of a product: results of its batch where the file has them, else what it says was done.

    Serum is asked of cultured cells only: what body fluids and plants bring is told by their origin.

    Parameters
    ----------
    product : Product
        Its [release] is read first, then its [characterisation].

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> release_summary(load_product("adsc-native")) == RELEASED, release_summary(load_product("milk")).origin
    (True, 'bovine')
    """
    source = product.source
    origin: Origin = "human" if source.human else "plant" if source.raw_material == "plant juice" else "bovine"
    told = product.characterisation
    results = _results(product)
    serum = results.get("residual albumin", product.preparation.depleted) if source.grown else True
    endotoxin = [results[name] for name in ("endotoxin per mL", "endotoxin per dose") if name in results]
    return ReleaseSummary(
        origin,
        results.get("sterility", told.sterility),
        all(endotoxin) if endotoxin else told.endotoxin,
        serum,
    )


def _results(product: Product) -> dict[str, bool]:
    """Tests of the batch that passed or failed; a result without a limit tells neither."""
    if product.release is None:
        return {}
    judged = certificate_of(product, load_parameters("prior")).judged
    tested = {result.test for result in product.release.result}
    verdicts = {entry.item.name: entry.verdict for entry in judged if entry.item.name in tested}
    return {name: verdict == "passes" for name, verdict in verdicts.items() if verdict in ("passes", "fails")}
