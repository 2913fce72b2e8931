"""The specification of a vesicle product: what is tested at release, who asks for it, its limit, whom it applies to.

The EV guideline of the Korean ministry (MFDS) was not read itself, but summaries of its part 3.3; the two tables were
read. An item that none of the three lists asks for is one that a GMP quality unit would hold (ICH Q6B, pharmacopoeias).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from anagen.core.registry import Registry
from anagen.exosomes.fields import NARROWEST, WIDEST
from anagen.exosomes.release.limits import NO_UNIT, RATIO, Limit

if TYPE_CHECKING:
    from anagen.exosomes.product import Product

Use = Literal["injected", "needled", "topical", "cosmetic"]
USES: dict[Use, str] = {
    "injected": "injected into the skin",
    "needled": "put on under or after needling or laser, so that it reaches opened skin",
    "topical": "put on intact skin as a medicine",
    "cosmetic": "put on intact skin as a cosmetic",
}
List = Literal["MFDS", "STTT", "WJSC"]
LISTS: dict[List, str] = {
    "MFDS": "Korean MFDS, guideline on extracellular-vesicle products, Sept 2024, 3.3 (summaries read, not the text)",
    "STTT": "Signal Transduct Target Ther 2025, doi:10.1038/s41392-025-02262-3, table 1",
    "WJSC": "World J Stem Cells 2025;17(10):110445, doi:10.4252/wjsc.v17.i10.110445, table 1",
}
"""The three public lists that items are held against."""
OPEN_SKIN: tuple[Use, ...] = ("injected", "needled")
Values = Mapping[str, float]
Applies = Callable[["Product", Use], str | None]
NEGATIVE, ABNORMAL = (("negative", "no growth", "not detected"), ("positive", "growth", "detected"))


def _to_all(product: Product, use: Use) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class ReleaseItem:
    """One item of the specification.

    Attributes
    ----------
    name : str
        Name in product files.
    group : str
        What it speaks for.
    asks : str
        What has to be shown.
    lists : tuple[List, ...]
        Which of the three public lists ask for it.
    unit : str, optional
        Unit of the result, "1" for a plain number; None where the result is an outcome in words.
    low : str, optional
        Parameter that is the lower limit.
    high : str, optional
        Parameter that is the upper limit.
    strict : bool, default False
        Whether the limits themselves are outside.
    passes : tuple[str, ...], default ()
        Outcomes that pass.
    fails : tuple[str, ...], default ()
        Outcomes that fail.
    to_what : bool, default False
        Whether the outcome means nothing without a limit that it conforms to.
    possible : tuple[float, float], optional
        Between which values a result can be; what lies outside is refused.
    spared : Applies
        Why it does not apply to a product and a use; None where it does.
    """

    name: str
    group: str
    asks: str
    lists: tuple[List, ...]
    unit: str | None = None
    low: str | None = None
    high: str | None = None
    strict: bool = False
    passes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    to_what: bool = False
    possible: tuple[float, float] | None = None
    spared: Applies = _to_all

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Words that a result can be; empty for a number."""
        return (*self.passes, *self.fails)

    @property
    def told_by_tables(self) -> bool:
        """Whether it is read from other tables of the file alone."""
        return self.unit is None and not self.outcomes

    def limit(self, values: Values) -> Limit | None:
        """The limit where the product file sets none; None where nobody sets one."""
        if self.unit is None or (self.low is None and self.high is None):
            return None
        low, high = (None if name is None else values[f"release.{name}"] for name in (self.low, self.high))
        return Limit(self.unit, low, high, self.strict)


def _grown(product: Product, use: Use) -> str | None:
    return None if product.source.grown else "no cells are grown"


def _of_people(product: Product, use: Use) -> str | None:
    return None if product.source.human else "the source is not human"


def _of_animals(product: Product, use: Use) -> str | None:
    return "plant material" if product.source.raw_material == "plant juice" else None


def _plants_alone(product: Product, use: Use) -> str | None:
    return None if product.source.raw_material == "plant juice" else "no plant material"


def _mesenchymal(product: Product, use: Use) -> str | None:
    return None if "CD73" in product.source.markers else "no mesenchymal stromal cells"


def _into_open_skin(product: Product, use: Use) -> str | None:
    return None if use in OPEN_SKIN else f"{USES[use]}, not into opened skin"


def _onto_intact_skin(product: Product, use: Use) -> str | None:
    return "sterility is asked for instead" if use in OPEN_SKIN else None


def _injected(product: Product, use: Use) -> str | None:
    return None if use == "injected" else "not injected"


def _medicine(product: Product, use: Use) -> str | None:
    return "a cosmetic claims no effect on a disease" if use == "cosmetic" else None


def _conforming(
    name: str, group: str, asks: str, lists: tuple[List, ...], spared: Applies = _to_all, *, to_what: bool = True
) -> ReleaseItem:
    """An item that conforms to what the maker describes, or to what the item itself says, or does not."""
    return ReleaseItem(
        name, group, asks, lists, passes=("conforms",), fails=("does not conform",), to_what=to_what, spared=spared
    )


