"""The item "stability" of a release: what the maker's own series supports, as `anagen product stability` tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.exosomes.release.items import ReleaseItem, Values
from anagen.exosomes.release.judge import UNMEASURED, Judged, Verdict, judge_result

if TYPE_CHECKING:
    from anagen.exosomes.product import Product
    from anagen.exosomes.release.table import TestResult

BY_WORD = "by the maker's word: the file holds no stability series"


def judge_shelf_life(item: ReleaseItem, result: TestResult | None, product: Product, values: Values) -> Judged:
    """The verdict on the shelf life.

    Where the file claims a shelf life or holds a series, these decide and a word in the table [release] does not,
    unless it says that the batch does not conform.

    Parameters
    ----------
    item : ReleaseItem
        "stability".
    result : TestResult or None
        What the table [release] says of it.
    product : Product
        The product.
    values : Mapping[str, float]
        Values of the group "storage" of the parameters.
    """
    from anagen.exosomes.supported import answer_claim, conditions_of

    told = None if result is None else judge_result(item, result, product, values)
    conditions = conditions_of(product, values)
    answer = answer_claim(product, conditions)
    if (told is not None and told.verdict == "fails") or (answer is None and not conditions):
        return _by_word(item, told)
    method = "" if result is None else result.method
    if answer is None:
        found = "; ".join(words for entry in conditions if (words := entry.words()) is not None)
        return Judged(
            item, "not shown", found or "a series that cannot be regressed", "", method, "no claim in [shelf_life]"
        )
    verdict: Verdict = "not shown" if answer.supported is None else "passes" if answer.supported else "fails"
    words = answer.words.removeprefix("claimed: ")
    return Judged(item, verdict, words, "the shelf life claimed", method, "read from [shelf_life] and [[stability]]")


def _by_word(item: ReleaseItem, told: Judged | None) -> Judged:
    if told is None:
        return Judged(item, "not shown", UNMEASURED)
    if told.verdict != "passes":
        return told
    return Judged(item, told.verdict, told.found, told.limit, told.method, BY_WORD)
