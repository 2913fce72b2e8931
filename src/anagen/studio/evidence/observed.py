"""Predicted against observed: the scores that come with the package, as filtered, and their picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from pydantic import BaseModel

from anagen.evidence.published import published
from anagen.reports.numbers import interval, number
from anagen.reports.wording import endpoint_names, pretty_unit, subject_text
from anagen.studio.evidence.filters import Asked
from anagen.validation.folder import ShippedScores, shipped_scores
from anagen.validation.scores import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


LEVEL = "level"
LEVELS = ("value",)
"""Measures that are no changes, which would press the changes together in one picture."""


class Value(BaseModel, frozen=True):
    """A published value and its prediction.

    Attributes
    ----------
    study : str
        Name of the study file.
    subject : str
        Arm, or difference of two.
    quantity : str
        Endpoint and measure.
    week : str
        When.
    observed : str
        As published.
    predicted : str
        Median.
    band : str
        90 % predictive interval.
    verdict : str
        "inside", "outside", or "not counted" where its file excludes it.
    """

    study: str
    subject: str
    quantity: str
    week: str
    observed: str
    predicted: str
    band: str
    verdict: str


class Observed(BaseModel, frozen=True):
    """Predicted against observed.

    Attributes
    ----------
    says : str
        How many values lie inside their 90 % predictive interval.
    group : str
        What the picture holds: a unit, with "level" behind it where values are no changes; "" where there is nothing.
    groups : dict of str to str
        What there is, and its words.
    values : tuple of Value
        Of that unit.
    made : str
        Which version, draws and parameters the predictions are of.
    current : bool
        Whether they were made with the parameters as they are.
    """

    says: str
    group: str
    groups: dict[str, str]
    values: tuple[Value, ...]
    made: str
    current: bool


def observed_of(found: Asked, group: str = "") -> Observed:
    """Predictions of the published values that filters leave.

    Parameters
    ----------
    found : Asked
        What was asked for.
    group : str
        Of the values shown; that of most where it is none of them.

    Returns
    -------
    Observed
        As shown.
    """
    scores = _scores()
    rows = scored_rows(found)
    names = rows["group"].value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    groups = {str(name): group_words(str(name)) for name in names}
    shown = group if group in groups else next(iter(groups), "")
    part = rows[rows["group"] == shown]
    kept = counted(part)
    inside = int(kept["inside90"].astype(bool).sum())
    lie = "value lies inside its" if len(kept) == 1 else "values lie inside their"
    says = f"{inside} of {len(kept)} published {lie} 90\u00a0% predictive interval."
    manifest = scores.manifest
    made = (
        f"Predictions of version {manifest['version']}, {manifest['draws']} parameter draws, "
        f"{manifest['parameter_source']}, parameters {str(manifest['parameters_sha256'])[:12]}."
    )
    return Observed(
        says=says if len(kept) else "None of these values was predicted.",
        group=shown,
        groups=groups,
        values=tuple(_value(row) for _, row in part.iterrows()),
        made=made,
        current=scores.current,
    )


def scored_rows(found: Asked) -> pd.DataFrame:
    """Scores that come with the package, as filtered.

    Parameters
    ----------
    found : Asked
        What was asked for.

    Returns
    -------
    pd.DataFrame
        Rows with a prediction, as published, with the group of each.
    """
    rows = _scores().table
    rows = rows[rows["comparable"].astype(bool) & ~rows["derived"].astype(bool)]
    levels = rows["measure"].isin(LEVELS) & (rows["unit"] != "share")
    rows = rows.assign(group=rows["unit"].where(~levels, rows["unit"] + f" {LEVEL}"))
    therapy, endpoint, use = (found.value(name) for name in ("therapy", "endpoint", "use"))
    if therapy:
        # a list of no rows would choose no columns
        given = rows["therapies"].map(lambda each: therapy in str(each).replace(" vs ", "+").split("+"))
        rows = rows[given.astype(bool)]
    if endpoint:
        rows = rows[rows["endpoint"] == endpoint]
    if use:
        rows = rows[rows["use"] == use]
    if condition := found.value("condition"):
        studies = {row.study_file for row in published(condition=condition).rows}
        rows = rows[rows["study"].map(lambda name: str(name).partition("@")[0] in studies).astype(bool)]
    return rows


def group_words(group: str) -> str:
    """A group of values in words.

    Parameters
    ----------
    group : str
        A unit, with "level" behind it where values are no changes.

    Returns
    -------
    str
        With the unit as printed.

    Examples
    --------
    >>> group_words("hairs/cm2"), group_words("hairs/cm2 level"), group_words("share")
    ('changes, hairs/cm²', 'levels, hairs/cm²', 'patients, %')
    """
    if group == "share":
        return "patients, %"
    unit, _, level = group.partition(" ")
    return ", ".join(filter(None, ("levels" if level else "changes", pretty_unit(unit))))


def draw(found: Asked, group: str) -> Figure:
    """The picture of values of one group.

    Parameters
    ----------
    found : Asked
        What was asked for.
    group : str
        One of those that there are.

    Returns
    -------
    Figure
        In the style of the reports.
    """
    from anagen.validation.scatter import draw_scatter

    rows = scored_rows(found)
    part = rows[rows["group"] == group]
    return draw_scatter(part, str(part["unit"].iloc[0]))


def alt_of(found: Asked, group: str) -> str:
    """Text alternative of the picture.

    Parameters
    ----------
    found : Asked
        What was asked for.
    group : str
        One of those that there are, or "".

    Returns
    -------
    str
        In words; "" where there is no picture.
    """
    from anagen.validation.scatter import scatter_alt

    rows = scored_rows(found)
    part = rows[rows["group"] == group]
    return scatter_alt(part, str(part["unit"].iloc[0])) if len(part) else ""


@cache
def _scores() -> ShippedScores:
    """The shipped scores, read once."""
    return shipped_scores()


def _value(row: pd.Series) -> Value:
    scale = 100.0 if row["unit"] == "share" else 1.0
    places = 2 if row["unit"] == "1" else 1
    title = endpoint_names([str(row["endpoint"])])[str(row["endpoint"])].title
    unit = "%" if row["unit"] == "share" else pretty_unit(str(row["unit"]))
    measure = str(row["measure"]).replace("_", " ")
    verdict = "not counted" if row["use"] == "exclude" else "inside" if bool(row["inside90"]) else "outside"
    return Value(
        study=str(row["study"]),
        subject=subject_text(row["subject"]),
        quantity=f"{title}, {measure}" + (f" [{unit}]" if unit else ""),
        week="" if pd.isna(row["week"]) else f"{row['week']:g}",
        observed=number(row["observed"] * scale, places),
        predicted=number(row["predicted"] * scale, places),
        band=interval(row["low90"] * scale, row["high90"] * scale, places, signed=False),
        verdict=verdict,
    )
