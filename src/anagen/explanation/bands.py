"""What each way carries, and bands of all shares over parameter draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from anagen.analysis.bands import band
from anagen.analysis.expected import centre_of
from anagen.core.arrays import FloatArray
from anagen.explanation.gain import group_columns
from anagen.trials.reference import GROUPS

KEYS = {"gain": ["player", "lever"], "levers": ["lever", "player", "entry"]}


def carried(levers: pd.DataFrame, gain: pd.DataFrame, *, groups: bool = False) -> pd.DataFrame:
    """Lever shares with what each way carries in the arm, in the unit of the primary measure.

    A player's share of the arm through a lever is split among its ways in proportion to their share of that lever's
    mean; missing where the lever's mean is zero. With groups also in each group of the reference patients.
    """
    whole = levers.groupby(["lever", "player"], sort=False)["mean"].transform("sum").to_numpy(dtype=np.float64)
    mean = levers["mean"].to_numpy(dtype=np.float64)
    share = np.divide(mean, whole, out=np.full(len(levers), np.nan), where=whole != 0.0)
    columns = ["arm", *(group_columns("arm") if groups else ())]
    of_arm = gain.set_index(["player", "lever"])[columns]
    own = of_arm.reindex(pd.MultiIndex.from_frame(levers[["player", "lever"]]), fill_value=0.0).to_numpy()
    names = ["carried", *(group_columns("carried") if groups else ())]
    return levers.assign(**dict(zip(names, (own * share[:, None]).T, strict=True)))


def path_shares(paths: pd.DataFrame, levers: pd.DataFrame) -> pd.DataFrame:
    """Paths with the part of what their entry edge carries, split by what each does alone; the largest first."""
    keys = ["player", "lever", "entry"]
    whole = paths.groupby(keys, sort=False)["alone"].transform("sum").to_numpy(dtype=np.float64)
    alone = paths["alone"].to_numpy(dtype=np.float64)
    share = np.divide(alone, whole, out=np.full(len(paths), np.nan), where=whole != 0.0)
    known = {tuple(row[key] for key in keys): row["carried"] for row in levers.to_dict(orient="records")}
    entry = np.array([known[key] for key in zip(*(paths[key] for key in keys), strict=True)], dtype=np.float64)
    table = paths.assign(share=share, carried=share * entry)
    order = np.argsort(-table["carried"].abs().fillna(0.0).to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def banded(
    table: pd.DataFrame, drawn: pd.DataFrame | None, kind: str, columns: dict[str, tuple[str, str]]
) -> pd.DataFrame:
    """The table with 5 and 95 % points over draws of some columns; missing with fewer than two draws.

    A row that does not occur in a draw counts as zero there.
    """
    keys = KEYS[kind]
    for column, names in columns.items():
        ends = np.full((2, len(table)), np.nan)
        if drawn is not None:
            wide = [_wide(drawn, table[keys], name) for name in (column, *group_columns(column)) if name in drawn]
            for place in range(len(table)):
                values = np.stack([of_column[:, place] for of_column in wide], axis=1)
                ends[:, place] = parameter_band(values[:, 0], values[:, 1:])
        table = table.assign(**{names[0]: ends[0], names[1]: ends[1]})
    return table


def _wide(drawn: pd.DataFrame, keys: pd.DataFrame, column: str) -> FloatArray:
    """A column of every draw [draw, row of keys], zero where the row does not occur or has no value."""
    wide = drawn.pivot_table(index="draw", columns=list(keys), values=column, sort=False, observed=True, dropna=False)
    return wide.reindex(columns=pd.MultiIndex.from_frame(keys)).fillna(0.0).to_numpy(dtype=np.float64)


def parameter_band(values: FloatArray, groups: FloatArray) -> tuple[float, ...]:
    """5 and 95 % points over draws, with the spread of few patients taken out.

    Parameters
    ----------
    values : FloatArray, shape (n_draws,)
        Mean over the reference patients of each draw.
    groups : FloatArray, shape (n_draws, GROUPS)
        Mean over each group of them; of shape (n_draws, 0) where patients do not enter.

    Returns
    -------
    tuple[float, ...]
        The ends; missing with fewer than two draws.

    Examples
    --------
    >>> parameter_band(np.arange(21.0), np.zeros((21, 0)))
    (1.0, 19.0)
    """
    variance = groups.var(axis=1, ddof=1) / GROUPS if groups.shape[1] else np.zeros(len(values))
    centre, _, spread = centre_of(values, variance)
    return band(centre + spread * (values - centre))
