"""The folder of a comparison: tables, picture and one page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.comparative.design import Comparison
from anagen.comparative.facts import with_facts
from anagen.comparative.picture import draw_comparison
from anagen.comparative.ranking import ranked
from anagen.core.provenance import package_version
from anagen.execution import Tables
from anagen.parameters import Source, parameter_source, source_facts, standing
from anagen.reports.style import styled, to_png, to_svg
from anagen.reports.wording import endpoint_names, number, pretty_unit
from anagen.trials.protocol import study_parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE, COURSES, DRAWS, PAGE, PICTURE = (
    "ranking.csv",
    "courses.parquet",
    "shares.parquet",
    "report.html",
    "comparison",
)
HOW_TO_READ = (
    "The same virtual patients are simulated under every treatment and under its own control (vehicle, sham, saline by "
    "the same needle), so differences are not the luck of a sample. A gain is the mean difference from the control at "
    "the last visit, as the instrument reads it.",
    "Ranges are over draws of the parameters: together from a posterior where they are calibrated, each from its prior "
    "where not. Best in draws: share of those draws in which the mean gain is "
    "the largest; best for patients: share of the patients at central values. Number needed to treat: patients to "
    "treat for one more whose own value improves by at least the threshold.",
    "Wide priors make a treatment look both better and worse than it is known to be: one with little evidence can come "
    "out best by chance. Regimens are the usual ones, so that a course of sessions may have ended months before the "
    "last visit.",
)


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """A finished comparison."""

    comparison: Comparison
    table: pd.DataFrame
    tables: Tables
    manifest: dict[str, object]


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
    table = with_facts(ranked(comparison, tables), comparison, parameters, weeks=weeks)
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


def write_comparison(result: ComparisonResult, folder: Path) -> Path:
    """Write tables, picture and page into an existing folder, byte for byte the same each time; gives the page."""
    result.table.to_csv(folder / TABLE, index=False, lineterminator="\n")
    result.tables["courses"].to_parquet(folder / COURSES, index=False)
    result.tables["shares"].to_parquet(folder / DRAWS, index=False)
    figure, title, unit = figure_of(result), title_of(result), unit_of(result)
    svg = to_svg(figure)
    (folder / f"{PICTURE}.svg").write_bytes(svg)
    (folder / f"{PICTURE}.png").write_bytes(to_png(figure))
    page = folder / PAGE
    page.write_text(_page(result, svg, title, unit), encoding="utf-8", newline="\n")
    return page


def figure_of(result: ComparisonResult) -> Figure:
    """The picture of a comparison: gains as a forest, and their courses."""
    with styled():
        return draw_comparison(result.table, result.tables["courses"], title=title_of(result), unit=unit_of(result))


def title_of(result: ComparisonResult) -> str:
    """Title of picture and page."""
    choice = result.comparison.study.endpoints.primary
    name = endpoint_names([choice.endpoint])[choice.endpoint]
    return f"{name.title} at week {choice.week:g}: gain over own control in the same patients"


def unit_of(result: ComparisonResult) -> str:
    """Unit of a gain as it is printed."""
    endpoint = result.comparison.study.endpoints.primary.endpoint
    return pretty_unit(endpoint_names([endpoint])[endpoint].unit)


def rows_of(result: ComparisonResult) -> list[tuple[str, ...]]:
    """The table in words: rank, treatment, control, gain, chance of being best, NNT, cost, adverse events, evidence."""
    rows: list[tuple[str, ...]] = []
    for _, row in result.table.iterrows():
        rows.append(
            (
                str(row["rank"]),
                str(row["arm"]),
                str(row["control"]),
                f"{row['gain']:+.1f}",
                _range(row["gain_low"], row["gain_high"], "{:+.1f}"),
                _percent(row["best"]),
                _percent(row["best_patients"]),
                _nnt(row["nnt"], row["nnt_low"], row["nnt_high"]),
                str(row["adverse_events"]),
                str(row["cost"]),
                str(row["grade"]),
                str(row["evidence"]),
            )
        )
    return rows


HEADER = (
    "rank",
    "treatment",
    "own control",
    "gain",
    "5 to 95 %",
    "best in draws",
    "best for patients",
    "NNT (5 to 95 %)",
    "adverse events",
    "cost",
    "grade",
    "evidence",
)
EFFECT_COLUMNS = 8
"""How many of the columns say what a treatment does; the others say what else is known of it."""


def known(row: tuple[str, ...]) -> tuple[str, ...]:
    """Treatment and the columns that do not speak of its effect."""
    return (row[1], *row[EFFECT_COLUMNS:])


def standing_of(manifest: Mapping[str, Any]) -> str:
    """How far the parameters of a comparison are known, in a sentence."""
    posterior = manifest.get("posterior")
    return standing(0, 0) if posterior is None else standing(posterior["calibrated"], posterior["prior_only"])


def _page(result: ComparisonResult, svg: bytes, title: str, unit: str) -> str:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = environment.from_string((files("anagen.comparative") / "comparison.html.j2").read_text(encoding="utf-8"))
    first, rows = result.table.iloc[0], rows_of(result)
    return page.render(
        css=Markup((files("anagen.reports") / "templates" / "report.css").read_text(encoding="utf-8")),
        title=title,
        headline=f"Largest central gain: {first['arm']}, {first['gain']:+.1f} {unit} over {first['control']}.",
        reading=HOW_TO_READ,
        picture=base64.b64encode(svg).decode("ascii"),
        tables=[
            ("Effect", HEADER[:EFFECT_COLUMNS], [row[:EFFECT_COLUMNS] for row in rows]),
            ("What else is known", known(HEADER), [known(row) for row in rows]),
        ],
        manifest=result.manifest,
        standing=standing_of(result.manifest),
    )


def _range(low: float, high: float, form: str) -> str:
    return f"{form.format(low)} to {form.format(high)}" if low == low else "–"


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if share == share else "–"


def _nnt(central: float, low: float, high: float) -> str:
    if central != central:
        return "none"
    upper = number(high, 0) if high == high else "none"
    return f"{central:.1f} ({low:.1f} to {upper})" if low == low else f"{central:.1f}"
