"""The files of a planned study: tables, trials, pictures, JSON and page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.disk import write_durably
from anagen.core.parquet import frame_to_parquet
from anagen.planning.page import build_page, draw_pictures
from anagen.reports.page import write_figures

if TYPE_CHECKING:
    from anagen.planning.result import Power

TABLE, SMALLEST, SCENARIOS, CLAIMS = "power.csv", "sizes.csv", "scenarios.csv", "claims.csv"
TRIALS, EFFECTS = "trials.parquet", "effects.parquet"
DOCUMENT, PAGE = "power.json", "report.html"


def write_power(result: Power, folder: Path) -> Path:
    """Write power.csv, sizes.csv, scenarios.csv and claims.csv where there are any, trials, effects, JSON and page.

    The same result gives the same bytes.

    Parameters
    ----------
    result : Power
        What is written.
    folder : Path
        An existing folder.

    Returns
    -------
    Path
        The page.
    """
    tables = {TABLE: result.table, SMALLEST: result.smallest, SCENARIOS: result.scenarios, CLAIMS: result.claims}
    for name, table in tables.items():
        if table is not None:
            write_durably(folder / name, table.to_csv(index=False, lineterminator="\n").encode())
    write_durably(folder / TRIALS, frame_to_parquet(result.trials))
    write_durably(folder / EFFECTS, frame_to_parquet(result.effects))
    write_durably(folder / DOCUMENT, f"{result.to_json()}\n".encode())
    pictures = draw_pictures(result)
    write_figures(pictures, folder)
    page = folder / PAGE
    write_durably(page, build_page(result, pictures).encode())
    return page
