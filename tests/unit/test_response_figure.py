"""The picture and the page of a response curve."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.response import Axis, ResponseCurve, response_table
from anagen.reports.curve import HOW_TO_READ, headline, write_curve_report
from anagen.reports.figures.response_curve import draw_response_curve, is_logarithmic, layout_of
from anagen.reports.wording import EndpointName

NAME = EndpointName("Total hair density", "hairs/cm²")
PRIMARY = {"endpoint": "total_density", "week": 24.0, "measure": "change", "threshold": None}
DOSE = Axis("dose", "Dose", "particles per session", (1e8, 1e9, 1e10), ("1e8", "1e9", "1e10"))
EVERY = Axis("every", "Time between sessions", "weeks", (2.0, 4.0), ("2", "4"))
ROUTE = Axis("route", "Route", "", ("oral", "topical", "intradermal"), ("oral", "topical", "intradermal"))

ERRORS = {"effect_error": 0.25, "own_error": 0.5}


def curve_of(*axes: Axis, draws: int = 8, arms: tuple[str, ...] = ("exosome",)) -> ResponseCurve:
    places = list(product(*(range(len(axis.values)) for axis in axes)))
    rng = np.random.default_rng(1)
    rows = [
        {"setting": i, "draw": draw, "arm": arm, "control": "<saline>", "effect": value, "own": value + 4.0, **ERRORS}
        for i in range(len(places))
        for arm in arms
        for draw in range(draws + 1)
        for value in [float(i - 1 + rng.normal())]
    ]
    table = pd.DataFrame(rows)
    manifest = {
        "package": "anagen",
        "version": "0",
        "study": "s",
        "seed": 1,
        "draws": draws,
        "parameter_source": "hand-set priors",
        "parameters_sha256": "0",
        "settings": [{}] * len(places),
    }
    return ResponseCurve(
        "A <curve>", axes, PRIMARY, response_table(table, axes, places, PRIMARY), table, [], manifest, ("A & note.",)
    )


def test_the_table_has_the_central_value_and_quantiles_over_draws() -> None:
    curve = curve_of(DOSE)
    first = curve.draws[curve.draws["setting"] == 0]
    row = curve.table.iloc[0]
    assert row["effect"] == first["effect"].iloc[0]
    assert row["effect_p25"] == np.quantile(first["effect"].iloc[1:], 0.25)
    assert (row["effect_error"], row["own_error"]) == (0.25, 0.5)
    assert row["own_p95"] == np.quantile(first["own"].iloc[1:], 0.95)
    assert curve.table["dose"].tolist() == list(DOSE.values)
    assert curve_of(DOSE, draws=1).table["effect_p5"].isna().all()


def test_numbers_run_from_left_to_right_and_the_rest_is_told_apart_by_colour() -> None:
    assert layout_of(curve_of(ROUTE, DOSE)).x is DOSE
    assert layout_of(curve_of(ROUTE, DOSE)).series == "route"
    layout = layout_of(curve_of(DOSE, EVERY, ROUTE))
    assert (layout.x.name, layout.series, layout.panels) == ("dose", "route", ("every",))
    assert layout_of(curve_of(DOSE, arms=("a", "b"))).series == "arm"


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [((1e8, 1e12), True), ((1.0, 20.0), False), ((1.0, 20.1), True), ((0.0, 1e9), False), ((-1.0, 100.0), False)],
)
def test_a_wide_span_of_positive_values_has_a_logarithmic_axis(values: tuple[float, ...], logarithmic: bool) -> None:
    assert is_logarithmic(values) == logarithmic
    axis = Axis("x", "X", "", values, tuple(map(str, values)))
    axes = draw_response_curve(curve_of(axis), NAME).axes[0]
    assert (axes.get_xscale() == "log") == logarithmic


@pytest.mark.parametrize("axes", [(DOSE,), (ROUTE,), (DOSE, EVERY), (DOSE, EVERY, ROUTE), (EVERY, ROUTE)])
@pytest.mark.parametrize("draws", [0, 8])
def test_the_picture_says_what_its_axes_are(axes: tuple[Axis, ...], draws: int) -> None:
    curve = curve_of(*axes, draws=draws)
    drawn = draw_response_curve(curve, NAME)
    x = layout_of(curve).x
    for panel in drawn.axes:
        assert panel.get_xlabel() == (f"{x.title} ({x.unit})" if x.unit else x.title)
        low, high = panel.get_ylim()
        assert low < 0.0 < high, "the line of no effect is in sight"
    assert drawn.axes[0].get_ylabel().replace("\n", " ") == "Effect on total hair density at week 24 (hairs/cm²)"
    words = " ".join(text.get_text() for text in drawn.texts)
    assert "not the result of one trial" in words.replace("\n", " ")


def test_the_page_is_whole_escaped_and_the_same_every_time(tmp_path: Path) -> None:
    curve = curve_of(DOSE, EVERY)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written = write_curve_report(curve, tmp_path / name)
        assert [path.name for path in written] == ["report.html", "response-curve.svg", "response-curve.png"]
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first == second
    page = first["report.html"].decode()
    assert "A &lt;curve&gt;" in page
    assert "<saline>" not in page
    assert "A &amp; note." in page
    assert HOW_TO_READ[0][:60] in page
    assert "not medical advice" in page
    parser = HTMLParser()
    parser.feed(page)
    assert "http" not in page.replace("http://www.w3.org", "")


def test_page_headline_and_picture_tell_the_monte_carlo_error_of_every_point(tmp_path: Path) -> None:
    curve = curve_of(DOSE, EVERY)
    assert headline(curve, NAME).count("± 0.25") == 2
    words = " ".join(" ".join(text.get_text() for text in draw_response_curve(curve, NAME).texts).split())
    assert "Monte-Carlo standard error of a dot, at most 0.25 hairs/cm²" in words
    write_curve_report(curve, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    rows = len(curve.table)
    assert page.count("± 0.5") == rows, "the arm's own mean at every setting"
    assert page.count("± 0.25") >= rows + 2, "the effect at every setting, and the ends of the curve"
    assert "Monte-Carlo standard error" in page


def test_an_error_that_is_not_known_is_not_told() -> None:
    curve = curve_of(DOSE)
    curve.table["effect_error"] = np.nan
    words = " ".join(text.get_text() for text in draw_response_curve(curve, NAME).texts)
    assert "Whiskers" not in words and "±" not in headline(curve, NAME)


def test_the_headline_names_the_ends_of_the_curve() -> None:
    text = headline(curve_of(DOSE), NAME)
    assert text.startswith("The expected effect on total hair density at week 24, against <saline>, runs from ")
    assert "hairs/cm²" in text
