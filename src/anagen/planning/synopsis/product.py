"""Specification of the vesicle products that a study gives: what is tested at release, and within which limits."""

from __future__ import annotations

from anagen.exosomes import Product
from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer
from anagen.planning.synopsis.facts import Facts
from anagen.reports.wording import lower_first
from anagen.trials.protocol import product_of

USE_OF = {"intradermal": "injected", "microneedle": "needled", "topical": "topical"}
"""Route -> use of a product in its specification; what opens the skin by another way is needled."""


def specification(facts: Facts) -> Answer:
    """Specification of every vesicle product, for item 15a; empty where none is given."""
    from anagen.exosomes.release import certificate_of

    values = facts.source.load()
    tables: list[Printed] = []
    open_points: list[str] = []
    points: list[str] = []
    for name, (product, route) in products(facts).items():
        certificate = certificate_of(product, values, USE_OF.get(route, "needled"))  # type: ignore[arg-type]
        judged = [entry for entry in certificate.judged if entry.verdict != "does not apply"]
        groups = ["", *(entry.item.group for entry in judged)]
        rows = tuple(
            ("" if entry.item.group == before else entry.item.group, entry.item.name.replace("_", " "), entry.item.asks,
             _limit(entry.limit),
             entry.verdict)
            for before, entry in zip(groups, judged, strict=False)
        )  # fmt: skip
        header = ("speaks for", "item", "has to be shown", "limit", "by the product file")
        note = "Limits are those of the release specification (docs/release.md); a maker may set closer ones."
        tables.append(Printed(f"Product specification and release: {product.title}", header, rows, note))
        points.append(f"{product.title} ({name}): {product.summary}")
        missing = certificate.named("not shown")
        if missing:
            shown = ", ".join(item.replace("_", " ") for item in missing[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
            open_points.append(
                f"release results of {lower_first(product.title)}: {len(missing)} items are not shown ({shown}{more})"
            )
        open_points.append(f"maker, batch and marketing or trial authorisation of {lower_first(product.title)}")
    return Answer((), tuple(points), tuple(tables), tuple(open_points))


def products(facts: Facts) -> dict[str, tuple[Product, str]]:
    """Vesicle products by name, each with the first route by which it is given."""
    found: dict[str, tuple[Product, str]] = {}
    for use in facts.study.uses:
        if use.product is not None:
            product = product_of(use)
            found.setdefault(product.name, (product, use.route))
    return found


def _limit(text: str) -> str:
    """A limit with the signs that are printed."""
    return text.replace(">=", "≥").replace("<=", "≤") or "as stated by the maker"
