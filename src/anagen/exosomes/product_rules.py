"""What of a product file has to fit together: source and preparation, the count and the storage that it ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from pydantic_core import PydanticCustomError

from anagen.core.fields import broken
from anagen.core.words import counted as in_days
from anagen.exosomes.product_tables import Particles, Preparation, Subpopulation
from anagen.exosomes.source_cells import SourceCell
from anagen.exosomes.storage import Count, StorageStep, counted_days

MOST_PERCENT = 100.5
"""What rounded shares may add up to."""


def preparation_faults(preparation: Preparation, source: SourceCell) -> Iterator[PydanticCustomError]:
    """What of a preparation does not fit its source.

    Parameters
    ----------
    preparation : Preparation
        How the vesicles are obtained.
    source : SourceCell
        Where they come from.
    """
    if preparation.system is not None:
        refused = source.refuses(preparation.system)
        if refused is not None:
            yield broken("system", refused)
    if preparation.priming is not None and not source.grown:
        yield broken("priming", f"treats cells in culture; {source.title} are not grown")
    if preparation.blocked_route is not None and not source.grown:
        yield broken("blocked_route", f"is a treatment of cells in culture; {source.title} are not grown")


def subpopulation_faults(classes: Sequence[Subpopulation]) -> Iterator[PydanticCustomError]:
    """What of the subpopulations cannot be: more than the whole, or two that overlap in size.

    Parameters
    ----------
    classes : Sequence of Subpopulation
        In any order.
    """
    total = sum(entry.share for entry in classes)
    if total > MOST_PERCENT:
        yield broken("", f"shares add up to {total:g} %, more than the whole")
    elif classes and total <= 0.0:
        yield broken("", "shares add up to nothing")
    ordered = sorted(classes, key=lambda entry: entry.smallest)
    for one, other in itertools.pairwise(ordered):
        if other.smallest < one.largest:
            words = f"{one.name} ends at {one.largest:g} nm and {other.name} begins at {other.smallest:g} nm"
            yield broken("", f"{words}; a particle belongs to one")


def count_faults(particles: Particles, history: Sequence[StorageStep], count: Count) -> Iterator[PydanticCustomError]:
    """What of a count does not fit the storage that it ends.

    Parameters
    ----------
    particles : Particles
        What was counted.
    history : Sequence of StorageStep
        The storage.
    count : Count
        When the particles were counted.
    """
    counted, age = particles.counted, particles.counted_age
    if counted == "at_release":
        if age is not None:
            yield broken("particles", "counted_age needs counted after_thaw or after_reconstitution")
        return
    stay = counted_days(history, count)
    if history and stay is None:
        missing = "frozen" if counted == "after_thaw" else "lyophilised"
        yield broken("particles", f"counted {counted} needs a {missing} stay in storage; the count ends it")
    elif age is not None and age > (stay or 0.0):
        told = f"storage tells {in_days(stay or 0.0, 'day')}"
        yield broken(
            "particles", f"counted_age {in_days(age, 'day')} is longer than the stay that the count ends; {told}"
        )
