"""Rows of the table of effects, narrowed step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.core.arrays import BoolArray, FloatArray


@dataclass(frozen=True)
class Estimates:
    """Some rows of the table of effects; every method gives fewer of them, in the same order.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with the columns of `anagen.results.schema.TABLES["effects"]`.

    Examples
    --------
    >>> kinds, draws = ["trial", "expected", "expected"], [0, 0, 1]
    >>> effects = pd.DataFrame({"kind": kinds, "draw": draws, "estimate": [3.0, 2.0, 1.0]})
    >>> Estimates(effects).expected(draw=0).values.tolist(), Estimates(effects).drawn().values.tolist()
    ([2.0], [1.0])
    """

    rows: pd.DataFrame

    def primary(self) -> Estimates:
        """Those of the primary endpoint."""
        return self._where(self.rows["role"] == "primary")

    def trials(self, replicate: int | None = None) -> Estimates:
        """Those of measured data; of one replicate, counted from 0, where it is named."""
        kept = self.rows["kind"] == "trial"
        return self._where(kept if replicate is None else kept & (self.rows["replicate"] == replicate))

    def expected(self, draw: int | None = None) -> Estimates:
        """Those that the model expects; under one parameter draw where it is named, 0 being the central values."""
        kept = self.rows["kind"] == "expected"
        return self._where(kept if draw is None else kept & (self.rows["draw"] == draw))

    def drawn(self) -> Estimates:
        """Those that the model expects under parameter draws, without the central values."""
        return self._where((self.rows["kind"] == "expected") & (self.rows["draw"] > 0))

    def arm(self, name: str, control: str | None = None) -> Estimates:
        """Those of an arm; against one control where it is named."""
        kept = self.rows["arm"] == name
        return self._where(kept if control is None else kept & (self.rows["control"] == control))

    @property
    def values(self) -> FloatArray:
        """The estimates, shape (rows,), in the unit of the endpoint's measure; NaN where there is none."""
        return self.rows["estimate"].to_numpy(dtype=np.float64)

    def _where(self, kept: pd.Series) -> Estimates:
        mask: BoolArray = kept.to_numpy(dtype=np.bool_)
        return Estimates(self.rows.loc[mask])
