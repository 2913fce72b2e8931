"""Numbers behind the figures: individual changes, means with intervals, parameter intervals, chance of significance."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray

if TYPE_CHECKING:
    from anagen.reports.outline import Choice


@dataclass(frozen=True, slots=True)
class Share:
    """How many patients of an arm are counted in a share, of how many who have an outcome."""

    reached: int
    judged: int

    @property
    def share(self) -> float:
        """From 0 to 1; NaN where nobody has an outcome."""
        return self.reached / self.judged if self.judged else float("nan")


def rows_of(visits: pd.DataFrame, endpoint: str, zone: str = "") -> pd.DataFrame:
    """Rows of the first replicate for one endpoint, and one zone where several were measured."""
    keep = (visits["replicate"].to_numpy() == 0) & (visits["endpoint"] == endpoint).to_numpy()
    rows = visits.loc[keep]
    if zone and "zone" in rows.columns and rows["zone"].nunique() > 1:
        rows = rows.loc[(rows["zone"] == zone).to_numpy()]
    return rows


def individual_values(rows: pd.DataFrame, column: str, measure: str) -> pd.DataFrame:
    """`measure` of `column` for every arm, patient and week.

    change = x(week) - x(0); percent_change = 100 (x(week) / x(0) - 1); value = x(week). Responder endpoints are shown
    as the change that the response is judged on. Patients without a baseline have no change and give NaN.

    Parameters
    ----------
    rows : pd.DataFrame
        Of one endpoint (columns arm, patient, week and `column`).
    column : str
        Column of the values.
    measure : str
        "value", "change" or "percent_change", or a responder measure.

    Returns
    -------
    pd.DataFrame
        Frame with columns arm (category), patient, week, value.
    """
    arm = rows["arm"].astype("category")
    patient = rows["patient"].to_numpy(np.int64)
    week, value = rows["week"].to_numpy(np.float64), rows[column].to_numpy(np.float64)
    if measure != "value" and len(rows):
        codes = arm.cat.codes.to_numpy(np.int64)
        key = codes * (patient.max() + 1) + patient
        people, person = np.unique(key, return_inverse=True)
        first = np.full(people.size, np.nan)
        at_baseline = week == 0.0
        first[person[at_baseline]] = value[at_baseline]
        before = first[person]
        value = value - before
        if measure == "percent_change":
            value = 100.0 * np.divide(value, before, out=np.full_like(value, np.nan), where=before != 0)
    return pd.DataFrame({"arm": arm.array, "patient": patient, "week": week, "value": value})


def shares_reached(visits: pd.DataFrame, choice: Choice, *, rising: bool, zone: str = "") -> dict[str, Share]:
    """Patients of the first replicate who reached the threshold, by the arm that they were randomised to.

    They are the patients of the contrast: those with an outcome, whatever they took.

    Parameters
    ----------
    visits : pd.DataFrame
        The visits table.
    choice : Choice
        Endpoint, week, one of the measures that count responders, and its threshold.
    rising : bool
        Whether a rise of the endpoint is the wanted change.
    zone : str, default ""
        Zone of the scalp.

    Returns
    -------
    dict of str to Share
        Arm -> how many; without arms in which nobody was measured at that week.
    """
    rows = rows_of(visits, choice.endpoint, zone)
    rows = rows.loc[rows["assigned"].to_numpy(bool)]
    keys = ["arm", "patient"]
    columns = {"arm": rows["arm"].astype(str), "patient": rows["patient"], "measured": rows["measured"]}
    table = pd.DataFrame(columns).assign(week=rows["week"].astype(float))
    after = table.loc[table["week"] == choice.week].drop(columns="week")
    before = table.loc[table["week"] == 0.0].drop(columns="week")
    both = after.merge(before, on=keys, how="left", suffixes=("", "_before"))
    value, baseline = both["measured"].to_numpy(np.float64), both["measured_before"].to_numpy(np.float64)
    both["reached"] = measure_of(choice.measure, value, baseline, choice.threshold, rising=rising)
    counts = both.dropna(subset="reached").groupby("arm")["reached"].agg(["sum", "size"])
    return {str(arm): Share(int(row["sum"]), int(row["size"])) for arm, row in counts.iterrows()}


def mean_interval(n: object, mean: object, se: object, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Confidence interval of a mean, `mean -+ t(n-1) se`; NaN with fewer than two patients.

    >>> low, high = mean_interval(10, 0.0, 1.0, 0.95)
    >>> round(float(high), 3)
    2.262
    """
    from scipy.special import stdtrit

    count = np.asarray(n, dtype=np.float64)
    quantile = np.where(count > 1, stdtrit(np.maximum(count - 1, 1), 0.5 + confidence / 2), np.nan)
    half = quantile * np.asarray(se, dtype=np.float64)
    centre = np.asarray(mean, dtype=np.float64)
    return centre - half, centre + half


def chance_of_significance(effect: object, standard_error: float, alpha: float) -> FloatArray:
    """Probability that a trial with this standard error finds p < alpha when the true difference is `effect`.

    Normal approximation, both sides: Phi(|d|/se - z) + Phi(-|d|/se - z), z the 1 - alpha/2 quantile.

    >>> float(chance_of_significance(0.0, 1.0, 0.05).round(3))
    0.05
    """
    from scipy.special import ndtr

    z = NormalDist().inv_cdf(1 - alpha / 2)
    ratio = np.abs(np.asarray(effect, dtype=np.float64)) / standard_error
    return np.asarray(ndtr(ratio - z) + ndtr(-ratio - z), dtype=np.float64)
