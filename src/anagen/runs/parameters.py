"""Which parameters a study reads, as the table of a result."""

from __future__ import annotations

from typing import Any

import pandas as pd

from anagen.parameters import ParameterSet
from anagen.patients import CONDITIONS
from anagen.trials.protocol import Protocol

EVERY_STUDY = ("follicle.", "population.", "measurement.", "reading.rise")
"""Prefixes of parameters that every study reads, beside those of its arms, instrument and condition."""


def parameter_table(parameters: ParameterSet, plan: Protocol) -> pd.DataFrame:
    """Every parameter with value, prior, source and grade, what informs it, and whether this study reads it."""
    read = plan.parameter_names()
    population = plan.study.population
    condition = CONDITIONS[population.condition]
    rows: list[dict[str, Any]] = []
    for row in parameters.rows():
        name = str(row["name"])
        general = name.startswith(EVERY_STUDY) or condition.is_read(name)
        general = general or (population.season is not False and name.startswith("season."))
        general = general and not (
            name.startswith("measurement.") and name.endswith(("_sensitivity", "_midpoint", "_count_error"))
        )
        kept = {
            key: row[key]
            for key in ("name", "value", "unit", "low", "high", "distribution", "grade", "hand_set", "source", "note")
        }
        informed = {key: row[key] for key in ("informed_by", "prior_value", "prior_low", "prior_high")}
        rows.append(kept | {"used": name in read or general} | informed)
    return pd.DataFrame(rows)
