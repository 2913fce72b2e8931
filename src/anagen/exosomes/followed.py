"""How long vesicles were followed in each state, and what of a history lies beyond that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.core.words import counted
from anagen.exosomes.series import Rows, followed
from anagen.exosomes.storage import State, StorageStep


@dataclass(frozen=True, slots=True)
class Followed:
    """A published series: state, temperatures [C], days, source."""

    state: State
    coldest: float
    warmest: float
    days: float
    source: str


FOLLOWED: tuple[Followed, ...] = (
    Followed("liquid", 0.0, 8.0, 7.0, "days at 4 C; what is lost was read for 48 h, doi:10.1371/journal.pone.0243738"),
    Followed("frozen", -80.0, -20.0, 28.0, "28 days at -20 and -80 C, doi:10.1080/10717544.2020.1869866"),
    Followed("dry", -80.0, 8.0, 730.0, "milk vesicles, 24 months at 2 to 8 C, PMID 39554868"),
    Followed("dry", 8.0, 50.0, 90.0, "milk vesicles, 3 months at 50 C, PMID 39554868"),
)
"""The longest series of each state that were read."""
FROZEN_SLACK = 10.0
"""Degrees below the coldest temperature of a freezer that still count as its own."""


def longest_followed(state: State, temperature: float) -> Followed | None:
    """The longest published series at a temperature; None where there is none."""
    slack = FROZEN_SLACK if state == "frozen" else 0.0
    fitting = [
        entry for entry in FOLLOWED if entry.state == state and entry.coldest - slack <= temperature <= entry.warmest
    ]
    return max(fitting, key=lambda entry: entry.days, default=None)


def beyond_measured(history: Sequence[StorageStep], rows: Rows = ()) -> tuple[str, ...]:
    """What of a history was never followed so long or at that temperature, in words; empty where all of it was.

    Parameters
    ----------
    history : Sequence[StorageStep]
        Steps in order.
    rows : Rows, default ()
        The maker's own series.

    Examples
    --------
    >>> beyond_measured([StorageStep(4.0, 2.0)])
    ()
    >>> print(beyond_measured([StorageStep(4.0, 9.0)])[0].partition(":")[0])
    liquid for 9 days at 4 C
    """
    days: dict[tuple[State, float], float] = {}
    for step in history:
        key = (step.state, step.temperature)
        days[key] = days.get(key, 0.0) + step.days
    words: list[str] = []
    for (state, temperature), stay in days.items():
        own, published = followed(rows, state, temperature), longest_followed(state, temperature)
        if own is not None and stay <= own:
            continue
        told = f"{state} for {counted(stay, 'day')} at {temperature:g} C"
        if own is not None:
            words.append(
                f"{told}: the maker's series ends at {counted(own, 'day')}; the loss beyond is an extrapolation"
            )
        elif published is None:
            words.append(
                f"{told}: no series at this temperature was read; the loss is an extrapolation over temperature"
            )
        elif stay > published.days:
            seen = f"the longest series read is {counted(published.days, 'day')} ({published.source})"
            words.append(f"{told}: {seen}; the loss beyond is an extrapolation")
    return tuple(words)


def extrapolated(history: Sequence[StorageStep], rows: Rows = ()) -> bool:
    """Whether a history goes beyond what was ever followed."""
    return bool(beyond_measured(history, rows))
