"""Results that were printed: one row an arm, endpoint and week, with n, mean and sd, standard error or interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from anagen.core.errors import InputError, Problem
from anagen.formats.trial.computing import FEW, Result, kept
from anagen.formats.trial.grid import Grid, Row
from anagen.formats.trial.rows import RowReader
from anagen.formats.trial.table import Meaning

MEASURES = ("change", "percent_change", "value")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a table of results says.

    Attributes
    ----------
    results : tuple[Result, ...]
        Rows after baseline.
    patients : dict[str, int]
        Arm -> most patients behind a row.
    baseline : dict[str, tuple[float, float | None]]
        Endpoint -> mean and standard deviation over all arms, of rows at week 0.
    told : tuple[str, ...]
        What was recognised and left out, in sentences.
    """

    results: tuple[Result, ...]
    patients: dict[str, int]
    baseline: dict[str, tuple[float, float | None]]
    told: tuple[str, ...]

    @property
    def weeks(self) -> dict[str, tuple[float, ...]]:
        """Endpoint -> weeks after baseline."""
        found: dict[str, set[float]] = {}
        for result in self.results:
            found.setdefault(str(result.row["endpoint"]), set()).add(float(str(result.row["week"])))
        return {name: tuple(sorted(weeks)) for name, weeks in found.items()}


def read_summary(grid: Grid, meaning: Meaning) -> Summary:
    """Results of a table in which a row is one of an arm and week.

    Parameters
    ----------
    grid : Grid
        Its cells.
    meaning : Meaning
        What its parts mean.

    Returns
    -------
    Summary
        Every row, once.

    Raises
    ------
    InputError
        With everything that is wrong, each with its line.
    """
    reader = RowReader(grid, meaning)
    needed = [role for role in ("arm", "mean") if role not in reader.roles]
    needed += [] if {"week", "visit"} & reader.roles.keys() else ["week"]
    if needed:
        words = "no column is the {0}; write {0} under means of the one that is"
        raise InputError(Problem(meaning.file, None, None, "column", words.format(role)) for role in needed)
    if "endpoint" not in reader.roles and not reader.endpoint_of_table():
        words = "no column names the endpoint of a mean; write it in the row study,endpoint"
        raise InputError([Problem(meaning.file, None, None, "study endpoint", words)])
    rows: list[Result] = []
    seen: dict[tuple[object, ...], int] = {}
    starts: dict[str, list[tuple[int, float, float | None]]] = {}
    patients: dict[str, int] = {}
    for row in grid.rows:
        result = _result(reader, row)
        if result is None:
            continue
        key = (result["arm"], result["endpoint"], result["week"], result["measure"])
        if key in seen:
            reader.wrong(row, "arm", f"{', '.join(map(str, key))} stands in line {seen[key]} already")
            continue
        seen[key] = row.line
        arm, n, sd = str(result["arm"]), result.get("n"), result.get("sd")
        if isinstance(n, int):
            patients[arm] = max(n, patients.get(arm, 0))
        mean = result["mean"]
        if result["week"] == 0.0:
            if isinstance(n, int) and isinstance(mean, float) and result["measure"] == "value":
                starts.setdefault(str(result["endpoint"]), []).append((n, mean, sd if isinstance(sd, float) else None))
            continue
        rows.append(Result(result, f"line {row.line} of the table"))
    if not reader.problems and not rows:
        reader.problems.append(
            Problem(grid.file, None, None, "", "holds no result after baseline of an arm that is kept")
        )
    if reader.problems:
        raise InputError(reader.problems)
    told = [*reader.told, *(f"Left out: {number} {what}." for what, number in reader.left_out.items())]
    return Summary(tuple(rows), patients, {name: _together(parts) for name, parts in starts.items()}, tuple(told))


def _result(reader: RowReader, row: Row) -> dict[str, object] | None:
    """Keys of one row; None where it is left out or wrong."""
    arm, week = reader.arm(row), reader.week(row)
    endpoint, factor = reader.endpoint(row)
    if not arm or week is None or not endpoint:
        return None
    measure = reader.cell(row, "measure").lower() or ("value" if week == 0.0 else "change")
    if measure not in MEASURES:
        reader.wrong(row, "measure", f"unknown measure {measure!r}", MEASURES)
        return None
    if "measure" not in reader.roles and week > 0.0:
        told = "Means after baseline are changes from it, as no column is the measure."
        reader.told += [] if told in reader.told else [told]
    factor = 1.0 if measure == "percent_change" else factor
    numbers = {
        role: reader.number(row, reader.roles[role], reader.cell(row, role))
        for role in ("n", "mean", "sd", "se", "ci_low", "ci_high")
        if role in reader.roles
    }
    found = {role: value for role, value in numbers.items() if not math.isnan(value)}
    if "mean" not in found:
        reader.left_out["rows without a mean"] += 1
        return None
    result: dict[str, object] = {"arm": arm, "endpoint": endpoint, "week": week, "measure": measure}
    result |= {role: kept(found[role] * factor) for role in ("mean", "sd", "se") if role in found}
    if "ci_low" in found and "ci_high" in found:
        result["ci"] = [kept(found["ci_low"] * factor), kept(found["ci_high"] * factor)]
    if "n" in found:
        n = found["n"]
        if n < 1.0 or n != int(n):
            reader.wrong(row, "n", f"is {n:g}; expected a whole number of patients")
            return None
        result["n"] = int(n)
    for role in ("sd", "se"):
        if found.get(role, 0.0) < 0.0:
            reader.wrong(row, role, f"is {found[role]:g}; no spread is below 0")
            return None
    return result


def _together(parts: list[tuple[int, float, float | None]]) -> tuple[float, float | None]:
    """Mean and standard deviation of several arms together, from those of each."""
    total = sum(n for n, _, _ in parts)
    mean = sum(n * each for n, each, _ in parts) / total
    if any(sd is None for _, _, sd in parts) or total < 2:
        return kept(mean, FEW), None
    squares = sum((n - 1) * (sd or 0.0) ** 2 + n * (each - mean) ** 2 for n, each, sd in parts)
    return kept(mean, FEW), kept(math.sqrt(squares / (total - 1)), FEW)
