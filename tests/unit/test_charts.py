"""Charts written by hand show the numbers that they are given."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from anagen.reports.charts import Band, Bar, Line, Mark, line_chart, waterfall_chart
from anagen.reports.charts.frame import Plot, path, ticks

X = [float(day) for day in range(101)]


def chart() -> str:
    curve = [1.0 - (day / 100.0) ** 2 for day in X]
    return line_chart(
        [Line("kept", X, curve), Line("before", X, [0.5] * 101, aside=True)],
        name="kept", title="Kept & left", description="It falls.", x_title="days", y_title="share",
        bands=[Band("5 to 95 %", X, [0.2] * 101, [0.9] * 101)],
        marks=[Mark(0.8, "limit", level=True), Mark(40.0, "now")], percent=True,
    )  # fmt: skip


def places(svg: str, kind: str) -> list[tuple[float, float]]:
    found = re.search(rf'<path class="line {kind}" d="M([^"]+)"', svg)
    assert found is not None
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in found[1].split())]


def test_a_chart_is_a_picture_with_a_name_and_no_styles() -> None:
    root = ElementTree.fromstring(chart())
    named = str(root.get("aria-labelledby")).split()
    found = {element.get("id"): element.text for element in root if element.get("id")}
    assert [found[name] for name in named] == ["Kept & left", "It falls."]
    assert "style" not in chart() and chart() == chart()


def test_a_curve_keeps_its_bend_when_points_on_straight_lines_are_left_out() -> None:
    svg = chart()
    curve, level = places(svg, "line-0"), places(svg, "aside")
    assert len(level) == 2 and level[0][1] == level[1][1]
    assert 8 < len(curve) < 101
    # halfway along, three quarters are left, between what stands for 1 and 0
    x_middle = 0.5 * (curve[0][0] + curve[-1][0])
    after = next(i for i, place in enumerate(curve) if place[0] >= x_middle)
    (x0, y0), (x1, y1) = curve[after - 1], curve[after]
    y = y0 + (y1 - y0) * (x_middle - x0) / (x1 - x0)
    assert (curve[-1][1] - y) / (curve[-1][1] - curve[0][1]) == pytest.approx(0.75, abs=0.01)


def test_two_lines_differ_in_more_than_colour_and_are_told_apart_by_words() -> None:
    svg = chart()
    assert svg.count("stroke-dasharray") >= 2
    assert ">kept</text>" in svg and ">before</text>" in svg and ">5 to 95 %</text>" in svg


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.0, 1.0) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(-0.03, 0.04)[0] >= -0.03
    assert path(Plot(0, 0, 10, 10, (0, 1), (0, 1)), [0.0, 1.0], [0.0, 1.0]) == "M0.0,10.0 10.0,0.0"


def test_a_waterfall_falls_by_the_factors_on_a_logarithmic_axis() -> None:
    bars = [Bar("label", "", 1e10, 1e10), Bar("a", "× 0.1", 1e10, 1e9), Bar("b", "× 0.01", 1e9, 1e7),
            Bar("potent", "", 1e7, 1e7, 1e6, 1e8)]  # fmt: skip
    svg = waterfall_chart(bars, name="w", title="W", description="D", x_title="particles")
    wide = [float(width) for width in re.findall(r'<rect class="loss"[^>]*width="([\d.]+)"', svg)]
    assert wide[1] == pytest.approx(2.0 * wide[0], rel=0.01)
    assert svg.count('class="total"') == 2 and svg.count('class="whisker"') == 1
    ElementTree.fromstring(svg)


def test_a_waterfall_to_nothing_is_drawn_and_says_zero() -> None:
    svg = waterfall_chart(
        [Bar("label", "", 1e10, 1e10), Bar("dead", "× 0", 1e10, 0.0), Bar("potent", "", 0.0, 0.0)],
        name="w", title="W", description="D", x_title="particles",
    )  # fmt: skip
    assert ">0</text>" in svg
    ElementTree.fromstring(svg)
