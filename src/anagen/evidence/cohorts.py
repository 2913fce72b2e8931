"""Study files that tell of the same patients: to predict one of them fairly, all of them must be left out."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.study import Study


def groups(studies: Mapping[str, Study]) -> tuple[tuple[str, ...], ...]:
    """Names of studies grouped by what they share: a publication (the source of a value or of the study) or a cohort.

    Sharing is handed on: where a and b share a publication and b and c a cohort, the three are one group.

    Parameters
    ----------
    studies : Mapping[str, Study]
        By name.

    Returns
    -------
    tuple[tuple[str, ...], ...]
        Groups in the order of their first study, names within a group in the order given.

    Examples
    --------
    >>> from anagen.study.shipped import shipped_studies
    >>> from anagen.study import Study
    >>> names = ["kaufman-1998-finasteride", "olsen-2002-minoxidil", "kaufman-1998-photographs"]
    >>> groups({name: Study.load(shipped_studies()[name]) for name in names})
    (('kaufman-1998-finasteride', 'kaufman-1998-photographs'), ('olsen-2002-minoxidil',))
    """
    merged: list[tuple[set[str], set[tuple[str, str]]]] = []
    for name, study in studies.items():
        names, marks = {name}, marks_of(study)
        for other in [group for group in merged if group[1] & marks]:
            merged.remove(other)
            names, marks = names | other[0], marks | other[1]
        merged.append((names, marks))
    order = {name: place for place, name in enumerate(studies)}
    ordered = (tuple(sorted(names, key=order.__getitem__)) for names, _ in merged)
    return tuple(sorted(ordered, key=lambda names: order[names[0]]))


def marks_of(study: Study) -> set[tuple[str, str]]:
    """What a study can share with another: its sources, and its cohort where it names one."""
    sources = {row.source for row in study.observed if row.source} | ({study.source} if study.source else set())
    marks = {("source", source) for source in sources}
    return marks | {("cohort", study.cohort)} if study.cohort else marks
