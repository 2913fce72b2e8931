"""Rows of published results in words: as a line of a list, and in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anagen.evidence.table import Published
from anagen.study.covariates import COVARIATES, covariates_in_words

LIST_COLUMNS = ("study", "arm", "quantity", "week", "value", "n", "use")
PLAIN_UNITS = ("1", "rank")
"""Units that need no word."""


def list_line(row: Published) -> tuple[str, ...]:
    """A row as it stands in a list; see LIST_COLUMNS."""
    quantity = f"{row.measure} of {row.endpoint}".replace("_", " ")
    spread = spread_text(row)
    value = value_text(row) + (f" ({spread})" if spread else "")
    return row.study, row.arm, quantity, week_text(row), value, patients_text(row), row.use


def study_lines(rows: Sequence[Published]) -> Iterator[str]:
    """A study in words: what it is, then every row of it with how each number was read, converted and is used."""
    first = rows[0]
    yield f"{first.study}: {first.citation}"
    stated = (("Design", first.design), ("Source", first.source), ("Read at", first.url), ("Funding", first.funding))
    conduct = covariates_in_words({key: getattr(first, key) for key in COVARIATES})
    stated += (("Conduct", conduct),)
    yield from (f"{words}: {value}" for words, value in stated if value)
    for row in rows:
        yield ""
        yield from _value_lines(row)
        yield from _reading_lines(row)


def _value_lines(row: Published) -> Iterator[str]:
    """Whose result it is, and its numbers."""
    against = f" against {row.versus}" if row.versus else ""
    yield f"{row.arm} ({row.therapy}{against}), week {week_text(row) or 'not stated'}"
    spread, patients = spread_text(row), patients_text(row)
    words = f"  {row.measure} of {row.endpoint}: {value_text(row)}"
    words += f" ({spread})" if spread else ""
    words += f", n {patients}" if patients else ""
    yield f"{words} {row.n_read}" if row.n_read else words
    if row.printed is not None and row.printed_unit != row.unit:
        yield f"  printed as {row.printed:g} {row.printed_unit}"
    if row.baseline is not None:
        yield f"  baseline {row.baseline:.4g}" + (f", follow-up {row.followup:.4g}" if row.followup else "")


def _reading_lines(row: Published) -> Iterator[str]:
    """Where the number was read, what it is for, and what else is stated."""
    where = f"table, line {row.line}" if row.line else f"study file {row.study_file}"
    linked = f"; also in study file {row.study_file}" if row.line and row.study_arm else ""
    derived = f"; derived: {row.derived}" if row.derived else ""
    yield f"  read: {row.read}{derived} ({where}{linked})"
    yield f"  use: {row.use}{f' ({row.reason})' if row.reason else ''}"
    note = row.note if row.note != row.derived else ""
    stated = (("p", row.p), ("adverse events", row.adverse_events), ("note", note))
    yield from (f"  {words}: {text}" for words, text in stated if text)


def week_text(row: Published) -> str:
    """Week of a row, or the weeks between which it lies; empty where none is stated."""
    if row.week is not None:
        return f"{row.week:g}" + (" after the last" if row.week_from == "last session" else "")
    if row.week_low is not None and row.week_high is not None:
        return f"{row.week_low:g} to {row.week_high:g}"
    if row.week_low is not None:
        return f"from {row.week_low:g}"
    return f"to {row.week_high:g}" if row.week_high is not None else ""


def value_text(row: Published) -> str:
    """Value of a row with its unit, or its range where no single number was printed."""
    if row.mean is not None:
        return f"{row.mean:.4g}" if row.unit in PLAIN_UNITS else f"{row.mean:.4g} {row.unit}"
    if row.range_low is not None:
        return f"{_interval(row.range_low, row.range_high)} {row.unit}"
    return "no number"


def spread_text(row: Published) -> str:
    """Standard deviation, standard error, quartiles and interval as far as they are stated."""
    stated = (("SD", row.sd), ("SE", row.se), ("IQR", row.iqr))
    parts = [f"{name} {value:.4g}" for name, value in stated if value]
    if row.ci_low is not None:
        parts.append(_interval(row.ci_low, row.ci_high))
    return ", ".join(parts)


def patients_text(row: Published) -> str:
    """Patients of the arm, of both arms, or of the whole study; empty where no number is stated."""
    if row.n and row.n_control:
        return f"{row.n} and {row.n_control}"
    if row.n:
        return str(row.n)
    return f"{row.n_total} in all" if row.n_total else ""


def _interval(low: float, high: float | None) -> str:
    return f"{low:.4g} to {high:.4g}" if high is not None else "–"
