"""How often trials show any of their claims, or all, and how many patients they take: the trial as a whole."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from anagen.planning.characteristics import Found, mean_and_error, reached

TRUTHS = ("null", "central", "draws")
SHARES = ("any", "all", "dose_response", "early", "futile")


def claims_table(found: Found) -> pd.DataFrame | None:
    """One row per size and truth.

    Parameters
    ----------
    found : Found
        What was simulated.

    Returns
    -------
    pd.DataFrame or None
        Columns patients, truth, and with their Monte-Carlo errors: any and all claims shown (without an effect the
        chance of any false claim), dose_response where the study asks for one, early success, every claim futile or
        dropped before the end, and treated, the mean number of patients. None where each contrast is tested by itself.
    """
    if found.decided is None:
        return None
    rows: list[dict[str, Any]] = []
    for size in found.question.sizes:
        for truth in TRUTHS:
            here = found.decided[(found.decided["patients"] == size) & (found.decided["truth"] == truth)]
            if here.empty:
                continue
            # trials under draws are independent by draw, the others by the study whose parts they are
            study = here["draw" if truth == "draws" else "trial"].to_numpy()
            row: dict[str, Any] = {"patients": size, "truth": truth}
            for name in SHARES:
                if name in here:
                    share, error = reached(here[name].to_numpy(dtype=np.bool_), study)
                    row |= {name: share, f"{name}_error": error}
            treated, error = mean_and_error(here["treated"].to_numpy(dtype=np.float64), study)
            rows.append(row | {"treated": treated, "treated_error": 0.0 if math.isnan(error) else error})
    return pd.DataFrame(rows)
