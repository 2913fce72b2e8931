"""Anagen's side of the comparison of trials: the one place where the package is asked for many of them.

As a program, it runs so many trials of a study and prints one JSON document, so that its CPU seconds and its memory are
those of whole processes, imports included:

    python benchmarks/peers/ours.py STUDY {central,draws} TRIALS PATIENTS WORKERS
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SEED = 1


def at_central_values(study: str, trials: int, patients: int, workers: int) -> pd.DataFrame:
    """Effects of so many trials, every one at central parameter values."""
    import anagen

    result = anagen.run(study, seed=SEED, patients=patients, replicates=trials, draws=0, workers=workers)
    return result.effects


def at_parameter_draws(study: str, trials: int, patients: int, workers: int) -> pd.DataFrame | None:
    """Effects of so many trials, each at a parameter draw of its own; None where that cannot be asked for."""
    return None


def densities(study: str, trials: int, patients: int) -> dict[str, Any]:
    """Total density of each patient of a few trials as it is expected, shape [patient, visit], by arm."""
    import anagen

    result = anagen.run(study, seed=SEED, patients=patients, replicates=trials, draws=0)
    rows = result.visits.query("endpoint == 'total_density' and assigned")
    table = rows.pivot_table(
        index=["arm", "replicate", "patient"], columns="week", values="expected", observed=True, sort=True
    )
    return {arm: table.loc[arm].to_numpy() for arm in result.arms["arm"].unique()}


def main() -> None:
    study, kind, *numbers = sys.argv[1:]
    trials, patients, workers = map(int, numbers)
    ask = {"central": at_central_values, "draws": at_parameter_draws}[kind]
    effects = ask(study, trials, patients, workers)
    if effects is None:
        print("null")
        return
    rows = effects[(effects["kind"] == "trial") & effects["p_value"].notna()]
    found = {
        endpoint: {"trials": len(of), "estimate": of["estimate"].mean(), "power": (of["p_value"] < 0.05).mean()}
        for endpoint, of in rows.groupby("endpoint", observed=True)
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
