"""Names of conditions: short as study files write them, or long as the signalling network does."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.patients.condition import Condition


def long_names(conditions: Mapping[str, Condition]) -> dict[str, str]:
    """The network's names of conditions that study files call otherwise.

    Parameters
    ----------
    conditions : Mapping[str, Condition]
        By the names of study files.

    Returns
    -------
    dict[str, str]
        Name in the network -> name in study files, where the two differ and only one condition has the name.

    Examples
    --------
    >>> from anagen.patients import CONDITIONS
    >>> long_names(CONDITIONS)
    {'alopecia_areata': 'aa', 'telogen_effluvium': 'te'}
    """
    named = [entry.network for entry in conditions.values()]
    return {
        entry.network: name
        for name, entry in conditions.items()
        if entry.network not in conditions and named.count(entry.network) == 1
    }
