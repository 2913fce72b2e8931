"""Builders of what stands around the tables of a result: its study, patient flow, parameters and manifest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def study(arms: Sequence[str], control: str | None, patients: int = 30, **changes: Any) -> dict[str, Any]:
    """Study as plain data, treated arms with six fortnightly sessions."""

    def uses(arm: str) -> list[dict[str, Any]]:
        schedule = {"start": 0.0, "every": 2.0, "sessions": 6, "per_day": None, "until": None}
        if arm == control:
            return [{"therapy": "saline-injection", "route": "intradermal", "schedule": schedule}]
        dose = {"value": 1e10, "unit": "particles", "text": "1e10 particles"}
        return [
            {
                "therapy": "exosome",
                "product": "adsc-native",
                "route": "intradermal",
                "dose": dose,
                "per": "session",
                "schedule": schedule,
            }
        ]

    plain: dict[str, Any] = {
        "study": "exosome-vs-saline",
        "title": "Intradermal exosomes against saline in men with androgenetic alopecia",
        "question": "Does a 12-week course raise total hair density at week 24 over saline injection?",
        "source": None,
        "uncontrolled": None if control else "every patient of the published series was treated",
        "arms": [{"name": a, "patients": patients, "control": a == control, "therapies": uses(a)} for a in arms],
        "measurement": {
            "zone": "vertex",
            "target_area": {"value": 1.0, "unit": "cm^2", "text": "1 cm^2"},
            "method": "phototrichogram",
            "visits": [0, 4, 8, 12, 16, 24],
        },
        "endpoints": {
            "primary": {"endpoint": "total_density", "week": 24.0, "measure": "change", "threshold": None},
            "secondary": [
                {"endpoint": "terminal_density", "week": 24.0, "measure": "change", "threshold": None},
                {"endpoint": "mean_diameter", "week": 24.0, "measure": "change", "threshold": None},
                {"endpoint": "anagen_share", "week": 24.0, "measure": "change", "threshold": None},
            ],
        },
        "design": {
            "layout": "parallel",
            "randomisation": {"method": "block", "block": 4, "strata": ["severity"]},
            "blinding": "double",
            "dropout": 0.1,
        },
        "analysis": {"method": "ancova", "estimand": "treatment_policy", "alpha": 0.05},
    }
    return {**plain, **changes}


def flow(arms: Sequence[str], patients: int = 30) -> dict[str, Any]:
    """Flow of the first replicate."""
    return {
        "screened": 148,
        "excluded": {
            "total density above 190 hairs/cm2 at screening": 71,
            "total density below 60 hairs/cm2 at screening": 9,
            "severity outside the study's range": 8,
        },
        "randomised": dict.fromkeys(arms, patients),
        "dropped_out": {arm: 2 + k % 3 for k, arm in enumerate(arms)},
        "dropped_out_for_adverse_events": {arm: k % 2 for k, arm in enumerate(arms)},
        "analysed": {arm: patients - 2 - k % 3 for k, arm in enumerate(arms)},
    }


def parameters() -> pd.DataFrame:
    """Four parameters, one unused."""
    columns = ["name", "value", "unit", "low", "high", "distribution", "grade", "hand_set", "source", "note", "used"]
    nan = float("nan")
    rows = [
        (
            "follicle.anagen_longest",
            753.0,
            "day",
            600.0,
            900.0,
            "log-normal",
            "B",
            True,
            "Halloy 2000, doi:10.1073/pnas.97.15.8328",
            "",
            True,
        ),
        (
            "exosome.half_life",
            24.0,
            "hour",
            6.0,
            96.0,
            "log-normal",
            "C",
            True,
            "no human value exists",
            "depot in the dermis",
            True,
        ),
        ("follicle.calibre_rate", 0.0003, "1/day", nan, nan, "fixed", "C", True, "assumption", None, True),
        (
            "dutasteride.androgen_drive",
            0.47,
            "1",
            0.4,
            0.55,
            "normal",
            "B",
            True,
            "doi:10.1016/j.jaad.2006.05.007",
            "",
            False,
        ),
    ]
    table = pd.DataFrame(rows, columns=columns)
    priors = {f"prior_{column}": table[column] for column in ("value", "low", "high")}
    return table.assign(informed_by="prior", **priors)


def manifest(arms: Sequence[str], draws: int, replicates: int) -> dict[str, Any]:
    """Manifest without files."""
    return {
        "schema_version": 2,
        "package": "anagen",
        "version": "0.1.0",
        "git_commit": None,
        "study": "exosome-vs-saline",
        "study_sha256": "a" * 64,
        "seed": 1,
        "replicates": replicates,
        "draws": draws,
        "parameters_sha256": "b" * 64,
        "parameter_source": "hand-set priors",
        "arms": list(arms),
        "primary": "total_density week 24 change",
        "files": {},
    }
