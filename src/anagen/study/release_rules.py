"""Release tests that the vesicle products of a study do not show, in words."""

from __future__ import annotations

from anagen.exosomes import Product, library, load_product
from anagen.exosomes.release_summary import release_summary
from anagen.study.attachments import product_of_text
from anagen.study.findings import mapping, sequence, uses_of
from anagen.therapies.product_risk import ORIGIN

SOURCES = {"bovine": "bovine protein", "plant": "plant protein and cell wall"}


def release_warnings_of(data: dict[str, object]) -> tuple[str, ...]:
    """What a reader should know of the safety of a study's products, each once.

    Parameters
    ----------
    data : dict[str, object]
        The study as plain data.

    Examples
    --------
    >>> arm = {"therapies": [{"therapy": "exosome", "product": "milk", "route": "microneedle"}]}
    >>> release_warnings_of({"arms": [arm]})[0][:43]
    'the product milk brings bovine protein into'
    >>> release_warnings_of({"arms": [{"therapies": [{"therapy": "exosome", "product": "adsc-native"}]}]})
    ()
    """
    warnings: list[str] = []
    for i, arm in enumerate(sequence(data.get("arms"))):
        for _, use in uses_of(arm, ("arms", i)):
            product = _product_of(use)
            if product is None:
                continue
            summary = release_summary(product)
            missing = summary.missing()
            if missing:
                warnings.append(
                    f"release tests of {product.name} not shown: {', '.join(missing)}; rates of reactions and of rare "
                    "events are raised for it by assumed factors (grade C)"
                )
            if summary.origin in ORIGIN:
                warnings.append(
                    f"the product {product.name} brings {SOURCES[summary.origin]} into the skin; rates of reactions "
                    "are raised for it by an assumed factor (grade C)"
                )
    return tuple(dict.fromkeys(warnings))


def _product_of(use: dict[str, object]) -> Product | None:
    kept, name = mapping(use.get("product_file")), use.get("product")
    text = kept.get("text")
    if isinstance(text, str):
        return product_of_text(text, str(kept.get("file", "product.toml")))
    return load_product(library()[name]) if isinstance(name, str) and name in library() else None
