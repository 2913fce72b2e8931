"""Builders of small, plausible result tables for the tests of figures and report; no engine is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from report_harms import safety
from report_surroundings import flow, manifest, parameters, study

from anagen.reports.summaries import individual_values
from anagen.reports.wording import EndpointName

NAMES = {
    "total_density": EndpointName("Total hair density", "hairs/cm²"),
    "terminal_density": EndpointName("Terminal hair density", "hairs/cm²"),
    "mean_diameter": EndpointName("Mean hair diameter", "µm"),
    "anagen_share": EndpointName("Anagen share", "share, 0 to 1"),
    "adverse_event:pain": EndpointName("Adverse event: pain", ""),
}
BASELINE = {"total_density": 175.0, "terminal_density": 95.0, "mean_diameter": 52.0, "anagen_share": 0.62}
#: Size of a full treatment effect, natural course and measurement error of each endpoint, in its own unit.
EFFECT = {"total_density": 8.0, "terminal_density": 5.0, "mean_diameter": 0.6, "anagen_share": 0.03}
NOISE = {"total_density": 14.0, "terminal_density": 9.0, "mean_diameter": 2.5, "anagen_share": 0.05}


@dataclass(frozen=True)
class Contents:
    """Stand-in with the fields of a result's contents."""

    study: dict[str, Any]
    visits: pd.DataFrame
    patients: pd.DataFrame
    effects: pd.DataFrame
    arms: pd.DataFrame
    comparison: pd.DataFrame | None
    safety: pd.DataFrame
    flow: dict[str, Any]
    parameters: pd.DataFrame
    manifest: dict[str, Any]
    claims: pd.DataFrame | None = None
    dose_response: pd.DataFrame | None = None

    def first(self, name: str) -> pd.DataFrame:
        """Rows of the first trial, which are all there are."""
        return {"visits": self.visits, "patients": self.patients}[name]


def strengths(arms: Sequence[str], control: str | None) -> dict[str, float]:
    """Share of the full effect that each arm has; the control has 0.3 (the needle)."""
    treated = [arm for arm in arms if arm != control]
    found = {arm: 0.6 + 0.8 * k / max(len(treated), 1) for k, arm in enumerate(treated, 1)}
    return {arm: found.get(arm, 0.3) for arm in arms}


def visits(
    arms: Sequence[str],
    control: str | None,
    *,
    patients: int = 30,
    weeks: Sequence[float] = (0, 4, 8, 12, 16, 24),
    endpoints: Sequence[str] = tuple(BASELINE),
    seed: int = 1,
) -> pd.DataFrame:
    """Visits table: everyone simulated under every arm, measured only under its own; 10 % lost at the last visit."""
    random = np.random.default_rng(seed)
    strength = strengths(arms, control)
    total = patients * len(arms)
    week = np.asarray(weeks, float)
    rise = np.clip((week - 4) / 12, 0, 1)
    own = np.repeat(np.arange(len(arms)), patients)
    frames = []
    for endpoint in endpoints:
        start = BASELINE[endpoint] * (1 + 0.16 * random.standard_normal(total))
        lost = random.random(total) < 0.1
        noise = NOISE[endpoint] * 0.7 * random.standard_normal((total, week.size))
        person = 0.5 * NOISE[endpoint] * random.standard_normal(total)
        for k, arm in enumerate(arms):
            gain = strength[arm] * EFFECT[endpoint]
            expected = start[:, None] + gain * rise + (person * 0.3)[:, None] * rise - 0.02 * EFFECT[endpoint] * week
            assigned = own == k
            value = np.where(assigned[:, None], expected + noise + person[:, None] * rise, np.nan)
            value[lost, -1] = np.nan
            frames.append(
                pd.DataFrame(
                    {
                        "replicate": np.int32(0),
                        "draw": np.int32(0),
                        "arm": arm,
                        "patient": np.repeat(np.arange(total, dtype=np.int32), week.size),
                        "assigned": np.repeat(assigned, week.size),
                        "zone": "vertex",
                        "week": np.tile(week, total),
                        "endpoint": endpoint,
                        "true": expected.ravel().astype(np.float32),
                        "expected": expected.ravel().astype(np.float32),
                        "measured": value.ravel().astype(np.float32),
                    }
                )
            )
    table = pd.concat(frames, ignore_index=True)
    return table.astype({"arm": "category", "endpoint": "category", "zone": "category"})


