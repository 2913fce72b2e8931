"""A product as a notebook shows it: what its file tells that matters most."""

from __future__ import annotations

from anagen.core.digits import significant
from anagen.core.words import counted
from anagen.exosomes.fields import Figure
from anagen.exosomes.product import Product


def facts_of(product: Product) -> tuple[tuple[str, str], ...]:
    """What is told of a product, the name of each fact with its text; what is not told is left out.

    Parameters
    ----------
    product : Product
        What the file says.

    Returns
    -------
    tuple of tuple of str
        Numbers with unit, range, basis and grade.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> facts_of(load_product("adsc-native"))[3]
    ('dose', '1×10¹⁰ particles (published, grade B)')
    """
    particles, engineering, potency = product.particles, product.engineering, product.potency
    figures = {
        "concentration": particles.concentration,
        "dose": product.dose,
        "diameter": particles.diameter,
        "particles per protein": particles.particle_to_protein,
        "loaded copies": None if engineering is None else engineering.copies,
        "relative potency": None if potency is None else potency.relative_potency,
    }
    told = {
        "source": product.source.title,
        "isolation": ", ".join(product.preparation.isolation),
        **{name: figure_words(figure) for name, figure in figures.items() if figure is not None},
        "called": product.characterisation.claims,
        "markers": ", ".join(f"{marker.name} {marker.result}" for marker in product.marker),
        "miRNA": ", ".join(entry.name for entry in product.mirna),
        "storage": "; ".join(
            f"{counted(step.days, 'day')} at {significant(step.temperature)} °C" for step in product.storage
        ),
    }
    return tuple((name, text) for name, text in told.items() if text)


def figure_words(figure: Figure) -> str:
    """A number of a product in words.

    Parameters
    ----------
    figure : Figure
        The number.

    Returns
    -------
    str
        With unit, range where there is one, basis and grade.
    """
    unit = "" if figure.unit == "1" else f" {figure.unit}"
    ends = ""
    if figure.low is not None and figure.high is not None:
        ends = f"{significant(figure.low)} to {significant(figure.high)}, "
    return f"{significant(figure.value)}{unit} ({ends}{figure.basis}, grade {figure.grade})"
