"""Everything that one run found, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from anagen.results.schema import TABLES, conform


@dataclass(frozen=True)
class ResultContents:
    """Contents of one result folder.

    The columns of every table, their types and what they mean stand in `anagen.results.schema.TABLES`.

    Attributes:
        study: the study as it was simulated, as plain JSON values.
        visits: true, expected and measured value of every patient, arm, visit and endpoint.
        patients: one row per simulated patient.
        effects: estimates with their intervals, one row per contrast.
        arms: summaries per arm, endpoint, visit and measure.
        comparison: predicted against observed; no rows where the study holds no published results.
        events: adverse events of the patients.
        safety: adverse events per arm, against the control arm.
        flow: numbers screened, excluded, randomised, dropped out and analysed (replicate 0).
        parameters: every parameter with unit, prior, source and grade.
        manifest: what was run, with which seed and which version; see `anagen.results.build_manifest`.
    """

    study: Mapping[str, Any]
    visits: pd.DataFrame
    patients: pd.DataFrame
    effects: pd.DataFrame
    arms: pd.DataFrame
    comparison: pd.DataFrame
    events: pd.DataFrame
    safety: pd.DataFrame
    flow: Mapping[str, Any]
    parameters: pd.DataFrame
    manifest: Mapping[str, Any]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name, in the order of the schema."""
        by_name: dict[str, pd.DataFrame] = {
            "visits": self.visits,
            "patients": self.patients,
            "effects": self.effects,
            "arms": self.arms,
            "comparison": self.comparison,
            "events": self.events,
            "safety": self.safety,
            "parameters": self.parameters,
        }
        return {name: by_name[name] for name in TABLES}

    def conformed(self) -> ResultContents:
        """The same contents with the types that the files have, so that pictures drawn before and after agree.

        Raises:
            SchemaError: where a table lacks a column or holds values of another type.
        """
        return replace(self, **{name: conform(name, table) for name, table in self.tables().items()})
