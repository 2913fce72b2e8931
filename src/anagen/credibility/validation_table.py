"""Predicted against observed for an assessment: the study's own values, and scores of related shipped studies."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from anagen.credibility.published import CHECKS, NEAREST, RELATIONS

COLUMNS = (
    "study",
    "subject",
    "therapies",
    "endpoint",
    "week",
    "measure",
    "observed",
    "observed_se",
    "predicted",
    "low50",
    "high50",
    "low90",
    "high90",
    "inside90",
    "z",
    "crps",
)
"""Columns of a table of scores, one row per published value."""


def study_scores(study: str, comparison: pd.DataFrame, therapies: Mapping[str, str]) -> pd.DataFrame:
    """Rows of the study's own comparison that have a prediction, in the columns of a table of scores.

    Parameters
    ----------
    study : str
        Name.
    comparison : pd.DataFrame
        Table of `evidence.comparison`.
    therapies : Mapping[str, str]
        Subject -> therapies of the arm it tells of.

    Returns
    -------
    pd.DataFrame
        Table with COLUMNS; what a comparison does not hold (50 % intervals and CRPS) is missing.
    """
    rows = comparison[comparison["comparable"].astype(bool)]
    table = pd.DataFrame(
        {
            "study": study,
            "subject": rows["subject"],
            "therapies": [therapies.get(str(subject), "") for subject in rows["subject"]],
            **{name: rows[name] for name in ("endpoint", "week", "measure", "observed", "observed_se", "predicted")},
            "low50": math.nan,
            "high50": math.nan,
            "low90": rows["low90"],
            "high90": rows["high90"],
            "inside90": rows["inside"].astype(bool),
            "z": rows["z"],
            "crps": math.nan,
        }
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def validation_rows(study_rows: pd.DataFrame, published: pd.DataFrame, scores: pd.DataFrame | None) -> pd.DataFrame:
    """Scores of this study and of related shipped studies with their relation and use, the nearest first.

    Rates of adverse events and values that a study file excludes from comparison are left out.

    Parameters
    ----------
    study_rows : pd.DataFrame
        Scores of the study itself.
    published : pd.DataFrame
        From `published_table`, which says what is related and how.
    scores : pd.DataFrame | None
        Of the shipped studies, with COLUMNS; None where they were not computed.

    Returns
    -------
    pd.DataFrame
        Table with COLUMNS, `relation` and `use`. A study that is among the scores and assessed itself keeps the rows of
        its own run.

    Raises
    ------
    ValueError
        Where a column of `scores` is missing.
    """
    whole = study_rows
    if scores is not None:
        missing = [name for name in COLUMNS if name not in scores.columns]
        if missing:
            raise ValueError(f"the table of scores lacks {', '.join(missing)}")
        others = scores[~scores["study"].isin(set(study_rows["study"]))]
        whole = pd.concat(
            [part[list(COLUMNS)] for part in (study_rows, others) if len(part)] or [study_rows], ignore_index=True
        )
    keys = ["study", "subject", "endpoint", "week", "measure"]
    # a study that prints one quantity twice, by two thresholds or read twice, is matched once per printed value
    numbered = published.assign(_nth=published.groupby(keys).cumcount())[[*keys, "_nth", "relation", "use"]]
    joined = whole.assign(_nth=whole.groupby(keys).cumcount()).merge(numbered, on=[*keys, "_nth"], how="inner")
    order = joined["relation"].map({name: place for place, name in enumerate(RELATIONS)})
    return (
        joined.assign(_order=order)
        .sort_values("_order", kind="stable", ignore_index=True)
        .drop(columns=["_order", "_nth"])
    )


def coverage(rows: pd.DataFrame, *, nearest: bool = True, independent: bool = False) -> tuple[int, int]:
    """Number of values inside their 90 % predictive interval, and of all.

    Parameters
    ----------
    rows : pd.DataFrame
        From `validation_rows`.
    nearest : bool, default True
        Of the nearest relation, or of every one.
    independent : bool, default False
        Only of values that inform no parameter.
    """
    chosen = rows[rows["relation"] == NEAREST] if nearest else rows
    chosen = chosen[chosen["use"] == CHECKS] if independent else chosen
    return int(chosen["inside90"].astype(bool).sum()), len(chosen)
