"""A small made-up result, for tests of what is done with results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anagen.results import ResultContents, Rows, build_manifest
from anagen.runs.summary import summarise

ARMS = ("saline", "exosome")
WEEKS = (0.0, 24.0)


def sample_contents(seed: int = 0) -> ResultContents:
    random = np.random.default_rng(seed)
    patients = pd.DataFrame(
        {
            "replicate": 0,
            "patient": range(4),
            "arm": ["exosome", "saline"] * 2,
            "age": [30.0, 40.5, 51.0, 38.25],
            "sex": "male",
            "ethnicity": "asian",
            "severity": ["III", "IV", None, "V"],
            "years_since_onset": [3.0, np.nan, 7.5, 10.0],
            "dropout_week": [np.nan, 12.0, np.nan, np.nan],
            "dropout_reason": [None, "adverse event", None, None],
            "follicle_density": random.normal(180, 20, 4),
            "baseline_total_density": random.normal(120, 20, 4),
        }
    )
    visits = pd.DataFrame(
        [
            (0, 0, arm, patient, arm == patients["arm"][patient], "vertex", week, "total_density")
            for arm in ARMS
            for patient in range(4)
            for week in WEEKS
        ],
        columns=["replicate", "draw", "arm", "patient", "assigned", "zone", "week", "endpoint"],
    )
    visits["true"] = random.normal(120, 20, len(visits))
    visits["expected"] = visits["true"] * 0.9
    visits["measured"] = np.where(visits["assigned"], visits["expected"] + 1 / 3, np.nan)
    effect: dict[str, Any] = {
        "replicate": 0, "role": "primary", "endpoint": "total_density", "week": 24.0, "measure": "change",
        "threshold": np.nan,
        "arm": "exosome", "control": "saline",
    }  # fmt: skip
    trial = {
        "draw": 0, "kind": "trial", "estimate": 8.1, "standard_error": 2.0, "ci_low": 4.0, "ci_high": 12.2,
        "p_value": 0.003, "n_arm": 2, "n_control": 2, "method": "ancova", "estimand": "treatment_policy",
    }  # fmt: skip
    effects = pd.DataFrame(
        [{**effect, **trial}]
        + [{**effect, "draw": draw, "kind": "expected", "estimate": 7.0 + draw / 10} for draw in range(4)]
    )
    arms = pd.DataFrame(
        {
            "arm": ARMS, "endpoint": "total_density", "week": 24.0, "measure": "change", "n": 2, "mean": [1.0, 9.0],
            "sd": [3.0, np.nan], "se": [2.1, 2.2], "expected": [0.5, 7.5],
            "expected_error": [0.05, 0.2], "parameter_low": [0.1, 3.0],
            "parameter_high": [0.9, 12.0],
        }
    )  # fmt: skip
    comparison = pd.DataFrame(
        {
            "subject": ["exosome", "exosome - saline"], "endpoint": "total_density", "week": [24.0, np.nan],
            "measure": "change", "observed": [14.2, 8.0], "observed_se": [3.4, np.nan], "observed_n": [28, np.nan],
            "predicted": [9.0, 7.5], "se_patients": 2.0, "sd_parameters": 3.0, "sd_study": 4.0, "low90": [0.5, 0.1],
            "high90": [17.0, 16.0], "low50": [6.0, 4.0], "high50": [12.0, 11.0], "inside50": [False, None],
            "sd_gain": 3.5, "bias": [0.0, np.nan], "crps": [1.2, np.nan], "use": ["calibrate", "check"],
            "reason": [None, "read from a figure"], "inside": [True, None], "z": [1.0, np.nan],
            "comparable": [True, False],
            "remark": [None, 'another zone, "frontal"'], "source": "doi:10.1000/x", "read": "abstract",
        }
    )  # fmt: skip
    events = pd.DataFrame(
        {
            "replicate": 0, "patient": [1], "arm": "saline", "event": "bruising", "title": "bruising",
            "cause": "route", "source": "intradermal", "scenario": False, "onset_week": [12.0], "severity": "moderate",
            "resolution_week": [13.0], "resolved": True, "discontinued": True,
        }
    )  # fmt: skip
    safety = pd.DataFrame(
        {
            "arm": ARMS, "event": "bruising", "title": "bruising", "scenario": False, "n": 2, "with_event": [1, 0],
            "severe": 0, "discontinued": [1, 0], "share": [0.5, 0.0], "share_low": [0.013, 0.0],
            "share_high": [0.987, 0.842], "zero_upper": [np.nan, 1.0], "patient_years": [0.69, 0.92],
            "rate": [144.9, 0.0], "rate_low": [3.7, 0.0], "rate_high": [807.0, 401.0], "control": [None, "saline"],
            "difference": [np.nan, -0.5], "difference_low": [np.nan, -0.91], "difference_high": [np.nan, 0.4],
            "method": [None, "Newcombe hybrid score"], "expected": [0.1, 0.1], "parameter_low": [0.02, np.nan],
            "parameter_high": [0.3, np.nan],
        }
    )  # fmt: skip
    parameters = pd.DataFrame(
        {
            "name": ["follicle.catagen_duration"], "value": [18.0], "unit": ["day"], "low": [14.0], "high": [21.0],
            "distribution": ["lognormal"], "grade": ["B"], "hand_set": [True], "source": ["doi:10.1000/y"],
            "note": [""], "used": [True], "informed_by": ["prior"], "prior_value": [18.0], "prior_low": [14.0],
            "prior_high": [21.0],
        }
    )  # fmt: skip
    manifest = build_manifest(
        study="sample",
        study_sha256="0" * 64,
        seed=1,
        replicates=1,
        draws=3,
        parameters_sha256="1" * 64,
        arms=[{"name": "exosome", "patients": 2}, {"name": "saline", "patients": 2, "control": True}],
        primary={"endpoint": "total_density", "week": 24.0, "measure": "change"},
    )
    flow = {"screened": 6, "excluded": {"total_density": 2}, "randomised": {"exosome": 2, "saline": 2}}
    study = {"study": "sample", "title": "A sample", "analysis": {"alpha": 0.05}, "spread": float("nan")}
    rows = {"visits": visits, "patients": patients, "events": events}
    rows = {name: Rows(name, (table,)) for name, table in rows.items()}
    claims = pd.DataFrame(
        {
            "replicate": 0, "draw": 0, "family": 0, "claim": ["exosome"], "hypothesis": "superiority", "margin": np.nan,
            "arm": "exosome", "control": "saline", "endpoint": "total_density", "week": 24.0, "measure": "change",
            "look": 1, "information": 1.0, "estimate": 8.1, "standard_error": 2.0, "p_value": 0.003,
            "adjusted_p": 0.006, "level": 0.05, "shown": True, "verdict": "shown", "method": "ancova",
        }
    )  # fmt: skip
    doses = pd.DataFrame(
        {
            "replicate": 0, "draw": 0, "endpoint": "total_density", "week": 24.0, "shape": ["linear", "emax"],
            "statistic": [2.5, 1.2], "p_value": [0.01, 0.1], "level": 0.025, "shown": [True, False],
            "aic": [4.0, np.nan], "target_dose": [3.0e9, np.nan], "target_low": [1.0e9, np.nan],
            "target_high": [np.inf, np.nan],
        }
    )  # fmt: skip
    return ResultContents(
        study, rows, effects, arms, comparison, safety, flow, parameters, manifest, claims, doses
    )  # fmt: skip


def printed_document(contents: ResultContents, folder: str = "out", report: str | None = None) -> dict[str, Any]:
    """What `anagen run --json` prints of a result."""
    return {**summarise(contents), "folder": folder, "report": report}
