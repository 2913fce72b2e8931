"""Gains of usual courses that come with the package, so that the model's number can stand beside a published one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from anagen.analysis.bands import band
from anagen.comparative.result import Ranking, compare
from anagen.core.disk import write_durably
from anagen.core.errors import AnagenError
from anagen.core.plain import json_object
from anagen.core.provenance import PACKAGE_FOLDER, sha256_of_bytes
from anagen.execution import Workers
from anagen.parameters import load_parameters
from anagen.parameters.files import shipped_priors

SHIPPED = PACKAGE_FOLDER / "comparative" / "gains.csv"
THERAPIES = (
    "conditioned-medium", "dutasteride", "exosome", "finasteride", "lllt", "microneedling", "minoxidil", "prp",
)  # fmt: skip
"""Those whose published trials can be pooled, and those whose effect is judged."""
ENDPOINTS = ("total_density", "nonvellus_density", "terminal_density")
SEXES = ("male", "female")
CONDITION, WEEKS, DRAWS, PATIENTS, SEED = "aga", 48.0, 100, 40, 1
NEAREST = 8.0
"""Weeks by which a shipped gain may miss the week asked for."""
DIGITS = "%.6g"


class NoGains(AnagenError):
    """The package holds no gains, or they are not those that their manifest speaks of."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What the model says that a usual course gains over its own control.

    Attributes
    ----------
    therapy : str
        Name of the therapy, given by its usual route.
    sex : str
        "male" or "female".
    endpoint : str
        What is counted.
    week : float
        Week from the first treatment.
    gain : float
        Mean over parameter draws [unit of the endpoint].
    low : float
        5 % of the draws.
    high : float
        95 % of the draws.
    """

    therapy: str
    sex: str
    endpoint: str
    week: float
    gain: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class ShippedGains:
    """Gains that come with the package.

    Attributes
    ----------
    table : pd.DataFrame
        One row per therapy, sex, endpoint and week.
    manifest : Mapping[str, Any]
        Version, seed, draws, patients, hashes.
    current : bool
        Whether they were made with the parameters as they are.
    """

    table: pd.DataFrame
    manifest: Mapping[str, Any]
    current: bool

    def of(self, therapy: str, endpoint: str, week: float, *, sex: str = "male") -> Gain | None:
        """The gain of a therapy at the week nearest to one.

        Parameters
        ----------
        therapy : str
            Name of the therapy.
        endpoint : str
            What is counted.
        week : float
            Week asked for.
        sex : str
            "male" or "female".

        Returns
        -------
        Gain or None
            None where the table has none within `NEAREST` weeks.
        """
        table = self.table
        rows = table[(table["therapy"] == therapy) & (table["endpoint"] == endpoint) & (table["sex"] == sex)]
        rows = rows[(rows["week"] - week).abs() <= NEAREST]
        if not len(rows):
            return None
        row = rows.loc[(rows["week"] - week).abs().idxmin()]
        low, high = float(row["low"]), float(row["high"])
        return Gain(therapy, sex, endpoint, float(row["week"]), float(row["gain"]), low, high)


def gains_of(ranking: Ranking) -> pd.DataFrame:
    """Mean and range over parameter draws of every treatment and week of a comparison, without baseline.

    Parameters
    ----------
    ranking : Ranking
        A comparison with parameter draws.

    Returns
    -------
    pd.DataFrame
        Columns therapy, week, gain, low, high.
    """
    rows: list[dict[str, object]] = []
    for (arm, _), part in ranking.courses.groupby(["arm", "week"], sort=False):  # pyright: ignore[reportGeneralTypeIssues]
        week = float(part["week"].iloc[0])
        if week > 0.0:
            low, high = band(part.loc[part["draw"] > 0, "gain"])
            gain = float(part.loc[part["draw"] == 0, "gain"].iloc[0])
            rows.append({"therapy": arm, "week": week, "gain": gain, "low": low, "high": high})
    return pd.DataFrame(rows)


def write_gains(
    file: Path = SHIPPED,
    *,
    draws: int = DRAWS,
    patients: int = PATIENTS,
    workers: Workers = 1,
    say: Callable[[str], None] | None = None,
) -> None:
    """Simulate the usual courses and write their gains, and a manifest beside them (.json).

    Parameters
    ----------
    file : Path
        The table.
    draws : int
        Parameter draws.
    patients : int
        Reference patients.
    workers : int or str
        Processes.
    say : Callable[[str], None], optional
        Told what is simulated.
    """
    parts: list[pd.DataFrame] = []
    manifest: dict[str, Any] = {}
    for sex in SEXES:
        for endpoint in ENDPOINTS:
            if say is not None:
                say(f"gains in {endpoint}, {sex}")
            ranking = compare(
                *THERAPIES, condition=CONDITION, sex=sex, endpoint=endpoint, weeks=WEEKS, draws=draws,
                patients=patients, seed=SEED, workers=workers,
            )  # fmt: skip
            part = gains_of(ranking)
            part.insert(0, "endpoint", endpoint)
            part.insert(0, "sex", sex)
            part.insert(0, "condition", CONDITION)
            parts.append(part)
            manifest = ranking.manifest
    data = pd.concat(parts).to_csv(index=False, lineterminator="\n", float_format=DIGITS).encode()
    kept = ("package", "version", "seed", "draws", "patients", "parameter_source", "posterior", "parameters_sha256")
    told = {"kind": "gains"} | {name: manifest[name] for name in kept if name in manifest}
    told |= {"gains_sha256": sha256_of_bytes(data), "parameters_sha256": _parameters()}
    write_durably(file, data)
    write_durably(file.with_suffix(".json"), (json.dumps(told, indent=2) + "\n").encode())


def read_gains(file: Path) -> ShippedGains:
    """Gains as `write_gains` left them.

    Parameters
    ----------
    file : Path
        The table.

    Returns
    -------
    ShippedGains
        With their manifest.

    Raises
    ------
    NoGains
        Where the table or its manifest is missing, or the table has other bytes.
    """
    beside = file.with_suffix(".json")
    for path in (file, beside):
        if not path.is_file():
            raise NoGains(f"{path}: there is no such file; `make docs` makes it")
    manifest = json_object(beside)
    if sha256_of_bytes(file.read_bytes()) != manifest.get("gains_sha256"):
        raise NoGains(f"{file}: is not the table that {beside.name} speaks of; write both again")
    current = manifest.get("parameters_sha256") == _parameters()
    return ShippedGains(pd.read_csv(file), MappingProxyType(manifest), current)


@cache
def shipped_gains() -> ShippedGains:
    """Gains of usual courses that come with the package, read once.

    Returns
    -------
    ShippedGains
        In men and women with androgenetic alopecia, weeks 8 to 48.

    Raises
    ------
    NoGains
        Where the package holds none.

    Examples
    --------
    >>> found = shipped_gains().of("finasteride", "total_density", 24.0)
    >>> found.low < found.gain < found.high
    True
    """
    return read_gains(SHIPPED)


def _parameters() -> str:
    """Hash of the parameters, without what installed packages bring."""
    return load_parameters().only(shipped_priors()).sha256()
