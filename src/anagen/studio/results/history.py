"""The history of runs as a table, to be taken along."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.studio.jobs.job import Job
from anagen.studio.results.effects import effects_of
from anagen.studio.sheets import sheet

COLUMNS = (
    "run",
    "title",
    "kind",
    "state",
    "asked_for",
    "seconds",
    "contrast",
    "quantity",
    "estimate",
    "low",
    "high",
    "expected",
)


def history_sheet(jobs: Sequence[Job]) -> str:
    """Runs with their primary effects.

    Parameters
    ----------
    jobs : Sequence of Job
        In the order of the table.

    Returns
    -------
    str
        CSV: a row for each primary effect, and one for a run without.
    """
    rows: list[Sequence[object]] = []
    for job in jobs:
        own = (job.id, job.title, job.kind, job.state, job.created.isoformat(), round(job.seconds, 1))
        effects = [(e.contrast, e.quantity, e.estimate, e.low, e.high, e.expected) for e in effects_of(job)]
        rows += [(*own, *each) for each in effects or [("", "", None, None, None, None)]]
    return sheet(COLUMNS, rows)
