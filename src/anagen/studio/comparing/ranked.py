"""A finished comparison as a table that sorts, with a strip for every gain."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel

from anagen.comparative.admission import not_admitted
from anagen.comparative.page import cannot_tell, headline, rows_of, spoken, standing_of, title_of
from anagen.comparative.ranking import ComparisonResult
from anagen.core.plain import records
from anagen.reports.numbers import has_band
from anagen.reports.wording import endpoint_names
from anagen.studio.page import Source
from anagen.studio.strips import Axis, axis_of

SORTS = {
    "rank": "Rank",
    "treatment": "Treatment",
    "gain": "Gain",
    "best": "Best",
    "beats": "Beats others",
    "nnt": "NNT",
    "events": "Adverse events",
    "cost": "Cost to the last visit",
    "grade": "Grade",
}
"""Columns that sort, and their words."""
GRADES = ("A", "B", "C", "D", "none")
LAST = float("inf")


class Ranked(BaseModel, frozen=True):
    """A treatment in a ranking.

    Attributes
    ----------
    words : dict of str to str
        Texts by the keys of `comparative.page.HEADER`.
    gain : float
        Gain over the own control.
    low : float or None
        5 % of the draws; None where there are too few.
    high : float or None
        95 % of them.
    keys : dict of str to float or str
        What it is sorted by, in each column; what is missing stands last.
    """

    words: dict[str, str]
    gain: float
    low: float | None
    high: float | None
    keys: dict[str, float | str]


class Ranking(BaseModel, frozen=True):
    """A finished comparison.

    Attributes
    ----------
    title : str
        What was compared.
    headline : str
        The largest gain in a sentence.
    unit : str
        Of the gains.
    axis : Axis
        What all strips share.
    rows : tuple of Ranked
        In the order of the ranking.
    says : tuple of str
        What is said beside the table.
    cannot_tell : str
        What the ranking cannot tell.
    standing : str
        How far the parameters are known.
    """

    title: str
    headline: str
    unit: str
    axis: Axis
    rows: tuple[Ranked, ...]
    says: tuple[str, ...]
    cannot_tell: str
    standing: str

    def ordered(self, sort: str) -> tuple[Ranked, ...]:
        """The rows by a column.

        Parameters
        ----------
        sort : str
            One of `SORTS`, with a minus for falling; the ranking's own order where it is none.

        Returns
        -------
        tuple of Ranked
            What is missing stands last either way.
        """
        name = sort.removeprefix("-")
        if name not in SORTS:
            return self.rows
        known = [row for row in self.rows if row.keys[name] != LAST]
        missing = [row for row in self.rows if row.keys[name] == LAST]
        falling = sort.startswith("-")
        return (*sorted(known, key=lambda row: _order(row.keys[name]), reverse=falling), *missing)


def ranking_of(result: ComparisonResult) -> Ranking:
    """A finished comparison as it is shown.

    Parameters
    ----------
    result : ComparisonResult
        From its folder.

    Returns
    -------
    Ranking
        In words, with what the strips need.
    """
    endpoint = result.comparison.study.endpoints.primary.endpoint
    banded = has_band(int(str(result.manifest["draws"])))
    pairs = zip(records(result.table), rows_of(result), strict=True)
    rows = tuple(_row(row, words, banded=banded) for row, words in pairs)
    ends = [end for row in rows for end in (row.low, row.high, row.gain) if end is not None]
    held = (*spoken(result),)
    return Ranking(
        title=title_of(result),
        headline=headline(result),
        unit=endpoint_names([endpoint])[endpoint].unit,
        axis=axis_of(ends),
        rows=rows,
        says=tuple(text for text in (not_admitted(result.comparison), *held) if text and text != cannot_tell()),
        cannot_tell=cannot_tell(),
        standing=standing_of(result.manifest),
    )


def sources_of(result: ComparisonResult) -> list[Source]:
    """Where the figures of a ranking come from.

    Parameters
    ----------
    result : ComparisonResult
        From its folder.

    Returns
    -------
    list of Source
        Parameters, then the evidence of every treatment.
    """
    manifest = result.manifest
    kind = "prior" if manifest.get("posterior") is None else "posterior"
    made = f"{manifest['parameter_source']}; version {manifest['version']}, seed {manifest['seed']}"
    sources = [Source("Gains, ranges, chances", kind, made)]
    for words in rows_of(result):
        grade = f"{words['grade']}; certainty {words['certainty']}"
        sources.append(Source(words["treatment"], grade, words["evidence"]))
    sources.append(Source("Costs", "assumption", "usual prices over the weeks compared; docs/compare.md"))
    return sources


def _row(row: dict[str, Any], words: dict[str, str], *, banded: bool) -> Ranked:
    low, high = (row["gain_low"], row["gain_high"]) if banded else (None, None)
    grade = str(row["grade"])
    return Ranked(
        words=words,
        gain=float(row["gain"]),
        low=low,
        high=high,
        keys={
            "rank": _number(row["rank"]),
            "treatment": words["treatment"].casefold(),
            "gain": _number(row["gain"]),
            "best": _number(row["best"]),
            "beats": _number(row["beats"]),
            "nnt": _number(row["nnt"]),
            "events": _number(row["any_adverse_event"]),
            "cost": _number(row["cost_low"]),
            "grade": float(GRADES.index(grade)),
        },
    )


def _order(key: float | str) -> tuple[float, str]:
    return (0.0, key) if isinstance(key, str) else (key, "")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else LAST
