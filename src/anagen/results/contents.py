"""Everything that one run found, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from anagen.results.conforming import conform
from anagen.results.estimates import Estimates
from anagen.results.rows import Rows
from anagen.results.schema import TABLES


@dataclass(frozen=True)
class ResultContents:
    """Contents of one result folder.

    The columns of every table, their types and what they mean stand in `anagen.results.schema.TABLES`.

    Parameters
    ----------
    study : Mapping[str, Any]
        The study as it was simulated, as plain JSON values.
    rows : Mapping[str, Rows]
        Tables with a row per visit, patient and adverse event: `visits`, `patients` and `events`.
    effects : pandas.DataFrame
        Estimates with their intervals, one row per contrast; `primary`, `expected`, `drawn`, `arm` choose among them.
    arms : pandas.DataFrame
        Summaries per arm, endpoint, visit and measure.
    comparison : pandas.DataFrame
        Predicted against observed; no rows where the study holds no published results.
    safety : pandas.DataFrame
        Adverse events per arm, against the control arm.
    flow : Mapping[str, Any]
        Numbers screened, excluded, randomised, dropped out and analysed (replicate 0).
    parameters : pandas.DataFrame
        Every parameter with unit, prior, source and grade.
    manifest : Mapping[str, Any]
        What was run, with which seed and which version; see `anagen.results.build_manifest`.
    claims : pandas.DataFrame, optional
        Claims of every trial; None where the study's analysis tests each contrast by itself.
    dose_response : pandas.DataFrame, optional
        Candidate shapes in every trial; None where the study states no doses.
    conforms : bool
        Whether the tables have the types of the files already.
    """

    study: Mapping[str, Any]
    rows: Mapping[str, Rows]
    effects: pd.DataFrame
    arms: pd.DataFrame
    comparison: pd.DataFrame
    safety: pd.DataFrame
    flow: Mapping[str, Any]
    parameters: pd.DataFrame
    manifest: Mapping[str, Any]
    claims: pd.DataFrame | None = None
    dose_response: pd.DataFrame | None = None
    conforms: bool = False

    @property
    def visits(self) -> pd.DataFrame:
        """True, expected and measured value of every patient, arm, visit and endpoint; of all trials, in memory."""
        return self.rows["visits"].whole

    @property
    def patients(self) -> pd.DataFrame:
        """One row per simulated patient of all trials, in memory."""
        return self.rows["patients"].whole

    @property
    def events(self) -> pd.DataFrame:
        """Adverse events of the patients of all trials, in memory."""
        return self.rows["events"].whole

    def first(self, name: str) -> pd.DataFrame:
        """Rows of trial 0 in `visits`, `patients` or `events`."""
        return self.rows[name].first

    def primary(self) -> Estimates:
        """Effects on the primary endpoint: `contents.primary().expected(draw=0).arm("minoxidil")`."""
        return Estimates(self.effects).primary()

    def expected(self, draw: int | None = None) -> Estimates:
        """Effects that the model expects on every endpoint; under one parameter draw where it is named."""
        return Estimates(self.effects).expected(draw)

    def drawn(self) -> Estimates:
        """Effects that the model expects under parameter draws, without the central values."""
        return Estimates(self.effects).drawn()

    def arm(self, name: str) -> Estimates:
        """Effects of an arm, measured and expected, against whatever it is compared with."""
        return Estimates(self.effects).arm(name)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, in the order of the schema, in memory."""
        whole = {name: rows.whole for name, rows in self.rows.items()} | self.summaries()
        return {name: whole[name] for name in TABLES if name in whole}

    def summaries(self) -> dict[str, pd.DataFrame]:
        """The tables that are made of those rows, by name."""
        optional = {"claims": self.claims, "dose_response": self.dose_response}
        return {name: table for name, table in optional.items() if table is not None} | {
            "effects": self.effects,
            "arms": self.arms,
            "comparison": self.comparison,
            "safety": self.safety,
            "parameters": self.parameters,
        }

    def conformed(self) -> ResultContents:
        """The same contents with the types that the files have, so that pictures drawn before and after agree.

        Raises
        ------
        SchemaError
            Where a table lacks a column or holds values of another type.
        """
        if self.conforms:
            return self
        tables = {name: conform(name, table) for name, table in self.summaries().items()}
        rows = {name: rows.conformed() for name, rows in self.rows.items()}
        return replace(self, conforms=True, rows=rows, **tables)