def patients_table(table: pd.DataFrame, seed: int = 2) -> pd.DataFrame:
    """Patients of the first replicate, from the visits table."""
    random = np.random.default_rng(seed)
    own = table.loc[(table["draw"] == 0) & table["assigned"]]
    people = own[["patient", "arm"]].drop_duplicates().reset_index(drop=True)
    n = len(people)
    frame = pd.DataFrame(
        {
            "replicate": 0,
            "patient": people["patient"],
            "arm": people["arm"].astype(str),
            "age": random.normal(38, 9, n),
            "sex": "male",
            "ethnicity": random.choice(["asian", "caucasian"], n),
            "severity": random.choice(["III", "IIIv", "IV", "V"], n),
            "years_since_onset": random.gamma(4, 2, n),
            "follicle_density": random.normal(259, 30, n),
            "dropout_week": np.where(random.random(n) < 0.1, 16.0, np.nan),
        }
    )
    for endpoint in table["endpoint"].cat.categories:
        start = own.loc[(own["endpoint"] == endpoint) & (own["week"] == 0), ["patient", "measured"]]
        frame[f"baseline_{endpoint}"] = frame["patient"].map(start.set_index("patient")["measured"]).to_numpy()
    return frame


def effects(
    arms: Sequence[str],
    control: str | None,
    *,
    draws: int = 40,
    replicates: int = 1,
    p_value: float | None = None,
    seed: int = 3,
    measures: Sequence[tuple[str, str, str]] = (
        ("primary", "total_density", "change"),
        ("secondary", "terminal_density", "change"),
        ("secondary", "mean_diameter", "change"),
        ("secondary", "anagen_share", "change"),
    ),
) -> pd.DataFrame:
    """Effects table with trial and expected rows."""
    random = np.random.default_rng(seed)
    columns = [
        "replicate",
        "draw",
        "kind",
        "role",
        "endpoint",
        "week",
        "measure",
        "threshold",
        "arm",
        "control",
        "estimate",
        "standard_error",
        "ci_low",
        "ci_high",
        "p_value",
        "n_arm",
        "n_control",
        "method",
        "estimand",
    ]
    strength = strengths(arms, control)
    rows: list[dict[str, Any]] = []
    for role, endpoint, measure in measures:
        for arm in arms:
            if arm == control:
                continue
            centre = (strength[arm] - (0.3 if control else 0.0)) * EFFECT[endpoint]
            se = NOISE[endpoint] * 0.9 * np.sqrt(2 / 30)
            common = {
                "role": role,
                "endpoint": endpoint,
                "week": 24.0,
                "measure": measure,
                "arm": arm,
                "control": control or "baseline",
                "threshold": np.nan,
                "method": "ancova",
                "estimand": "treatment_policy",
            }
            for replicate in range(replicates):
                estimate = centre + se * random.standard_normal()
                z = abs(estimate / se)
                p = float(2 * (1 - 0.5 * (1 + np.tanh(0.8 * z)))) if p_value is None else p_value
                rows.append(
                    {
                        **common,
                        "replicate": replicate,
                        "draw": 0,
                        "kind": "trial",
                        "estimate": estimate,
                        "standard_error": se,
                        "ci_low": estimate - 2 * se,
                        "ci_high": estimate + 2 * se,
                        "p_value": p,
                        "n_arm": 28,
                        "n_control": 27,
                    }
                )
            for draw in range(draws + 1):
                factor = 1.0 if draw == 0 else float(np.exp(0.5 * random.standard_normal()))
                rows.append({**common, "replicate": 0, "draw": draw, "kind": "expected", "estimate": centre * factor})
    return pd.DataFrame(rows, columns=columns)


