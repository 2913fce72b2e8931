"""The names under which people know a therapy: its own, its title, its brands and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anagen.core import plugins
from anagen.core.errors import InputError, Problem
from anagen.therapies import THERAPIES, Therapy


@dataclass(frozen=True, slots=True)
class Synonym:
    """A name of a therapy.

    Parameters
    ----------
    words : str
        As people write it ("FUE").
    therapy : Therapy
        What is meant.
    what : str
        What the name is, in a sentence; empty for the therapy's own name and title.
    formulation : str or None
        The formulation that the name stands for ("fue"), where it stands for one.
    """

    words: str
    therapy: Therapy
    what: str = ""
    formulation: str | None = None


def plain(words: str) -> str:
    """A name without the differences that do not matter: capitals, spaces, underscores.

    Examples
    --------
    >>> plain("Low level_light")
    'low-level-light'
    """
    return re.sub(r"[\s_-]+", "-", words.strip().casefold())


@cache
def synonyms() -> Mapping[str, Synonym]:
    """Every name of every therapy, by its plain form: the one table that turns what people write into a therapy.

    Raises
    ------
    InputError
        Where two therapies claim one name.
    """
    table: dict[str, Synonym] = {}
    for therapy in THERAPIES.values():
        names = [Synonym(therapy.name, therapy), Synonym(therapy.title, therapy)]
        names += [Synonym(words, therapy, alias.what, alias.formulation) for words, alias in therapy.aliases.items()]
        for name in names:
            other = table.setdefault(plain(name.words), name)
            if other.therapy is not therapy:
                message = f"{name.words!r} names {other.therapy.name!r} already; give {therapy.name!r} another name"
                origin = THERAPIES.origin(therapy.name)
                raise InputError([Problem(None, None, None, f"{plugins.THERAPIES} of {origin.text()}", message)])
    return table


def meant_by(words: str) -> Synonym | None:
    """The therapy that a name stands for, or None.

    Examples
    --------
    >>> meant_by("Avodart").therapy.name, meant_by("FUE").formulation, meant_by("water")
    ('dutasteride', 'fue', None)
    """
    return synonyms().get(plain(words))


def spellings() -> tuple[str, ...]:
    """Every name as people write it, the therapies' own names first."""
    return tuple(dict.fromkeys((*THERAPIES.names(), *(name.words for name in synonyms().values()))))
