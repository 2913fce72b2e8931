"""Three simple forecasters to beat, each a Normal prediction made without the study of the value that it predicts.

They know what other studies published, and nothing of follicles, doses or weeks:

- no effect: a treated arm changes as control arms do, and a contrast is zero;
- mean of the class: what other studies found of drugs, procedures, light or surgery;
- meta-analysis: random effects over other studies of the same therapies (Paule & Mandel), else of their class.

None can tell doses, products, weeks or populations apart beyond the condition, and none says anything where fewer than
two other studies published the same measure. Errors of patients are those printed or, where none was printed, those
that the model's patients give. Each study counts once, by the mean of its values, so that many weeks of the same
patients are not many trials; studies that share a publication or their patients are left out together. A published
meta-analysis may hold studies that are rows too; that is not undone.

References
----------
.. [1] Prediction interval of a new study, Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x.
.. [2] Paule & Mandel 1982, doi:10.6028/jres.087.022.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from anagen.evidence.pooling import paule_mandel
from anagen.validation.cases import AMONG, DENSITIES
from anagen.validation.scores import score_normal

FEWEST = 2
"""Other studies that a mean and a spread need."""
FEWEST_META = 3
"""Other studies that the prediction interval of a meta-analysis needs: it has k - 2 degrees of freedom."""
CONTROL, HEAD_TO_HEAD = "control", "head to head"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Normal prediction of a published value: centre and standard deviation in its unit, studies behind it, in words
    what they were.
    """

    centre: float
    sd: float
    studies: int
    basis: str


def no_effect(row: pd.Series, rows: pd.DataFrame) -> Forecast | None:
    """A contrast is zero; an arm changes as the control arms of other studies did on average.

    SD^2 = error of its patients^2 + mean square distance of other studies' contrasts (or such arms) from that centre
    """
    peers = peers_of(row, rows)
    like = per_study(peers if row["contrast"] else peers[(peers["treatment"] == CONTROL) == is_control(row)])
    controls = per_study(peers[peers["treatment"] == CONTROL])
    if len(like) < FEWEST or (not row["contrast"] and controls.empty):
        return None
    centre = 0.0 if row["contrast"] else float(controls["value"].mean())
    spread = float(((like["value"] - centre) ** 2).mean())
    basis = "zero" if row["contrast"] else f"control arms of {len(controls)} studies"
    return Forecast(centre, math.sqrt(error_of(row) ** 2 + spread), len(like), basis)


def class_mean(row: pd.Series, rows: pd.DataFrame) -> Forecast | None:
    """Mean of other studies of the same class, or of everything treated where fewer than two are of that class.

    SD^2 = error of its patients^2 + s^2 (1 + 1 / k), with s^2 the variance between the k studies
    """
    if row["treatment"] == HEAD_TO_HEAD:
        return no_effect(row, rows)
    peers = peers_of(row, rows)
    studies = per_study(peers[peers["treatment"] == row["treatment"]])
    basis = str(row["treatment"])
    if len(studies) < FEWEST and not is_control(row):
        studies, basis = per_study(peers[~peers["treatment"].isin([CONTROL, HEAD_TO_HEAD])]), "every treatment"
    k = len(studies)
    if k < FEWEST:
        return None
    spread = float(studies["value"].var(ddof=1)) * (1.0 + 1.0 / k)
    return Forecast(float(studies["value"].mean()), math.sqrt(error_of(row) ** 2 + spread), k, f"{k} of {basis}")


def meta_analysis(row: pd.Series, rows: pd.DataFrame) -> Forecast | None:
    """Random-effects meta-analysis of the same therapies, else of their class, else the mean of the class.

        SD^2 = error of its patients^2 + (t / z)^2 (tau^2 + SE(mean)^2)

    with t and z the 95 % points of Student's t with k - 2 degrees of freedom and of the Normal, so that the 90 %
    interval of the study's own effect is that of Higgins et al.
    """
    if row["treatment"] == HEAD_TO_HEAD:
        return no_effect(row, rows)
    peers = peers_of(row, rows)
    for column in ("therapies", "treatment"):
        studies = per_study(peers[peers[column] == row[column]])
        if len(studies) >= FEWEST_META:
            return pooled(studies, error_of(row), str(row[column]))
    return class_mean(row, rows)


def pooled(studies: pd.DataFrame, error: float, basis: str) -> Forecast:
    """Random-effects mean with its prediction interval.

    Parameters
    ----------
    studies : pd.DataFrame
        One row per study with columns value and error, three or more.
    error : float
        Of the patients of the new value.
    basis : str
        What the forecast rests on, in words.

    Returns
    -------
    Forecast
        Normal with the mean and the width of the prediction interval.
    """
    from scipy.special import ndtri, stdtrit

    k = len(studies)
    value, own = studies["value"].to_numpy(dtype=np.float64), studies["error"].to_numpy(dtype=np.float64)
    tau2 = paule_mandel(value, own)
    weights = 1.0 / (own**2 + tau2)
    stretch = float(stdtrit(k - 2, 0.95) / ndtri(0.95))
    sd = math.sqrt(error**2 + stretch**2 * (tau2 + 1.0 / float(weights.sum())))
    return Forecast(float((weights * value).sum() / weights.sum()), sd, k, f"{k} of {basis}")


