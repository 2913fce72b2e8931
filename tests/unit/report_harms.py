"""Adverse events as a small, plausible table for the tests of figures and report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def safety(arms: Sequence[str], control: str | None, patients: int = 30) -> pd.DataFrame:
    """Adverse events: pain in a third of every arm, an infection in nobody; differences where there is a control."""
    nan = float("nan")
    rows = []
    for arm in arms:
        compared = control is not None and arm != control
        for event, title, count in (
            ("any_adverse_event", "any adverse event", patients // 3),
            ("injection_pain", "pain at the injection", patients // 3),
            ("injection_infection", "infection at the injection", 0),
        ):
            rows.append(
                {
                    "arm": arm,
                    "event": event,
                    "title": title,
                    "scenario": False,
                    "n": patients,
                    "with_event": count,
                    "severe": 0,
                    "discontinued": 0,
                    "share": count / patients,
                    "share_low": count / patients / 2,
                    "share_high": count / patients + 0.15,
                    "zero_upper": nan if count else 3 / patients,
                    "patient_years": patients * 0.4,
                    "rate": 250 * count / patients,
                    "rate_low": 125 * count / patients,
                    "rate_high": 250 * count / patients + 40,
                    "control": control if compared else None,
                    "difference": 0.0 if compared else nan,
                    "difference_low": -0.2 if compared else nan,
                    "difference_high": 0.2 if compared else nan,
                    "method": "Newcombe hybrid score" if compared else None,
                    "expected": 0.3 if count else 0.0005,
                    "parameter_low": 0.1 if count else 0.0001,
                    "parameter_high": 0.6 if count else 0.004,
                }
            )
    return pd.DataFrame(rows)
