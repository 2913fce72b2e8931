"""What is left of the potency of vesicles from cells that were passaged often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.exosomes.product import Product


def passages_beyond(product: Product, values: Mapping[str, float]) -> float:
    """Passages beyond the last one at which activity is kept, that a measured potency does not hold already.

    A potency assay that tells the passage of its cells holds the loss up to there; one that does not tell it is taken
    as done on cells within the last passage.

    Parameters
    ----------
    product : Product
        The product.
    values : Mapping[str, float]
        Values of the parameters.

    Returns
    -------
    float
        Passages; 0 where no cells are grown or the passage is not told. Negative where the assay was done on older
        cells than those of the product.
    """
    passage = product.preparation.passage
    if not product.source.grown or passage is None:
        return 0.0
    last = values["manufacture.last_passage"]
    assay = product.potency
    measured = assay.passage if assay is not None and assay.relative_potency is not None else None
    return max(passage - last, 0.0) - max((measured or 0.0) - last, 0.0)


def kept_over_passages(product: Product, values: Mapping[str, float]) -> float:
    """Potency kept over the passages beyond the last: kept per passage to the power of their number.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> kept_over_passages(load_product("adsc-native"), load_parameters().draw(1, 0))
    1.0
    """
    return float(values["vesicle.potency_kept_per_passage"] ** passages_beyond(product, values))
