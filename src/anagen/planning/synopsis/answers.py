"""Every item of the checklist with what the study file says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from anagen.planning.synopsis import assignment, conduct, introduction, statistics
from anagen.planning.synopsis.answer import Answer, Answered
from anagen.planning.synopsis.facts import Facts
from anagen.planning.synopsis.items import ITEMS
from anagen.planning.synopsis.product import specification
from anagen.planning.synopsis.sample import sample_size
from anagen.planning.synopsis.timetable import timeline

SQUARE, MICRO = re.compile(r"\bcm\^?2\b"), re.compile(r"\bum\b")
"""Units as study files write them."""


def interventions(facts: Facts) -> Answer:
    """Item 15a with the specification of vesicle products."""
    given, products = conduct.interventions(facts), specification(facts)
    return Answer(
        given.text,
        (*given.points, *products.points),
        (*given.tables, *products.tables),
        (*given.open, *products.open),
    )


SAID: Mapping[str, Callable[[Facts], Answer]] = {
    "1a": introduction.title,
    "1b": introduction.summary,
    "2": introduction.version,
    "4": introduction.registration,
    "5": introduction.access,
    "9a": introduction.background,
    "9b": introduction.comparator,
    "10": introduction.objectives,
    "12": conduct.trial_design,
    "13": conduct.setting,
    "14a": conduct.eligibility,
    "15a": interventions,
    "15b": conduct.stopping,
    "15c": conduct.adherence,
    "15d": conduct.concomitant,
    "16": conduct.outcomes,
    "17": conduct.harms,
    "18": timeline,
    "19": sample_size,
    "20": conduct.recruitment,
    "21a": assignment.sequence,
    "21b": assignment.restriction,
    "24a": assignment.blinded,
    "24b": assignment.how_blinded,
    "24c": assignment.unblinding,
    "25a": assignment.collection,
    "25b": assignment.retention,
    "27a": statistics.methods,
    "27b": statistics.population,
    "27c": statistics.missing,
    "27d": statistics.further,
    "28b": statistics.interim,
}
"""Items of which a study file says something; of the others it cannot know anything."""


def answers_of(facts: Facts) -> tuple[Answered, ...]:
    """All items in order; what no study file can know is open with what the item asks for."""
    found: list[Answered] = []
    for item in ITEMS:
        said = SAID.get(item.number)
        found.append(Answered(item, Answer(open=(item.asks,)) if said is None else typeset(said(facts))))
    return tuple(found)


def typeset(answer: Answer) -> Answer:
    """An answer with units as they are printed, where the description of a study has them as they are typed."""
    return Answer(
        _printed(answer.text),
        _printed(answer.points),
        tuple(
            replace(table, header=_printed(table.header), rows=tuple(_printed(row) for row in table.rows))
            for table in answer.tables
        ),
        _printed(answer.open),
    )


def _printed(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts with printed units.

    Examples
    --------
    >>> _printed(["1 cm^2, 60 hairs/cm2 and 50 um"])
    ('1 cm², 60 hairs/cm² and 50 µm',)
    """
    return tuple(MICRO.sub("µm", SQUARE.sub("cm²", text)) for text in texts)
