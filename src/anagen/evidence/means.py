"""Means of groups and contrasts in a published row, with their standard error and where it came from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from anagen.evidence.table import Published
from anagen.statistics.shares import two_sided

TYPICAL_SD = 20.0
"""SD of the change of a density between patients where none was printed [hairs/cm2]; trials print 15 to 25."""
TYPICAL_FOR = ("total_density", "nonvellus_density", "terminal_density")
SHARES = ("share", "responder", "responder_percent", "responder_value")
QUARTILES_APART = 1.349
"""Width of the interquartile range of a normal distribution in SDs; Wan 2014, doi:10.1186/1471-2288-14-135."""
WITHIN = ("split", "half-head", "within-patient")
"""Words of a design in which both arms are the same people."""


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of a group with its standard error, number of patients and where the error came from."""

    value: float
    se: float | None
    n: int | None
    how: str


def _printed_error(row: Published) -> tuple[float, str] | None:
    if row.se is not None:
        return row.se, "as printed" if row.read != "derived" else "worked out from the arms"
    if row.ci_low is not None and row.ci_high is not None:
        return (row.ci_high - row.ci_low) / (2.0 * two_sided(0.05)), "from the 95 % interval"
    return None


def contrast_mean(row: Published) -> Mean:
    """A printed contrast; where no error is printed, one from the numbers of patients and a typical SD."""
    value = float(row.mean or 0.0)
    known = _printed_error(row)
    sizes = _sizes(row)
    n = None if sizes is None else _patients(row, sizes)
    if known is not None:
        return Mean(value, known[0], n, known[1])
    if sizes is None:
        return Mean(value, None, None, "neither standard error nor number of patients")
    if not _typical(row):
        return Mean(value, None, n, "no standard error")
    se = TYPICAL_SD * math.sqrt(1.0 / sizes[0] + 1.0 / sizes[1])
    return Mean(value, se, n, _typical_words(row))


def _sizes(row: Published) -> tuple[float, float] | None:
    if row.n and row.n_control:
        return float(row.n), float(row.n_control)
    if row.n_total:
        return row.n_total / 2.0, row.n_total / 2.0
    return None


def _patients(row: Published, sizes: tuple[float, float]) -> int:
    return int(sizes[0] if within_patients(row) and not row.n_total else sizes[0] + sizes[1])


def within_patients(row: Published) -> bool:
    """Whether both arms of a row are the same people."""
    return any(word in row.design.lower() for word in WITHIN)


def arm_mean(row: Published) -> Mean:
    """Mean of an arm with the best standard error that its numbers allow."""
    value = float(row.mean or 0.0)
    known = _printed_error(row)
    if known is not None:
        return Mean(value, known[0], row.n, known[1])
    if not row.n:
        return Mean(value, None, None, "neither standard error nor number of patients")
    root = math.sqrt(row.n)
    if row.sd is not None and row.sd > 0.0:
        return Mean(value, row.sd / root, row.n, "from the SDs")
    if row.iqr is not None and row.iqr > 0.0:
        return Mean(value, row.iqr / QUARTILES_APART / root, row.n, "derived: from the interquartile ranges")
    if row.measure in SHARES and 0.0 < value < 1.0:
        return Mean(value, math.sqrt(value * (1.0 - value)) / root, row.n, "from the share and n")
    if not _typical(row):
        return Mean(value, None, row.n, "no standard error")
    return Mean(value, TYPICAL_SD / root, row.n, _typical_words(row))


def _typical(row: Published) -> bool:
    return row.endpoint in TYPICAL_FOR and row.measure == "change"


def _typical_words(row: Published) -> str:
    read = {"memory": " from memory", "assumed": " assumed"}.get(row.n_read, "")
    return f"derived: SD of {TYPICAL_SD:g} and n{read}"


def pooled_groups(parts: list[Mean]) -> Mean:
    """Independent groups as one: means weighted by patients, variance sum((n_i / N)^2 se_i^2)."""
    if len(parts) == 1:
        return parts[0]
    missing = next((part for part in parts if part.se is None or part.n is None), None)
    if missing is not None:
        return Mean(missing.value, None, None, missing.how)
    total = sum(part.n or 0 for part in parts)
    shares = [(part.n or 0) / total for part in parts]
    value = sum(share * part.value for share, part in zip(shares, parts, strict=True))
    variance = sum((share * float(part.se or 0.0)) ** 2 for share, part in zip(shares, parts, strict=True))
    return Mean(value, math.sqrt(variance), total, _weakest([part.how for part in parts]))


def mean_difference(treated: Mean, control: Mean, *, within: bool) -> Mean:
    """Treated less control.

    The sides of one scalp are taken as independent, which makes the error too wide rather than too narrow.
    """
    value = treated.value - control.value
    if treated.se is None or control.se is None:
        return Mean(value, None, None, treated.how if treated.se is None else control.how)
    n = None if treated.n is None or control.n is None else treated.n if within else treated.n + control.n
    return Mean(value, math.hypot(treated.se, control.se), n, _weakest([treated.how, control.how]))


def _weakest(words: list[str]) -> str:
    return next((word for word in words if word.startswith("derived")), words[0])
