"""What a product is: potent dose, storage, checklist, release and making, each worked out once for a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anagen.exosomes import Making, ProductCheck, StorageStep, check_product, make_product
from anagen.exosomes.release import Certificate, certificate_of
from anagen.exosomes.release.items import Use
from anagen.exosomes.shelf_life import PriorCourse, storage_course
from anagen.parameters import load_parameters
from anagen.signalling.listening import listening
from anagen.studio.product.asked import Asked, product_of

KEPT = 32


@dataclass(frozen=True)
class Checked:
    """A product, checked.

    Attributes
    ----------
    check : ProductCheck
        Checklist, purity, potent dose.
    course : PriorCourse
        Share left over the time of a stay.
    certificate : Certificate
        What its file shows of the specification.
    making : Making
        What it takes to make the doses.
    """

    check: ProductCheck
    course: PriorCourse
    certificate: Certificate
    making: Making


def checked_of(asked: Asked) -> Checked:
    """Everything that is told of a product.

    Parameters
    ----------
    asked : Asked
        With a product.

    Returns
    -------
    Checked
        By the functions behind `anagen product check`, `stability`, `release` and `make`.
    """
    return Checked(
        check_of(asked.text),
        course_of(asked.text, asked.step),
        certificate_for(asked.text, asked.use),
        making_of(asked.text, asked.doses),
    )


@lru_cache(maxsize=KEPT)
def check_of(text: str) -> ProductCheck:
    """The check of a product, as `anagen product check` makes it.

    Parameters
    ----------
    text : str
        Of its file.

    Returns
    -------
    ProductCheck
        Checklist, purity, potent dose.
    """
    return check_product(product_of(text), load_parameters(), listening=listening())


@lru_cache(maxsize=KEPT)
def course_of(text: str, step: StorageStep | None) -> PriorCourse:
    """Share of the particles left over the time of a stay.

    Parameters
    ----------
    text : str
        Of its file.
    step : StorageStep or None
        The stay; that on the label where None.

    Returns
    -------
    PriorCourse
        With its band.
    """
    return storage_course(product_of(text), load_parameters(), step)


@lru_cache(maxsize=KEPT)
def certificate_for(text: str, use: Use) -> Certificate:
    """What the file shows of the specification.

    Parameters
    ----------
    text : str
        Of its file.
    use : Use
        What the product is for.

    Returns
    -------
    Certificate
        Item by item.
    """
    return certificate_of(product_of(text), load_parameters(), use, None)


@lru_cache(maxsize=KEPT)
def making_of(text: str, doses: int) -> Making:
    """What it takes to make some doses.

    Parameters
    ----------
    text : str
        Of its file.
    doses : int
        Released doses.

    Returns
    -------
    Making
        Plant, stages, cost.
    """
    return make_product(product_of(text), doses, load_parameters())
