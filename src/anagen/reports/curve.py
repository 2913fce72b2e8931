"""The report of a response curve: one self-contained page and its picture as files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.response import BANDS, QUANTITIES, against
from anagen.core.disk import write_durably
from anagen.reports.amounts import MONTE_CARLO, Amounts
from anagen.reports.cells import Cell, Table, figure, words
from anagen.reports.glossary import glossary
from anagen.reports.numbers import decimals_for, for_people, has_band, is_number, significant, with_unit
from anagen.reports.page import DrawnFigure, draw_all, render, write_figures
from anagen.reports.wording import (
    EndpointName,
    endpoint_names,
    lower_first,
    measure_scale,
    measure_unit,
    pretty_unit,
    titled,
    weeks,
)

if TYPE_CHECKING:
    import pandas as pd

    from anagen.analysis.response import ResponseCurve

REPORT_NAME = "report.html"
PICTURE = "response-curve"
FEW_DRAWS = 40
BAND_ENDS = tuple(f"{quantity}_{ending}" for quantity in QUANTITIES for ending in BANDS)
"""Columns that hold the ends of bands."""
HOW_TO_READ = (
    "Each point is an expected effect: the same reference patients are simulated at every setting, under the arm and "
    "under its control, and the difference of the two means is shown. It is not the result of one trial, so the "
    "curve does not jump with the luck of a sample; a real trial of any setting would scatter around its point.",
    "From 20 draws on, bands are ranges over parameter values that are not known, with the same draws at every setting "
    "(together from a posterior where they are calibrated, each from its prior where not): 5 to 95 % and 25 to 75 %. A "
    "point is the mean over these draws (the effect at central values where there are fewer than 20), so it need not "
    "lie in the middle of its band. Points differ by their settings alone, so the shape of a curve is known better "
    "than its height.",
    "± is the Monte-Carlo standard error of a point: how far it moves with the patients and draws that happen to be "
    "simulated. It is not the uncertainty of the parameters, which the bands show. From 20 on, more draws make it "
    "smaller. Points share patients and draws, so it moves a curve as a whole more than one point against another.",
)
"""How a response curve is to be read; printed, in the report and in the documents."""


def write_curve_report(curve: ResponseCurve, folder: Path) -> tuple[Path, ...]:
    """Write report.html and the picture as SVG and PNG into an existing folder; the same curve gives the same bytes.

    Parameters
    ----------
    curve : ResponseCurve
        The curve.
    folder : Path
        An existing folder.

    Returns
    -------
    tuple of Path
        Files written, the report first.
    """
    from anagen.reports.figures.response_curve import draw_response_curve

    curve = replace(curve, table=for_people(curve.table, int(curve.manifest["draws"]), *BAND_ENDS))
    endpoint = str(curve.primary["endpoint"])
    name = endpoint_names([endpoint])[endpoint]
    alt = f"{curve.title}. {headline(curve, name)}"
    pictures = draw_all({PICTURE: lambda: (draw_response_curve(curve, name), alt)})
    report = folder / REPORT_NAME
    write_durably(report, build_curve_report(curve, pictures[PICTURE], name).encode())
    return (report, *write_figures(pictures, folder))


def build_curve_report(curve: ResponseCurve, picture: DrawnFigure, name: EndpointName) -> str:
    """HTML of the report, with the picture inside it."""
    from anagen.reports.report import notice_paragraphs

    return render(
        "reports/templates/curve.html.j2",
        title=curve.title,
        headline=headline(curve, name),
        reading=HOW_TO_READ,
        notes=curve.notes,
        notice=notice_paragraphs(curve.manifest),
        glossary=glossary("SALT", "Number needed to treat", "Confidence interval"),
        picture=picture,
        table=curve_table(curve, name),
        method=method_terms(curve),
        limits=limits(curve),
    )


def headline(curve: ResponseCurve, name: EndpointName) -> str:
    """The range of the curve in a sentence."""
    table, choice = curve.table, curve.primary
    least, most = (table.iloc[place(table["effect"].to_numpy())] for place in (np.nanargmin, np.nanargmax))
    measure = str(choice["measure"])
    unit = measure_unit(measure, name.unit, difference=True)
    low, high = (effect_text(curve_amounts(row, measure, unit), row) for row in (least, most))
    return (
        f"The expected effect on {lower_first(name.title)} at week {weeks(choice['week'])}, "
        f"{against(str(most['control']))}, runs from {low} ({setting_words(curve, least)}) to "
        f"{with_unit(high, unit)} ({setting_words(curve, most)})."
    )


def setting_words(curve: ResponseCurve, row: pd.Series) -> str:
    """A setting in words, with the arm where there are several."""
    parts = [f"{lower_first(axis.title)} {_value(row[axis.name], axis.unit)}" for axis in curve.axes]
    if curve.table["arm"].nunique() > 1:
        parts.insert(0, str(row["arm"]))
    return ", ".join(parts)


def curve_table(curve: ResponseCurve, name: EndpointName) -> Table:
    """All settings with effect, its two bands and the arm's own mean."""
    measure = str(curve.primary["measure"])
    several = curve.table["arm"].nunique() > 1
    unit = measure_unit(measure, name.unit, difference=True)
    draws = int(curve.manifest["draws"])
    rows: list[tuple[Cell, ...]] = []
    for _, row in curve.table.iterrows():
        amounts = curve_amounts(row, measure, unit)
        cells = [words(str(row["arm"]))] if several else []
        cells += [words(_value(row[axis.name], "")) for axis in curve.axes]
        cells.append(figure(effect_text(amounts, row)))
        for low, high in (("effect_p25", "effect_p75"), ("effect_p5", "effect_p95")):
            cells.append(figure(amounts.band(row[low], row[high], draws)))
        cells.append(figure(own_text(amounts, row, measure)))
        rows.append(tuple(cells))
    columns = [*(["Arm"] if several else []), *(titled(axis.title, pretty_unit(axis.unit)) for axis in curve.axes)]
    columns += [titled("Effect", unit), "25 to 75 %", "5 to 95 %", "The arm's own mean"]
    control = against(str(curve.table["control"].iloc[0]))
    what = f"Effect {control} on {lower_first(name.title)} at week {weeks(curve.primary['week'])}; {measure}."
    note = f"{what.replace('_', ' ')} {MONTE_CARLO}"
    return Table("Expected effect at every setting", tuple(columns), tuple(rows), note)


