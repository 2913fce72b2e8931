"""What the report needs to know of a study: its arms, endpoints and level, read from the study as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.core.measures import two_sided_level


@dataclass(frozen=True)
class Choice:
    """An endpoint at a visit under a measure; week in weeks, threshold in the endpoint's unit."""

    endpoint: str
    week: float
    measure: str
    threshold: float | None = None


@dataclass(frozen=True)
class Outline:
    """Arms, controls, endpoints and level of one study; comparators: arm -> the arm it names to be compared with."""

    title: str
    question: str
    arms: tuple[str, ...]
    controls: tuple[str, ...]
    primary: Choice
    secondary: tuple[Choice, ...]
    zone: str
    layout: str
    alpha: float
    uncontrolled: str | None
    comparators: Mapping[str, str]

    @property
    def confidence(self) -> float:
        """Level of the confidence intervals, 0.95 for alpha 0.05."""
        return 1.0 - self.alpha

    @property
    def confidence_text(self) -> str:
        """Level of the confidence intervals as printed."""
        return f"{round(100 * self.confidence, 2):g}\u00a0%"

    @property
    def treated(self) -> tuple[str, ...]:
        """Arms that are not controls."""
        return tuple(arm for arm in self.arms if arm not in self.controls)


def outline_of(study: Mapping[str, Any]) -> Outline:
    """Outline of a study given as plain data (the study file's names, JSON types).

    Raises
    ------
    KeyError
        Where a required entry of the study format is missing.
    """
    arms: Sequence[Mapping[str, Any]] = study["arms"]
    return Outline(
        title=str(study.get("title") or study["study"]),
        question=str(study.get("question") or ""),
        arms=tuple(str(arm["name"]) for arm in arms),
        controls=tuple(str(arm["name"]) for arm in arms if arm.get("control")),
        primary=_choice(study["endpoints"]["primary"]),
        secondary=tuple(_choice(entry) for entry in study["endpoints"].get("secondary") or ()),
        zone=str((study.get("measurement") or {}).get("zone") or ""),
        layout=str((study.get("design") or {}).get("layout") or "parallel"),
        alpha=two_sided_level(study.get("analysis") or {}),
        uncontrolled=study.get("uncontrolled"),
        comparators={str(arm["name"]): str(arm["comparator"]) for arm in arms if arm.get("comparator")},
    )


def _choice(entry: Mapping[str, Any]) -> Choice:
    threshold = entry.get("threshold")
    return Choice(
        endpoint=str(entry["endpoint"]),
        week=float(entry["week"]),
        measure=str(entry.get("measure") or "change"),
        threshold=None if threshold is None else float(threshold),
    )


def thresholds_of(study: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """Threshold of published shares, by endpoint and measure, where all of one kind have the same.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.

    Examples
    --------
    >>> row = {"endpoint": "salt", "measure": "responder_value", "threshold": 20}
    >>> thresholds_of({"observed": [row, row]})
    {('salt', 'responder_value'): 20.0}
    """
    found: dict[tuple[str, str], set[float]] = {}
    for row in study.get("observed") or ():
        if row.get("threshold") is not None:
            found.setdefault((str(row["endpoint"]), str(row["measure"])), set()).add(float(row["threshold"]))
    return {key: min(limits) for key, limits in found.items() if len(limits) == 1}


def is_split_scalp(outline: Outline) -> bool:
    """Whether the arms are sides of the same patients."""
    return outline.layout == "split_scalp"


def is_crossover(outline: Outline) -> bool:
    """Whether the arms are periods of the same patients."""
    return outline.layout == "crossover"