def arms_table(table: pd.DataFrame, draws: int) -> pd.DataFrame:
    """Arms table of every endpoint, week and measure, from the visits table; bands only where there are draws."""
    frames = []
    for endpoint in table["endpoint"].cat.categories:
        rows = table.loc[table["endpoint"] == endpoint]
        for measure in ("change", "percent_change", "value"):
            keys = ["arm", "week"]
            mine = individual_values(rows.loc[rows["assigned"]], "measured", measure).groupby(keys, observed=True)
            seen = mine["value"].agg(n="count", mean="mean", sd="std")
            twins = individual_values(rows, "expected", measure).groupby(keys, observed=True)["value"]
            data = seen.join(twins.mean().rename("expected")).reset_index()
            width = 0.5 * data["expected"].abs() if measure != "value" else 0.02 * data["expected"]
            data["expected_error"] = width / 50.0
            data["parameter_low"] = data["expected"] - width if draws else np.nan
            data["parameter_high"] = data["expected"] + 2 * width if draws else np.nan
            frames.append(data.assign(endpoint=str(endpoint), measure=measure, se=data["sd"] / np.sqrt(data["n"])))
    columns = [
        "arm",
        "endpoint",
        "week",
        "measure",
        "n",
        "mean",
        "sd",
        "se",
        "expected",
        "expected_error",
        "parameter_low",
        "parameter_high",
    ]
    return pd.concat(frames, ignore_index=True)[columns]


def comparison(first: str = "exosome", second: str = "saline") -> pd.DataFrame:
    """Five published rows: inside, outside, without SE, a share, and one that cannot be compared."""
    base = {
        "week": 24.0,
        "measure": "change",
        "endpoint": "total_density",
        "sd_study": 8.0,
        "sd_gain": 0.0,
        "bias": 0.0,
        "low50": float("nan"),
        "high50": float("nan"),
        "inside50": pd.NA,
        "crps": float("nan"),
        "use": "calibrate",
        "reason": "",
        "comparable": True,
        "remark": "",
    }
    source = {"source": "Somebody 2025, doi:10.1000/example.2025.1", "read": "abstract"}
    nan = float("nan")
    rows = [
        {
            "subject": first,
            "observed": 14.2,
            "observed_se": 3.4,
            "observed_n": 28,
            "predicted": 9.1,
            "se_patients": 3.5,
            "sd_parameters": 3.0,
            "low90": -6.0,
            "high90": 24.0,
            "inside": True,
            "z": 0.5,
        },
        {
            "subject": f"{first} - {second}",
            "observed": 28.0,
            "observed_se": 3.6,
            "observed_n": 56,
            "predicted": 6.8,
            "se_patients": 4.8,
            "sd_parameters": 3.0,
            "low90": -3.0,
            "high90": 17.0,
            "inside": False,
            "z": 3.1,
        },
        {
            "subject": second,
            "observed": 3.0,
            "observed_se": nan,
            "observed_n": 28,
            "predicted": 2.2,
            "se_patients": 3.5,
            "sd_parameters": 1.0,
            "low90": -12.0,
            "high90": 16.0,
            "inside": True,
            "z": nan,
        },
        {
            "subject": first,
            "week": 12.0,
            "measure": "percent_change",
            "observed": 12.0,
            "observed_se": 2.0,
            "observed_n": 28,
            "predicted": 5.0,
            "se_patients": 2.0,
            "sd_parameters": 1.5,
            "low90": -2.0,
            "high90": 13.0,
            "inside": True,
            "z": 1.4,
        },
        {
            "subject": second,
            "week": nan,
            "measure": "share",
            "endpoint": "adverse_event:pain",
            "observed": 0.1,
            "observed_se": 0.05,
            "observed_n": 30,
            "predicted": nan,
            "se_patients": nan,
            "sd_parameters": nan,
            "low90": nan,
            "high90": nan,
            "inside": pd.NA,
            "z": nan,
            "comparable": False,
            "remark": "adverse events are not simulated",
        },
    ]
    return pd.DataFrame([{**base, **source, **row} for row in rows])


def contents(
    arms: Sequence[str] = ("exosome", "saline"),
    control: str | None = "saline",
    *,
    draws: int = 40,
    replicates: int = 1,
    observed: bool = True,
    patients: int = 30,
) -> Contents:
    """Contents of a whole result."""
    seen = visits(arms, control, patients=patients)
    return Contents(
        study=study(arms, control, patients),
        visits=seen,
        patients=patients_table(seen),
        effects=effects(arms, control, draws=draws, replicates=replicates),
        arms=arms_table(seen, draws),
        comparison=comparison(arms[0], arms[-1]) if observed else None,
        safety=safety(arms, control, patients),
        flow=flow(arms, patients),
        parameters=parameters(),
        manifest=manifest(arms, draws, replicates),
    )


def changed(whole: Contents, **fields: Any) -> Contents:
    """Contents with some fields replaced."""
    return replace(whole, **fields)
