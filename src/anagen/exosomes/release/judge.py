"""A result against its limit: passes, fails, not shown, does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from anagen.core.words import counted
from anagen.exosomes.release.items import ReleaseItem, Use, Values
from anagen.exosomes.release.limits import Limit, Quantity, with_unit
from anagen.exosomes.release.uniformity import label_of, uniformity_of

if TYPE_CHECKING:
    from anagen.exosomes.product import Product
    from anagen.exosomes.release.table import TestResult

Verdict = Literal["passes", "fails", "not shown", "does not apply"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
UNMEASURED = "not told"


@dataclass(frozen=True, slots=True)
class Judged:
    """An item of the specification, what was found, and the verdict.

    Attributes
    ----------
    item : ReleaseItem
        The item.
    verdict : Verdict
        The verdict.
    found : str
        The result, or why there is none.
    limit : str, default ""
        What it was held against; empty where nobody sets a limit.
    method : str, default ""
        How it was tested.
    note : str, default ""
        What a reader of the certificate has to know.
    loosened : str, default ""
        The limit of the specification and whether it would be met, where the maker's own is looser.
    """

    item: ReleaseItem
    verdict: Verdict
    found: str
    limit: str = ""
    method: str = ""
    note: str = ""
    loosened: str = ""


def result_of(product: Product, name: str) -> TestResult | None:
    """The result of a test in the product file, None where it has none."""
    results = () if product.release is None else product.release.result
    return next((entry for entry in results if entry.test == name), None)


def judge_result(item: ReleaseItem, result: TestResult, product: Product, values: Values) -> Judged:
    """A result of the table [release] against its limit."""
    if isinstance(result.result, bool):
        word = "true" if result.result else "false"
        return Judged(item, "not shown", f"no result given; the file says {word}", result.limit or "", result.method)
    if item.unit is None:
        return _judge_outcome(item, result)
    limit, text = _limit(item, result, product, values)
    found = result.quantities()
    words = ", ".join(entry.text(item.unit) for entry in found)
    if limit is None:
        missing = "label" if item.name == "particles per container" else "limit"
        return Judged(item, "not shown", words, "", result.method, f"a result without a limit; give its {missing}")
    loosened = _loosened(item, result, found, product, values)
    note = f"own limit, looser than {loosened}" if loosened else "own limit" if result.own_limit() is not None else ""
    return Judged(item, _verdict(found, limit), words, text, result.method, note, loosened)


def judge_number(item: ReleaseItem, value: float, product: Product, values: Values, method: str, note: str) -> Judged:
    """A number of another table of the file against the limit of the specification."""
    limit = default_limit(item, product, values)
    words = Quantity(value).text(item.unit or "1")
    if limit is None:
        return Judged(
            item, "not shown", words, "", method, "a result without a limit; give one under [[release.result]]"
        )
    return Judged(item, _verdict([Quantity(value)], limit), words, limit.text(), method, note)


def limit_words(item: ReleaseItem, product: Product, values: Values) -> str:
    """The limit of the specification in words; empty where it sets none."""
    limit = default_limit(item, product, values)
    if limit is not None:
        return limit.text()
    return "" if item.to_what or not item.passes else as_asked(item)


def default_limit(item: ReleaseItem, product: Product, values: Values) -> Limit | None:
    """The limit of the specification where the maker sets none."""
    if item.name == "endotoxin per dose":
        most = values["release.endotoxin_per_kg"] * values["release.body_weight"]
        return Limit("EU/dose", high=most)
    if item.name == "particles per container":
        label, width = label_of(product), values["release.label_tolerance"]
        return None if label is None else Limit("particles", label * (1.0 - width), label * (1.0 + width))
    return item.limit(values)


def _judge_outcome(item: ReleaseItem, result: TestResult) -> Judged:
    found = str(result.result)
    if item.to_what and not result.limit:
        return Judged(item, "not shown", found, "", result.method, "to what it conforms is not told; give it as limit")
    verdict: Verdict = "passes" if found in item.passes else "fails"
    return Judged(item, verdict, found, result.limit or as_asked(item), result.method)


def as_asked(item: ReleaseItem) -> str:
    """What an outcome is held against where the maker describes nothing of his own."""
    return item.asks if item.passes == ("conforms",) else item.passes[0]


def _limit(item: ReleaseItem, result: TestResult, product: Product, values: Values) -> tuple[Limit | None, str]:
    own = result.own_limit()
    limit = own if own is not None else default_limit(item, product, values)
    if limit is None:
        return None, ""
    if own is None and item.name == "particles per container":
        label = with_unit(f"{label_of(product):.4g}", "particles")
        return limit, f"label {label} within {values['release.label_tolerance']:.0%}"
    return limit, limit.text()


def _loosened(
    item: ReleaseItem, result: TestResult, found: Sequence[Quantity], product: Product, values: Values
) -> str:
    """The limit of the specification where the maker's own is looser, and what the result is by it; else empty."""
    own, usual = result.own_limit(), default_limit(item, product, values)
    if own is None or usual is None:
        return ""
    above = usual.high is not None and (own.high is None or _beyond(own.high, usual.high, own, usual))
    below = usual.low is not None and (own.low is None or _beyond(-own.low, -usual.low, own, usual))
    if not above and not below:
        return ""
    held: dict[Verdict, str] = {"passes": "which it meets too", "fails": "which it fails"}
    return f"{usual.text()}, {held.get(_verdict(found, usual), 'which it is not shown to meet')}"


def _beyond(own: float, usual: float, limit: Limit, other: Limit) -> bool:
    """Whether an upper end lies above another one, or takes in the end that the other leaves out."""
    return own > usual or (own == usual and other.strict and not limit.strict)


def _verdict(found: Sequence[Quantity], limit: Limit) -> Verdict:
    """Passes where all lie inside, fails where one lies outside, else the method does not tell enough."""
    inside = [entry.within(limit) for entry in found]
    if False in inside:
        return "fails"
    return "not shown" if None in inside else "passes"


def judge_uniformity(item: ReleaseItem, product: Product, values: Values) -> Judged:
    """Containers against their mean."""
    counts = result_of(product, "particles per container")
    width, least = values["release.label_tolerance"], int(values["release.containers_least"])
    limit = f"each of {least} within {width:.0%} of their mean"
    if counts is None or isinstance(counts.result, bool):
        return Judged(item, "not shown", "no container was counted", limit)
    numbers = [entry.value for entry in counts.quantities()]
    found = uniformity_of(numbers, width)
    if len(numbers) < least:
        words = f"{counted(len(numbers), 'container')} counted, {least} are needed"
        return Judged(item, "not shown", words, limit, counts.method)
    verdict: Verdict = "fails" if found.outside else "passes"
    words = f"{found.outside} of {len(numbers)} outside; CV {found.cv:.1%}, at most {found.cv_high:.1%} (95 %)"
    return Judged(item, verdict, words, limit, counts.method)


def spared(item: ReleaseItem, product: Product, use: Use) -> Judged | None:
    """The verdict on an item that does not apply; None where it does."""
    reason = item.spared(product, use)
    return None if reason is None else Judged(item, "does not apply", reason)
