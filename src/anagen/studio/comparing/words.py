"""Treatments, patients and the question of a comparison in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anagen.comparative.design import Comparison, parts_of
from anagen.comparative.page import arm_title
from anagen.delivery import ROUTES
from anagen.patients import CONDITIONS
from anagen.reports.wording import endpoint_names, joined, lower_first, sentence_case
from anagen.therapies import Therapy

SEX_WORDS = {"male": "men", "female": "women", "both": "men and women"}
MENOPAUSE_WORDS = {"before": "before the menopause", "after": "after the menopause"}
MOST_NAMED = 4
"""Treatments that the title of a run names."""


def title_of(treatment: str) -> str:
    """A treatment in words.

    Parameters
    ----------
    treatment : str
        As `parts_of` reads it.

    Returns
    -------
    str
        With the route where it is not the usual one.

    Examples
    --------
    >>> title_of("exosome@microneedle+minoxidil")
    'Exosomes, laid on after microneedling + minoxidil'
    """
    return sentence_case(_words(treatment))


def job_title(spec: Mapping[str, Any]) -> str:
    """What a run of a comparison is called in the history.

    Parameters
    ----------
    spec : Mapping of str to Any
        Of a job.

    Returns
    -------
    str
        Treatments, patients, endpoint and week.
    """
    names = [_words(name) for name in spec["treatments"]]
    more = len(names) - MOST_NAMED
    words = joined(names) if more <= 1 else f"{', '.join(names[:MOST_NAMED])} and {more} more"
    return f"{sentence_case(words)}: {group_words(spec)}"


def group_words(spec: Mapping[str, Any]) -> str:
    """Whom and what a comparison is about, in a line.

    Parameters
    ----------
    spec : Mapping of str to Any
        From `Asked.spec`.

    Returns
    -------
    str
        Patients, endpoint and week.
    """
    endpoint = endpoint_names([spec["endpoint"]])[spec["endpoint"]].title
    who = " ".join(filter(None, (SEX_WORDS[spec["sex"]], MENOPAUSE_WORDS.get(spec["menopause"] or "", ""))))
    return f"{CONDITIONS[spec['condition']].title}, {who}; {lower_first(endpoint)} at week {spec['weeks']:g}"


def arm_words(plan: Comparison, name: str) -> str:
    """An arm of a comparison in words.

    Parameters
    ----------
    plan : Comparison
        What is compared.
    name : str
        Of the arm.

    Returns
    -------
    str
        With a capital.
    """
    return sentence_case(arm_title(plan, name))


def part_words(therapy: Therapy, route: str) -> str:
    """A therapy in words, with its route where it is not the act of that route by itself.

    Parameters
    ----------
    therapy : Therapy
        Of a treatment.
    route : str
        As in the table of routes.

    Returns
    -------
    str
        For the middle of a sentence.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> part_words(THERAPIES["exosome"], "microneedle"), part_words(THERAPIES["microneedling"], "microneedle")
    ('exosomes, laid on after microneedling', 'microneedling')
    """
    way = ROUTES[route].way_of(therapy)
    return f"{therapy.title}, {way}" if way else therapy.title


def _words(treatment: str) -> str:
    """A treatment in words for the middle of a sentence."""
    parts = parts_of(treatment)
    return " + ".join(
        part.therapy.title if part.route == part.therapy.routes[0] else part_words(part.therapy, part.route)
        for part in parts
    )
