"""What stands beside the model's mean effect, in words: the next product or trial, and published trials pooled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.reports.numbers import is_number, number
from anagen.reports.wording import joined

if TYPE_CHECKING:
    import pandas as pd

WHY_APART = (
    "The two differ because the model takes off what trials of other designs say too much, knows doses and weeks, and "
    "starts from a prior; the pooled figure does none of this"
)


def beside_sentences(manifest: Mapping[str, Any], row: Mapping[str, Any] | pd.Series) -> list[str]:
    """The band of the next product or trial and the published trials pooled, as one paragraph; empty where not told.

    Where the pooled figure lies more than half of the model's band away from the middle of that, the reason is said.

    Parameters
    ----------
    manifest : Mapping[str, Any]
        Of the result.
    row : Mapping[str, Any] or pd.Series
        With arm, control, low90 and high90 [hairs/cm2].
    """
    parts = beside_parts(manifest, row)
    if not parts:
        return []
    sentences = [part[:1].upper() + part[1:] for part in parts]
    trials = _beside(manifest, row).get("trials")
    if trials is None:
        sentences.append("No controlled trial of it with a standard error is known that could stand beside this")
    elif abs(trials["median"] - 0.5 * (row["low90"] + row["high90"])) > 0.5 * (row["high90"] - row["low90"]):
        sentences.append(WHY_APART)
    return [". ".join([*sentences, ""]).strip()]


def beside_parts(manifest: Mapping[str, Any], row: Mapping[str, Any] | pd.Series) -> list[str]:
    """What `beside_sentences` says, each part without a capital and a full stop."""
    told = _beside(manifest, row)
    if not told or not is_number(row["low90"]):
        return []
    trials = told.get("trials")
    return [next_trial(told)] if trials is None else [next_trial(told), _pooled(trials)]


def next_trial(told: Mapping[str, Any]) -> str:
    """The band of a further product or trial, from `beside_effect`, without a capital and a full stop.

    Examples
    --------
    >>> next_trial({"spread": 9.04, "next_low": -16.2, "next_high": 17.7}).partition("them ")[2]
    '(standard deviation 9.0 hairs/cm²), gains −16 to +18 (90 %)'
    """
    return (
        "a further product or trial, with the spread between them (standard deviation "
        f"{told['spread']:.1f} hairs/cm²), gains {_signed(told['next_low'])} to {_signed(told['next_high'])} (90 %)"
    )


def _patients(trials: Mapping[str, Any]) -> str:
    """Patients of the one trial in brackets; of a pool of several they are not told, as it counts as a small one."""
    if "several trials pooled" in trials["names"][0]:
        return ", which counts as one small trial, "
    return f" ({trials['patients'][0]:.0f} patients), "


def _pooled(trials: Mapping[str, Any]) -> str:
    """What published controlled trials found, and what they say once the bias of small ones is taken off."""
    low, high = trials["interval"]
    say = (
        f"{_signed(trials['median'])} hairs/cm² (90 % {_signed(low)} to {_signed(high)}; chance of no gain "
        f"{100.0 * trials['below_zero']:.0f} %)"
    )
    found = sorted(trials["found"])
    if trials["trials"] == 1:
        return (
            f"the one published controlled trial (of any dose and route) that can stand beside it, {trials['names'][0]}"
            f"{_patients(trials)}found {_signed(found[0])}; with the bias taken off that so "
            f"small a trial is expected to have, it says {say}"
        )
    return (
        f"published controlled trials ({joined(trials['names'])}) found {_signed(found[0])} to {_signed(found[-1])}; "
        f"pooled, with the bias taken off that small ones are expected to have, they say {say}"
    )


def _signed(value: float) -> str:
    """A whole number of hairs with its sign; zero has none."""
    return number(value, 0, signed=True)


def _beside(manifest: Mapping[str, Any], row: Mapping[str, Any] | pd.Series) -> Mapping[str, Any]:
    told = manifest.get("beside") or ()
    return next((each for each in told if (each["arm"], each["control"]) == (row["arm"], row["control"])), {})
