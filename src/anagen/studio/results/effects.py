"""The primary effects of finished trials, for the history and for two runs side by side."""

from __future__ import annotations

import csv
import json
import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

from anagen.analysis.bands import LEAST_DRAWS, band
from anagen.core.errors import InputError
from anagen.reports.amounts import amounts_of
from anagen.reports.wording import contrast_text, endpoint_names, lower_first, measure_words, titled, weeks
from anagen.studio.jobs.job import DONE, Job
from anagen.studio.kinds.run import study_of

EFFECTS = "effects.csv"
WIDTH, HEIGHT, EDGE = 160, 28, 8


@dataclass(frozen=True)
class Effect:
    """A primary effect.

    Attributes
    ----------
    contrast : str
        Which arms, in words.
    quantity : str
        What was measured, in words, with its unit.
    estimate : float or None
        Of the first trial; None where the run holds no trial.
    low : float or None
        Lower end of its interval.
    high : float or None
        Upper end of its interval.
    expected : float or None
        Mean over the parameter draws.
    words : str
        Estimate and interval, printed.
    expected_words : str
        Expected effect and the middle nine tenths of the parameter draws, printed.
    """

    contrast: str
    quantity: str
    estimate: float | None
    low: float | None
    high: float | None
    expected: float | None
    words: str
    expected_words: str


def effects_of(job: Job) -> tuple[Effect, ...]:
    """Primary effects of a run.

    Parameters
    ----------
    job : Job
        Of any kind.

    Returns
    -------
    tuple of Effect
        One for each contrast; empty where the result holds none, or was damaged, which hides no other run.
    """
    file = job.folder / EFFECTS
    if job.kind != "run" or job.state != DONE or job.deleted or not file.is_file():
        return ()
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        logging.getLogger("anagen.studio").warning("effects of run %s cannot be read: %r", job.id, error)
        return ()


def reach_of(effects: Iterable[Effect]) -> float:
    """How far from zero a picture of effects has to reach.

    Parameters
    ----------
    effects : Iterable of Effect
        Of one quantity.

    Returns
    -------
    float
        In the unit of the tables; 1 where there is nothing to draw.
    """
    ends = [end for effect in effects for end in (effect.estimate, effect.low, effect.high) if end is not None]
    return max((abs(end) for end in ends), default=0.0) or 1.0


def picture(effects: Sequence[Effect], reach: float | None = None) -> Markup:
    """A small picture of effects with their intervals about zero, all on one scale.

    Parameters
    ----------
    effects : Sequence of Effect
        The first three are drawn.
    reach : float or None
        How far from zero it reaches; as far as these effects do where left out.

    Returns
    -------
    Markup
        SVG; empty where there is nothing to draw.
    """
    drawn = [effect for effect in effects if effect.estimate is not None][:3]
    if not drawn:
        return Markup("")
    height = HEIGHT * len(drawn)
    words = "; ".join(f"{effect.contrast}: {effect.words}" for effect in drawn)
    reach = reach or reach_of(drawn)
    rows = "".join(_row(effect, HEIGHT * (place + 0.5), reach) for place, effect in enumerate(drawn))
    middle = WIDTH / 2
    return Markup(
        f'<svg class="effect" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(words)}">'
        f'<line class="zero" x1="{middle}" x2="{middle}" y1="0" y2="{height}"/>{rows}</svg>'
    )


def differences(first: Job, second: Job) -> list[tuple[str, str, str]]:
    """What was asked for differently.

    Parameters
    ----------
    first : Job
        One run.
    second : Job
        Another run.

    Returns
    -------
    list of tuple
        Path of the value, and how it stands in each; a dash where it is not there or as usual. A study counts as it
        is meant: a default that one of them writes down is no difference.
    """
    one, other = (dict(_leaves(_meant(job))) for job in (first, second))
    return [
        (path, one.get(path, "–"), other.get(path, "–"))
        for path in dict.fromkeys([*one, *other])
        if one.get(path) != other.get(path)
    ]


def _meant(job: Job) -> dict[str, Any]:
    """What a run was asked for, its study written in one way, without what is as usual."""
    if not isinstance(job.spec.get("study"), Mapping):
        return dict(job.spec)
    try:
        study = study_of(job.spec)
    except InputError:
        # a study of another version stands as it was asked for
        return dict(job.spec)
    return dict(job.spec) | {"study": yaml.safe_load(study.to_yaml())}


def _row(effect: Effect, y: float, reach: float) -> str:
    assert effect.estimate is not None
    ends = [end if end is not None else effect.estimate for end in (effect.low, effect.high)]
    low, high, at = (
        WIDTH / 2 + value / reach * (WIDTH / 2 - EDGE) for value in (min(ends), max(ends), effect.estimate)
    )
    return (
        f'<line class="interval" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
        f'<circle class="estimate" cx="{at:.1f}" cy="{y}" r="5"/>'
    )


@lru_cache(maxsize=500)
def _read(file: Path, changed: int) -> tuple[Effect, ...]:
    """Effects of a file, which is read again where it has changed."""
    del changed
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["role"] == "primary"]
    first = [row for row in rows if row["kind"] == "trial" and row["replicate"] == "0"]
    expected = {
        (row["arm"], row["control"]): _number(row["estimate"])
        for row in rows
        if row["kind"] == "expected" and row["draw"] == "0"
    }
    draws = [row for row in rows if row["kind"] == "expected" and row["draw"] != "0"]
    found: list[Effect] = []
    for row in first:
        arms = row["arm"], row["control"]
        own = [_number(each["estimate"]) for each in draws if (each["arm"], each["control"]) == arms]
        ends = band([value for value in own if value is not None], least=LEAST_DRAWS)
        found.append(_effect(row, expected.get(arms), ends))
    return tuple(found)


def _effect(row: Mapping[str, str], expected: float | None, ends: Sequence[float]) -> Effect:
    name = endpoint_names([row["endpoint"]])[row["endpoint"]]
    estimate, low, high = (_number(row[column]) for column in ("estimate", "ci_low", "ci_high"))
    error = _number(row["standard_error"])
    amounts = amounts_of(row["measure"], name.unit, error, estimate, control=row["control"])
    what = measure_words(row["measure"], row["threshold"] or None, name)
    quantity = titled(name.title, amounts.unit)
    return Effect(
        contrast=contrast_text(row["arm"], row["control"]),
        quantity=f"{quantity}, {lower_first(what)}, week {weeks(float(row['week']))}",
        estimate=estimate,
        low=low,
        high=high,
        expected=expected,
        words=f"{amounts.bare(estimate)} ({amounts.interval(low, high)})",
        expected_words=amounts.bare(expected)
        + ("" if any(map(math.isnan, ends)) else f" ({amounts.interval(ends[0], ends[-1])})"),
    )


def _number(text: str) -> float | None:
    value = float(text) if text else math.nan
    return value if math.isfinite(value) else None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Values of a specification by their paths; entries of lists that have a name go by it."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _leaves(inside, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value):
        for place, inside in enumerate(value):
            named = inside.get("name", place) if isinstance(inside, dict) else place
            yield from _leaves(inside, f"{path}[{named}]")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
