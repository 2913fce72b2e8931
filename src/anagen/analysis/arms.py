"""Course of each arm: what one trial measures, and what the model expects with its parameter uncertainty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import BAND
from anagen.analysis.measures import TABULATED, measure_of
from anagen.results.schema import TABLES
from anagen.trials.protocol import Protocol

ARM_COLUMNS = tuple(column.name for column in TABLES["arms"].columns)


def arm_table(visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol) -> pd.DataFrame:
    """One row per arm, endpoint, week and measure.

    n, mean, sd, se: measured in replicate 0. expected: draw 0. parameter_low, parameter_high: 5 and 95 % quantiles of
    the
    expected mean over parameter draws; missing where there are no draws.
    """
    seen = visits[(visits["replicate"] == 0) & visits["assigned"]]
    central = expected[expected["draw"] == 0].set_index(["arm", "endpoint", "week", "measure"])["expected"]
    drawn = expected[expected["draw"] > 0]
    low, high = (
        (
            drawn.groupby(["arm", "endpoint", "week", "measure"], observed=True)["expected"].quantile(q)
            if len(drawn)
            else pd.Series(dtype=float)
        )
        for q in BAND
    )
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
                    key = (arm, endpoint.name, week, measure)
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
                            "expected": float(central[key]),
                            "parameter_low": float(low.get(key, np.nan)),
                            "parameter_high": float(high.get(key, np.nan)),
                        }
                    )
    return pd.DataFrame(rows, columns=list(ARM_COLUMNS))