Forecaster = Callable[[pd.Series, pd.DataFrame], Forecast | None]
REFERENCES: Mapping[str, Forecaster] = MappingProxyType(
    {"no effect": no_effect, "mean of the class": class_mean, "meta-analysis": meta_analysis}
)
LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "no effect": "Knows how control arms change and how far results lie apart; nothing of the treatment.",
        "mean of the class": "Knows drug, procedure, light or surgery; nothing of the therapy, dose, week or size.",
        "meta-analysis": "Knows the therapy where three other studies published the measure; nothing of dose or week.",
    }
)


def forecasts(rows: pd.DataFrame) -> pd.DataFrame:
    """Scores of every reference for every row that can be scored.

    Parameters
    ----------
    rows : pd.DataFrame
        `scores.score_samples` of `cases.facts`, with a column se_patients, the error of patients to take where none was
        printed.

    Returns
    -------
    pd.DataFrame
        One row per value and reference that has a forecast: study, row, reference, basis, studies, sd, and the scores.
    """
    records: list[dict[str, Any]] = []
    usable = rows[(rows["use"] != "exclude") & rows["observed"].notna()]
    for _, row in rows[rows["comparable"].astype(bool)].iterrows():
        for name, forecaster in REFERENCES.items():
            forecast = forecaster(row, usable)
            if forecast is None or not forecast.sd > 0.0:
                continue
            scores = score_normal(float(row["observed"]), forecast.centre, forecast.sd)
            labels = {"study": row["study"], "row": row["row"], "reference": name, "basis": forecast.basis}
            records.append({**labels, "studies": forecast.studies, "sd": forecast.sd, **scores})
    columns = ("study", "row", "reference", "basis", "studies", "sd", "predicted", "low50", "high50", "low90", "high90",
               "inside50", "inside90", "z", "pit", "crps")  # fmt: skip
    return pd.DataFrame(records, columns=list(columns))


def peers_of(row: pd.Series, rows: pd.DataFrame) -> pd.DataFrame:
    """Values of other patients that measured the same: endpoint, measure, threshold, condition, arm or contrast.

    Studies that share a publication or a cohort are taken to share patients. Patients who were chosen by their response
    are alike only where they were chosen by the same condition.

    Where fewer than FEWEST_META studies measured the same density, total, non-vellus and terminal density are one.
    """
    sources = set(rows.loc[rows["study"] == row["study"], "source"]) | {row["source"]}
    same = rows["source"].isin(sources) | ((rows["cohort"] == row["cohort"]) & (rows["cohort"] != ""))
    shared = set(rows.loc[same, "study"]) | {row["study"]}
    threshold = rows["threshold"].isna() if pd.isna(row["threshold"]) else rows["threshold"] == row["threshold"]
    among = rows[AMONG].fillna("") if AMONG in rows else pd.Series("", index=rows.index)
    own = row.get(AMONG, "")
    kept = rows[
        ~rows["study"].isin(shared)
        & (rows["measure"] == row["measure"])
        & (rows["condition"] == row["condition"])
        & (rows["contrast"] == row["contrast"])
        & (rows["treatment"] == HEAD_TO_HEAD if row["treatment"] == HEAD_TO_HEAD else rows["treatment"] != HEAD_TO_HEAD)
        & ((rows["week"] == 0.0) == (row["week"] == 0.0))
        & threshold
        & (among == (own if isinstance(own, str) else ""))
    ]
    alike = kept[kept["endpoint"] == row["endpoint"]]
    if alike["study"].nunique() >= FEWEST_META or row["endpoint"] not in DENSITIES:
        return alike
    return kept[kept["endpoint"].isin(DENSITIES)]


def per_study(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per study: mean of its values, and mean of their errors [unit of the value]."""
    errors = [error_of(row) for _, row in rows.iterrows()]
    table = pd.DataFrame({"study": rows["study"].to_numpy(), "value": rows["observed"].to_numpy(), "error": errors})
    return table.groupby("study", sort=True)[["value", "error"]].mean()


def error_of(row: pd.Series) -> float:
    """Standard error of a value: as printed, else as the model's patients give it."""
    printed = float(row["observed_se"])
    return printed if math.isfinite(printed) and printed > 0.0 else float(row["se_patients"])


def is_control(row: pd.Series) -> bool:
    """Whether nothing that acts is given."""
    return bool(row["treatment"] == CONTROL)
