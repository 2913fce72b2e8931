"""The files of a search: tables, the study of the best trial, picture, JSON and page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.disk import write_durably
from anagen.planning.search import wording
from anagen.planning.search.page import build_page, draw_pictures
from anagen.reports.page import write_figures

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch

CANDIDATES, FRONT, DESIGNS, BEST = "candidates.csv", "front.csv", "designs.csv", "best.yaml"
DOCUMENT, PAGE = "design.json", "report.html"


def write_design(result: DesignSearch, folder: Path) -> Path:
    """Write candidates.csv, front.csv, designs.csv, best.yaml where there is one, design.json, picture and page.

    The same result gives the same bytes.

    Parameters
    ----------
    result : DesignSearch
        What is written.
    folder : Path
        An existing folder.

    Returns
    -------
    Path
        The page.
    """
    for name, table in ((CANDIDATES, result.table), (FRONT, result.summary()), (DESIGNS, result.designs)):
        write_durably(folder / name, table.to_csv(index=False, lineterminator="\n").encode())
    if result.study is not None:
        write_durably(folder / BEST, best_text(result).encode())
    write_durably(folder / DOCUMENT, f"{result.to_json()}\n".encode())
    pictures = draw_pictures(result)
    write_figures(pictures, folder)
    page = folder / PAGE
    files = (BEST,) if result.study is not None else ()
    write_durably(page, build_page(result, pictures, files).encode())
    return page


def best_text(result: DesignSearch) -> str:
    """Text of the study file of the best trial, with where it comes from in its first lines.

    Parameters
    ----------
    result : DesignSearch
        With a best trial.

    Returns
    -------
    str
        YAML that `anagen check` takes.
    """
    assert result.study is not None
    manifest = result.manifest
    told = [
        f"Found by `anagen design`, version {manifest['version']}, seed {manifest['seed']}, from the study "
        f"{result.pool.space.study.study} (SHA-256 {manifest['study_sha256']}).",
        wording.headline(result).replace("\N{NO-BREAK SPACE}", " "),
    ]
    return "".join(f"# {line}\n" for line in told) + result.study.to_yaml()
