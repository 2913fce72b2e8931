"""Course of each arm: what one trial measures, and what the model expects with its parameter uncertainty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.admission import ADMITTED
from anagen.analysis.balance import Balance
from anagen.analysis.bands import band
from anagen.analysis.expected import OF_GROUPS, centred
from anagen.analysis.measures import TABULATED, measure_of
from anagen.results.schema import TABLES
from anagen.trials.protocol import Protocol

ARM_COLUMNS = tuple(column.name for column in TABLES["arms"].columns)

KEY = ("arm", "endpoint", "week", "measure")


def arm_table(
    visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, *, balance: Balance | None = None
) -> pd.DataFrame:
    """One row per arm, endpoint, week and measure.

    n, mean, sd, se: measured in replicate 0. expected, expected_error: the centre and its Monte-Carlo standard error,
    with the regression to the mean of patients who were admitted on a measured baseline.
    parameter_low, parameter_high: 5 and 95 % quantiles of the expected mean over parameter draws; missing where there
    are no draws. `balance` says which rows of a posterior the draws took; None where they are independent.
    """
    seen = visits[(visits["replicate"] == 0) & visits["assigned"]]
    tabulated = expected[expected["threshold"].isna()].sort_values("draw", kind="stable")
    numbers = tabulated["draw"].unique()
    # every draw has its cells in the same order
    first = tabulated.iloc[: len(tabulated) // len(numbers)]
    cell = {key: i for i, key in enumerate(zip(*(first[name] for name in KEY), strict=True))}
    simulated = tabulated[["expected", *OF_GROUPS]].to_numpy(dtype=np.float64).reshape(len(numbers), len(first), -1)
    rows: list[dict[str, Any]] = []
    for arm in plan.arms:
        for endpoint in plan.endpoints:
            table = seen[(seen["arm"] == arm) & (seen["endpoint"] == endpoint.name)].pivot(
                index="patient", columns="week", values="measured"
            )
            for week in plan.weeks.tolist():
                for measure in TABULATED:
                    values = measure_of(
                        measure, table[week].to_numpy(dtype=np.float64), table[0.0].to_numpy(dtype=np.float64)
                    )
                    whole = values[np.isfinite(values)]
                    sd = float(whole.std(ddof=1)) if len(whole) > 1 else float("nan")
                    plain = cell[arm, endpoint.name, week, measure]
                    here = simulated[:, cell.get((arm, endpoint.name, week, ADMITTED + measure), plain)]
                    draws, course, error = centred(numbers, here[:, 0], here[:, 1:], balance)
                    low, high = band(course[draws > 0])
                    rows.append(
                        {
                            "arm": arm,
                            "endpoint": endpoint.name,
                            "week": week,
                            "measure": measure,
                            "n": len(whole),
                            "mean": float(whole.mean()) if len(whole) else float("nan"),
                            "sd": sd,
                            "se": sd / np.sqrt(len(whole)) if len(whole) else float("nan"),
                            "expected": float(course[0]),
                            "expected_error": float(error[0]),
                            "parameter_low": low,
                            "parameter_high": high,
                        }
                    )
    return pd.DataFrame(rows, columns=list(ARM_COLUMNS))
