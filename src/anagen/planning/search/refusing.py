"""What a search refuses before anything is simulated: claims it is not of, too many designs, arms that do not fit."""

from __future__ import annotations

import math
from dataclasses import replace

from anagen.core.errors import InputError, Problem
from anagen.planning.question import Question
from anagen.planning.search.axes import Space
from anagen.planning.search.variant import plain, written_study

MOST_DESIGNS = 2_000


def refuse_claims(question: Question) -> None:
    """A search is of one claim an arm at one look; what a study decides beyond that is simulated by `anagen power`."""
    analysis, named = question.study.analysis, list[str]()
    for name in ("multiplicity", "interim", "dose_response"):
        if getattr(analysis, name) is not None:
            named.append(name)
    if math.isnan(question.beyond(question.study.endpoints.primary)):
        named.append("hypothesis")
    if named:
        message = (
            "is not searched: a search is of superiority or non-inferiority at the end of a trial; take it out of the "
            "study to search, and put it into best.yaml for `anagen power`"
        )
        raise InputError([Problem(None, None, None, f"analysis.{name}", message) for name in named])


def refuse_too_many(space: Space) -> None:
    """More designs than can be simulated."""
    if space.designs > MOST_DESIGNS:
        named = " x ".join(f"{len(axis.values)} ({axis.name})" for axis in space.axes)
        message = f"{named} make {space.designs:,} designs to simulate; at most {MOST_DESIGNS:,}"
        raise InputError([Problem(None, None, None, "vary", message)])


def refuse_arms(space: Space) -> None:
    """Arms that are kept make a study by themselves."""
    problems: list[Problem] = []
    data = plain(space.study)
    for label, kept in zip(space.arms.labels, space.arms.values, strict=True):
        assert isinstance(kept, tuple)
        if len(kept) < len(space.study.arms):
            sizes = [space.study.arms[i].patients for i in kept]
            try:
                written_study(space, data | {"observed": []}, kept, sizes)
            except InputError as error:
                problems += [replace(each, field=f"--vary arms={label}: {each.field}") for each in error.problems]
    if problems:
        raise InputError(problems)