def curve_amounts(row: Mapping[str, Any] | pd.Series, measure: str, unit: str) -> Amounts:
    """How a setting of a curve is printed: to two digits of its Monte-Carlo error, or to a twentieth of its effect.

    Parameters
    ----------
    row : Mapping
        effect, effect_error and own of the setting.
    measure : str
        What is made of the endpoint's readings.
    unit : str
        Printed unit of the effect.
    """
    scale = measure_scale(measure)
    error = row["effect_error"]
    finest = float(error) if is_number(error) and error > 0.0 else abs(float(row["effect"])) / 20.0
    decimals = decimals_for(scale * finest, scale * float(row["own"]))
    return Amounts(unit, scale, decimals)


def effect_text(amounts: Amounts, row: Mapping[str, Any] | pd.Series) -> str:
    """The expected effect with its Monte-Carlo standard error."""
    return amounts.with_error(row["effect"], row["effect_error"], finer=0)


def own_text(amounts: Amounts, row: Mapping[str, Any] | pd.Series, measure: str) -> str:
    """The arm's own mean with its Monte-Carlo standard error; a plain value carries no plus sign."""
    return replace(amounts, signed=measure != "value").with_error(row["own"], row["own_error"], finer=0)


def method_terms(curve: ResponseCurve) -> list[tuple[str, str]]:
    """What is needed to repeat the curve, as (term, text)."""
    manifest = curve.manifest
    version = f"{manifest['package']} {manifest['version']}"
    draws = int(manifest["draws"])
    return [
        ("Software", version),
        ("Study", f"{manifest['study']}, {len(manifest['settings'])} settings, each with its SHA-256 in manifest.json"),
        *((axis.title, ", ".join(axis.labels)) for axis in curve.axes),
        ("Seed", str(manifest["seed"])),
        ("Parameter draws", f"{draws}, the same at every setting" if draws else "none"),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
    ]


def limits(curve: ResponseCurve) -> list[str]:
    """What the curve cannot say, as sentences."""
    sentences = [
        "The shape of the curve is that of the model's assumptions on dose and response; a band says how far its "
        "parameters reach and nothing about a wrong structure.",
        "Settings between those that were run are not computed; lines only join them.",
    ]
    draws = int(curve.manifest["draws"])
    if not has_band(draws):
        sentences.append(
            f"Fewer than {LEAST_DRAWS} parameter draws were run, too few for bands: the uncertainty of the parameters "
            "is not shown."
        )
    elif draws < FEW_DRAWS:
        sentences.append(
            f"With {draws} parameter draws the ends of the 90 % band are rough; --draws 200 draws them finer."
        )
    return sentences


def _value(value: object, unit: str) -> str:
    text = significant(value, 4) if not isinstance(value, str) else value
    return with_unit(text, pretty_unit(unit))
