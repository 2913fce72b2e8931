"""The certificate of a batch: every item of the specification with its verdict, and the verdict in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anagen.exosomes.release.items import SPECIFICATION, USES, Use
from anagen.exosomes.release.judge import Judged, Verdict, judge_result, result_of, spared
from anagen.exosomes.release.told import tell
from anagen.parameters import ParameterSet

if TYPE_CHECKING:
    from anagen.exosomes.product import Product

COSMETIC = (
    "Cosmetics in the European Union hold no cells, tissues or products of human origin (Regulation (EC) 1223/2009, "
    "annex II, entry 416; from memory, not read)."
)


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
        Numbers of the file that look like a slip of a thousand.
    notes : tuple[str, ...]
        What a reader has to know.
    """

    product: Product
    use: Use
    judged: tuple[Judged, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def batch(self) -> str | None:
        """Number of the batch."""
        return None if self.product.release is None else self.product.release.batch

    @property
    def released(self) -> bool:
        """Whether every item that applies passes."""
        return not self.questions and all(entry.verdict in ("passes", "does not apply") for entry in self.judged)

    def named(self, verdict: Verdict) -> tuple[str, ...]:
        """Items with a verdict."""
        return tuple(entry.item.name for entry in self.judged if entry.verdict == verdict)

    def verdict(self) -> str:
        """The verdict in all, in one line."""
        if self.released:
            return f"Meets the specification: all {len(self.named('passes'))} items that apply pass"
        failed, missing = self.named("fails"), self.named("not shown")
        words = (
            [f"{len(failed)} {_items(failed)} fail{'s' if len(failed) == 1 else ''} ({', '.join(failed)})"]
            if failed
            else []
        )
        words += [f"{len(missing)} {_items(missing)} not shown"] if missing else []
        words += (
            [f"{len(self.questions)} number{'s' if len(self.questions) > 1 else ''} in question"]
            if self.questions
            else []
        )
        return f"Not to be released: {'; '.join(words)}"


def certificate_of(product: Product, parameters: ParameterSet, use: Use | None = None) -> Certificate:
    """Hold what a product file tells of a batch against the specification.

    Parameters
    ----------
    product : Product
        The product, with its table [release].
    parameters : ParameterSet
        The parameters of the model; limits are among them.
    use : Use, optional
        What it is for; that of the file where left out, and "injected" where the file tells none.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> certificate_of(load_product("adsc-native"), load_parameters()).released
    False
    """
    from anagen.exosomes.characterisation.further import questions

    values = parameters.draw(1, 0)
    told = product.release.use if product.release is not None else None
    meant: Use = use or told or "injected"
    judged: list[Judged] = []
    for item in SPECIFICATION.values():
        result = result_of(product, item.name)
        if result is not None:
            judged.append(judge_result(item, result, product, values))
        else:
            judged.append(spared(item, product, meant) or tell(item, product, values))
    notes = [] if use or told else [f"The file tells no use; taken as {USES[meant]}, for which most is asked."]
    if meant == "cosmetic" and product.source.human:
        notes.append(COSMETIC)
    if product.inactivated:
        notes.append("The vesicles were made inactive on purpose; potency is that of a control.")
    return Certificate(product, meant, tuple(judged), questions(product, values), tuple(notes))


def _items(names: tuple[str, ...]) -> str:
    return "item" if len(names) == 1 else "items"
