"""Tables of the Product page as CSV, and where its figures come from."""

from __future__ import annotations

from anagen.studio.page import Source
from anagen.studio.product.asked import Asked
from anagen.studio.product.view import ProductView
from anagen.studio.sheets import sheet


def steps_csv(view: ProductView) -> str:
    """From the label to the potent particles, a row for each factor.

    Parameters
    ----------
    view : ProductView
        What is shown.

    Returns
    -------
    str
        CSV with a header.
    """
    rows: list[list[object]] = [
        [step.name, step.factor.central, step.factor.low, step.factor.high, step.left, step.variance_share]
        for step in view.steps
    ]
    rows.append(["potent", view.potent.central, view.potent.low, view.potent.high, view.potent.central, ""])
    return sheet(["factor", "central", "low 5 %", "high 95 %", "particles left", "share of variance"], rows)


def items_csv(view: ProductView) -> str:
    """Every item of the checklist, of what is beyond it, and of the specification.

    Parameters
    ----------
    view : ProductView
        What is shown.

    Returns
    -------
    str
        CSV with a header.
    """
    lists = (("MISEV2023", view.checklist), ("beyond MISEV2023", view.further), ("specification", view.release))
    rows = [
        [name, item.name, item.status, item.found, item.asks, item.why, item.of]
        for name, items in lists
        for item in items
    ]
    return sheet(["list", "item", "status", "found", "asks", "why or limit", "of"], rows)


def making_csv(view: ProductView) -> str:
    """Figures of making with their ranges.

    Parameters
    ----------
    view : ProductView
        What is shown.

    Returns
    -------
    str
        CSV with a header.
    """
    rows = [[f.name, f.spread.central, f.spread.low, f.spread.high, f.unit] for f in view.making.figures]
    return sheet(["figure", "central", "low 5 %", "high 95 %", "unit"], rows)


def sources_of(asked: Asked, view: ProductView) -> list[Source]:
    """Where the figures come from: the figures of the file, and the priors behind each factor.

    Parameters
    ----------
    asked : Asked
        From the address.
    view : ProductView
        What is shown.

    Returns
    -------
    list of Source
        For "How sure is this?".
    """
    product = asked.product
    assert product is not None
    figures = {
        "Particles per mL": product.particles.concentration,
        "Particles of a dose": product.dose,
        "Diameter": product.particles.diameter,
        "Particles per µg protein": product.particles.particle_to_protein,
        "Relative potency": None if product.potency is None else product.potency.relative_potency,
    }
    found = [
        Source(name, f"{figure.basis}, grade {figure.grade}", figure.source)
        for name, figure in figures.items()
        if figure is not None
    ]
    found += [
        Source(f"{step.name.capitalize()}: {step.variance_share:.0%} of the spread of the potent dose", "prior",
               "docs/exosomes.md, potent particles")
        for step in view.steps
        if step.variance_share >= 0.01
    ]  # fmt: skip
    found.append(Source("Losses over storage", "prior", view.course.source or "no series at this temperature was read"))
    found.append(Source("Prices, sizes, yields of making", "assumption", "docs/manufacture.md; read the range"))
    return found