def _items() -> Iterable[ReleaseItem]:
    item, conforming = ReleaseItem, _conforming
    group = "batch"
    yield item("batch", group, "the batch is named", ())
    group = "identity and purity"
    yield item("identity", group, "at least three proteins of vesicles are present", ("MFDS", "STTT", "WJSC"))
    yield item("negative markers", group, "proteins of other compartments are absent (CANX, GM130)", ("STTT", "WJSC"))
    yield conforming("lipids or RNA", group, "lipids or RNA that identify the vesicles", ("MFDS",))
    yield conforming("morphology", group, "cup-shaped, with a membrane, not clumped", ("WJSC",), to_what=False)
    yield item("detergent lysis", group, "detergent removes the particles, as it does membranes", ("WJSC",),
               passes=("lysed",), fails=("not lysed",))  # fmt: skip
    yield item("size", group, "share of the particles between 50 and 400 nm", ("STTT",),
               unit="percent", low="size_share", strict=True)  # fmt: skip
    yield item("size peak", group, "the distribution peaks below 200 nm", ("WJSC",),
               unit="nm", high="size_peak", strict=True, possible=(NARROWEST, WIDEST))  # fmt: skip
    yield item("particles per container", group, "counted particles within 20 % of the label", ("MFDS", "STTT"),
               unit="particles")  # fmt: skip
    yield item("dose uniformity", group, "each of ten containers within 20 % of their mean", ("MFDS",))
    yield item("particle:protein", group, "particles per ug protein", (),
               unit="particles/ug", low="particle_to_protein")  # fmt: skip
    yield item("protein per dose", group, "protein that comes with a dose", ("STTT",), unit="ug/dose")
    group = "safety"
    yield item("sterility", group, "no growth", ("MFDS", "STTT", "WJSC"),
               passes=NEGATIVE, fails=ABNORMAL, spared=_into_open_skin)  # fmt: skip
    yield item("microbial count", group, "few microbes", (),
               unit="CFU/mL", high="microbes", spared=_onto_intact_skin)  # fmt: skip
    yield item("mycoplasma", group, "none, tested before purification", ("MFDS", "STTT", "WJSC"),
               passes=NEGATIVE, fails=ABNORMAL, spared=_grown)  # fmt: skip
    yield item("endotoxin per mL", group, "endotoxin by volume", ("STTT", "WJSC"),
               unit="EU/mL", high="endotoxin_per_ml", strict=True, spared=_into_open_skin)  # fmt: skip
    yield item("endotoxin per dose", group, "endotoxin by dose", ("MFDS",), unit="EU/dose", spared=_into_open_skin)
    yield item("adventitious virus", group, "none found", ("MFDS", "STTT"),
               passes=NEGATIVE, fails=ABNORMAL, spared=_of_animals)  # fmt: skip
    yield item("residual albumin", group, "albumin of serum or lysate", ("MFDS",), unit="ng/mL", spared=_of_animals)
    yield item("residual antibiotics", group, "antibiotics of the culture", ("MFDS", "STTT"),
               passes=NEGATIVE, fails=ABNORMAL, spared=_grown)  # fmt: skip
    yield item("residual DNA", group, "DNA of the source", (), unit="ng/dose", high="residual_dna")
    yield conforming("pesticides and heavy metals", group, "contaminants of plants", (), _plants_alone)
    group = "physical"
    yield conforming("appearance", group, "as described", ("MFDS",))
    yield item("pH", group, "pH", (), unit=NO_UNIT, low="ph_low", high="ph_high", possible=(0.0, 14.0))
    yield item("osmolality", group, "about isotonic", (),
               unit="mOsm/kg", low="osmolality_low", high="osmolality_high", possible=(1.0, 10000.0),
               spared=_into_open_skin)  # fmt: skip
    yield item("subvisible particles 10 um", group, "particles of 10 um and more", (),
               unit="particles/container", high="subvisible_10_um", spared=_injected)  # fmt: skip
    yield item("subvisible particles 25 um", group, "particles of 25 um and more", (),
               unit="particles/container", high="subvisible_25_um", spared=_injected)  # fmt: skip
    yield item("container closure", group, "the container is tight", (),
               passes=("tight",), fails=("leaks",), spared=_into_open_skin)  # fmt: skip
    group = "potency"
    yield item("potency", group, "potency by the mode of action, relative to a reference", ("MFDS", "STTT"),
               unit=RATIO, low="potency_low", high="potency_high", spared=_medicine)  # fmt: skip
    yield item("dose response", group, "the effect grows with the dose", ("MFDS",),
               passes=("graded",), fails=("flat",), spared=_medicine)  # fmt: skip
    yield item("mock control", group, "medium worked up without vesicles has no effect", ("MFDS",),
               passes=("inactive",), fails=("active",), spared=_medicine)  # fmt: skip
    group = "cells"
    yield conforming("cell bank", group, "a characterised master or working cell bank", ("MFDS", "STTT"),
               spared=_grown)  # fmt: skip
    yield item("donor eligibility", group, "donors were screened and tested", ("MFDS",),
               passes=("eligible",), fails=("not eligible",), spared=_of_people)  # fmt: skip
    yield item("passage", group, "cells within the last passage at which activity is kept", (), spared=_grown)
    yield item("karyotype", group, "normal", ("MFDS", "STTT"),
               passes=("normal",), fails=("abnormal",), spared=_grown)  # fmt: skip
    yield item("STR profile", group, "the cells are those of the bank", ("MFDS", "STTT"),
               passes=("match",), fails=("mismatch",), spared=_grown)  # fmt: skip
    yield item("cell viability", group, "living cells at harvest", ("WJSC",),
               unit="percent", low="viability", spared=_grown)  # fmt: skip
    yield conforming("cell markers", group, "CD90, CD105, CD73, CD44 on 95 %, CD45, CD34, CD11b, HLA-DR on 2 % at most",
               ("WJSC",), _mesenchymal, to_what=False)  # fmt: skip
    yield item("cell differentiation", group, "into bone, fat and cartilage", ("WJSC",),
               passes=("positive",), fails=("negative",), spared=_mesenchymal)  # fmt: skip
    group = "stability"
    yield conforming("stability", group, "within limits up to the end of the shelf life", ("MFDS",))


SPECIFICATION: Registry[ReleaseItem] = Registry("test", {entry.name: entry for entry in _items()})
"""Items of the specification by the name that product files use, in the order of a certificate."""
