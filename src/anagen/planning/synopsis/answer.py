"""What a protocol says of an item: sentences, tables, and what is still open."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.planning.printed import Printed
from anagen.planning.synopsis.items import Item

ANSWERED, IN_PART, OPEN = "answered", "in part", "open"


@dataclass(frozen=True)
class Answer:
    """Of one item.

    Attributes
    ----------
    text : tuple[str, ...]
        Paragraphs.
    points : tuple[str, ...]
        A list below them.
    tables : tuple[Printed, ...]
        Below that.
    open : tuple[str, ...]
        What the study file cannot know or does not say, each for somebody to fill in.
    """

    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Printed, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Whether it is answered, answered in part, or open."""
        said = bool(self.text or self.points or self.tables)
        return (IN_PART if said else OPEN) if self.open else ANSWERED


@dataclass(frozen=True)
class Answered:
    """An item with its answer.

    Attributes
    ----------
    item : Item
        What is asked.
    answer : Answer
        What is said.
    """

    item: Item
    answer: Answer


def capital(text: str) -> str:
    """A sentence with a capital."""
    return text[:1].upper() + text[1:]
