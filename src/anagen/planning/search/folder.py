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
    from anagen.study import Study

CANDIDATES, FRONT, DESIGNS = "candidates.csv", "front.csv", "designs.csv"
BEST, CLOSEST = "best.yaml", "closest.yaml"
DOCUMENT, PAGE = "design.json", "report.html"


def write_design(result: DesignSearch, folder: Path) -> Path:
    """Write candidates.csv, front.csv, designs.csv, the study of the best trial, design.json, picture and page.

    Where no trial reaches the goal within the limits, the study is that of the likeliest within them, closest.yaml.

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
    studies = {BEST: result.study, CLOSEST: result.closest_study}
    files = tuple(name for name, study in studies.items() if study is not None)
    for name in files:
        write_durably(folder / name, study_text(result, studies[name]).encode())
    write_durably(folder / DOCUMENT, f"{result.to_json()}\n".encode())
    pictures = draw_pictures(result)
    write_figures(pictures, folder)
    page = folder / PAGE
    write_durably(page, build_page(result, pictures, files).encode())
    return page


def study_text(result: DesignSearch, study: Study | None) -> str:
    """Text of the study file of a trial that was found, with where it comes from in its first lines.

    Parameters
    ----------
    result : DesignSearch
        The search.
    study : Study or None
        Its best trial, or the closest one.

    Returns
    -------
    str
        YAML that `anagen check` takes; empty without a study.
    """
    if study is None:
        return ""
    manifest = result.manifest
    told = [
        f"Found by `anagen design`, version {manifest['version']}, seed {manifest['seed']}, from the study "
        f"{result.pool.space.study.study} (SHA-256 {manifest['study_sha256']}).",
        wording.headline(result).replace("\N{NO-BREAK SPACE}", " "),
    ]
    return "".join(f"# {line}\n" for line in told) + study.to_yaml()
