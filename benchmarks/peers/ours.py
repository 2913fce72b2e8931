"""Anagen's side of the comparison of trials: the one place where the package is asked for many of them.

As a program, it runs so many trials of a study and prints one JSON document, so that its CPU seconds and its memory are
those of whole processes, imports included:

    python benchmarks/peers/ours.py STUDY {central,draws} TRIALS PATIENTS WORKERS
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

SEED = 1


def effects_of(study: str, kind: Literal["central", "draws"], trials: int, patients: int, workers: int) -> pd.DataFrame:
    """Effects of so many trials: all at central parameter values, or each at a parameter draw of its own."""
    import anagen

    return anagen.run(
        study,
        seed=SEED,
        patients=patients,
        replicates=trials,
        draws=0,
        workers=workers,
        keep="effects",
        trials_at=kind,
    ).effects


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
    assert kind in ("central", "draws")
    effects = effects_of(study, kind, *map(int, numbers))
    rows = effects[(effects["kind"] == "trial") & effects["p_value"].notna()]
    found = {
        endpoint: {"trials": len(of), "estimate": of["estimate"].mean(), "power": (of["p_value"] < 0.05).mean()}
        for endpoint, of in rows.groupby("endpoint", observed=True)
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
