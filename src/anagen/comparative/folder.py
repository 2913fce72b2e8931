"""The folder of a comparison: tables, picture and one page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from anagen.comparative.design import Comparison
from anagen.comparative.facts import with_facts
from anagen.comparative.page import build_page, draw_picture
from anagen.comparative.ranking import ComparisonResult, ranked
from anagen.core.disk import write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.parquet import frame_to_parquet, read_frame
from anagen.core.plain import json_object, plain
from anagen.core.provenance import package_version
from anagen.execution import Tables
from anagen.parameters import Source, parameter_source, source_facts
from anagen.reports.page import write_figures
from anagen.results.manifest import MANIFEST
from anagen.trials.protocol import study_parameters

WORDS = frozenset(
    {"arm", "control", "adverse_events", "cost", "grade", "evidence", "grade_from", "certainty", "not_known",
     "contraindicated", "warnings", "unlike_those_studied"}
)  # fmt: skip
"""Columns of the table that hold no numbers."""
TABLE, COURSES, DRAWS, PAGE = "ranking.csv", "courses.parquet", "shares.parquet", "report.html"


def result_of(
    comparison: Comparison,
    tables: Tables,
    *,
    seed: int,
    patients: int,
    draws: int,
    threshold: float,
    source: Source = "default",
) -> ComparisonResult:
    """Ranked table with what is known of each treatment, and what is needed to repeat it."""
    source = parameter_source(source)
    parameters = study_parameters(comparison.study, source.load())
    weeks = comparison.study.measurement.visits[-1]
    table = with_facts(ranked(comparison, tables, seed=seed), comparison, parameters, weeks=weeks)
    manifest: dict[str, object] = {
        "kind": "comparison",
        "package": "anagen",
        "version": package_version(),
        "seed": seed,
        "patients": patients,
        "draws": draws,
        "threshold": threshold,
        **source_facts(source, parameters),
        "parameters_sha256": parameters.sha256(),
        "treatments": list(comparison.treatments),
        "study": comparison.study.model_dump(mode="json"),
    }
    return ComparisonResult(comparison, table, tables, manifest)


def read_comparison(comparison: Comparison, folder: Path) -> ComparisonResult:
    """A comparison from the folder that `write_comparison` filled.

    Parameters
    ----------
    comparison : Comparison
        What was compared.
    folder : Path
        Result folder.

    Returns
    -------
    ComparisonResult
        Table, courses, shares and manifest.

    Raises
    ------
    InputError
        Where the folder holds another comparison.
    """
    manifest = json_object(folder / MANIFEST)
    if manifest.get("study") != plain(comparison.study.model_dump(mode="json")):
        raise InputError([Problem(str(folder), None, None, "", "holds another comparison")])
    table = pd.read_csv(folder / TABLE, keep_default_na=False)
    numbers = [name for name in table.columns if name not in WORDS]
    table[numbers] = table[numbers].apply(pd.to_numeric, errors="coerce")
    tables = {"courses": read_frame(folder / COURSES), "shares": read_frame(folder / DRAWS)}
    return ComparisonResult(comparison, table, tables, manifest)


def write_comparison(result: ComparisonResult, folder: Path) -> Path:
    """Write tables, picture and page into an existing folder, byte for byte the same each time; gives the page."""
    write_durably(folder / TABLE, result.table.to_csv(index=False, lineterminator="\n").encode())
    write_durably(folder / COURSES, frame_to_parquet(result.tables["courses"]))
    write_durably(folder / DRAWS, frame_to_parquet(result.tables["shares"]))
    picture = draw_picture(result)
    write_figures({picture.name: picture}, folder)
    page = folder / PAGE
    write_durably(page, build_page(result, picture).encode())
    return page
