"""The certificate of a batch: every item of the specification with its verdict, and the verdict in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.core.words import counted
from anagen.exosomes.release.items import SPECIFICATION, USES, ReleaseItem, Use
from anagen.exosomes.release.judge import Judged, Verdict, judge_result, result_of, spared
from anagen.exosomes.release.told import tell
from anagen.parameters import ParameterSet

if TYPE_CHECKING:
    from anagen.exosomes.loader import ProductFile
    from anagen.exosomes.product import Product

COSMETIC = (
    "Cosmetics in the European Union hold no cells, tissues or products of human origin (Regulation (EC) 1223/2009, "
    "annex II, entry 416; from memory, not read)."
)


FEW = 4
"""Items that are not shown are named in the verdict where there are no more than this."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A batch against the specification.

    Attributes
    ----------
    product : Product
        The product.
    use : Use
        What it is for.
    judged : tuple[Judged, ...]
        One per item of the specification.
    questions : tuple[str, ...]
        Numbers of the file that look like a slip of a thousand, or that contradict each other.
    notes : tuple[str, ...]
        What a reader has to know.
    file : ProductFile or None
        The file that tells it.
    """

    product: Product
    use: Use
    judged: tuple[Judged, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]
    file: ProductFile | None = None

    @property
    def batch(self) -> str | None:
        """Number of the batch."""
        return None if self.product.release is None else self.product.release.batch

    @property
    def date(self) -> str | None:
        """Day of the results."""
        day = None if self.product.release is None else self.product.release.date
        return None if day is None else day.isoformat()

    @property
    def released(self) -> bool:
        """Whether every item that applies passes."""
        return not self.questions and all(entry.verdict in ("passes", "does not apply") for entry in self.judged)

    def named(self, verdict: Verdict) -> tuple[str, ...]:
        """Items with a verdict."""
        return tuple(entry.item.name for entry in self.judged if entry.verdict == verdict)

    @property
    def loosened(self) -> tuple[Judged, ...]:
        """Items whose limit the maker made looser than that of the specification."""
        return tuple(entry for entry in self.judged if entry.loosened)

    def verdict(self) -> str:
        """The verdict in all, in one line, with every limit that was loosened."""
        if self.released:
            own, passed = "maker's own limits", counted(len(self.named("passes")), "item")
            words = f"Meets the {own if self.loosened else 'specification'}: all {passed}"
            words += " that apply pass"
        else:
            failed, missing = self.named("fails"), self.named("not shown")
            few = f" ({', '.join(missing)})" if len(missing) <= FEW else ""
            told = (
                [f"{counted(len(failed), 'item fails', 'items fail')} ({', '.join(failed)})"] if failed else [],
                [f"{counted(len(missing), 'item')} not shown{few}"] if missing else [],
                [f"{counted(len(self.questions), 'number')} in question"] if self.questions else [],
            )
            words = f"Not to be released: {'; '.join(word for part in told for word in part)}"
        if not self.loosened:
            return words
        each = "; ".join(
            f"{entry.item.name} {entry.limit} in place of {entry.loosened} ({lists_of(entry.item)})"
            for entry in self.loosened
        )
        return f"{words}. {counted(len(self.loosened), 'limit')} looser than the specification: {each}"


def lists_of(item: ReleaseItem) -> str:
    """Which public lists ask for an item, or that none does."""
    return ", ".join(item.lists) or "on none of the public lists"


def certificate_of(
    product: Product, parameters: ParameterSet, use: Use | None = None, file: ProductFile | None = None
) -> Certificate:
    """Hold what a product file tells of a batch against the specification.

    Parameters
    ----------
    product : Product
        The product, with its table [release].
    parameters : ParameterSet
        The parameters of the model; limits are among them.
    use : Use, optional
        What it is for; that of the file where left out, and "injected" where the file tells none.
    file : ProductFile, optional
        The file that tells it.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> certificate_of(load_product("adsc-native"), load_parameters()).released
    False
    """
    from anagen.exosomes.characterisation.further import questions
    from anagen.exosomes.release.arithmetic import contradictions
    from anagen.exosomes.release.shelf import judge_shelf_life

    values = parameters.draw(1, 0)
    told = product.release.use if product.release is not None else None
    meant: Use = use or told or "injected"
    judged: list[Judged] = []
    for item in SPECIFICATION.values():
        result = result_of(product, item.name)
        if item.name == "stability":
            judged.append(judge_shelf_life(item, result, product, values))
        elif result is not None:
            judged.append(judge_result(item, result, product, values))
        else:
            judged.append(spared(item, product, meant) or tell(item, product, values))
    notes = [] if use or told else [f"The file tells no use; taken as {USES[meant]}, for which most is asked."]
    if meant == "cosmetic" and product.source.human:
        notes.append(COSMETIC)
    if product.inactivated:
        notes.append("The vesicles were made inactive on purpose; potency is that of a control.")
    asked = (*questions(product, values), *contradictions(product, values))
    return Certificate(product, meant, tuple(judged), asked, tuple(notes), file)
