"""A scalp from above shows the follicles of its zones: as many strands, as wide, at the same places for all weeks."""

from __future__ import annotations

import re

import numpy as np
import pytest

from anagen.core.arrays import IntArray
from anagen.patients.scalp_map import PLOTS
from anagen.scalp.picture.above import Strands, ZoneHair, plots_from_above, zones_from_above
from anagen.scalp.picture.head import (
    EDGE,
    MIDDLE,
    SIDE,
    UNIT,
    ZONES_ABOVE,
    bears_hair,
    from_patches,
    on_paper,
    plots_at,
    zones_at,
)
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.looks import look_of, number
from anagen.scalp.picture.page import WARNING, Panel, page
from anagen.scalp.picture.png import to_png
from anagen.scalp.picture.shapes import Drawing
from anagen.scalp.picture.svg import to_svg

SITE = Site(seed=4, patient=7, replicate=0)
MEN = look_of(view="vertex", condition="aga", ethnicity="caucasian")
PATCHY = look_of(view="vertex", condition="aa", ethnicity="asian")


def zone(density: float = 250.0, diameter: float = 70.0, missing: int = 0) -> ZoneHair:
    """A square centimetre; the first `missing` follicles show no hair."""
    n = round(density)
    across = np.where(np.arange(n) < missing, 0.0, diameter)
    return ZoneHair(density, across, np.where(across > 0.0, 100.0, 0.0))


def head(**other: ZoneHair) -> Drawing:
    return zones_from_above({name: other.get(name, zone()) for name in ZONES_ABOVE}, SITE, MEN)


def starts(drawn: Drawing) -> set[tuple[float, float]]:
    return {(round(x, 6), round(y, 6)) for x, y in drawn.hairs.points[:, 0].tolist()}


def of_zone(drawn: Drawing, name: str) -> int:
    """Strands that are rooted well inside a zone: its border is blurred."""
    at = (drawn.hairs.points[:, 0] - MIDDLE) / UNIT * np.array([1.0, -1.0])
    steps = 0.2 * np.array([[0, 1], [1, 0], [0, -1], [-1, 0]])
    around = [zones_at(at + step) == ZONES_ABOVE.index(name) for step in steps]
    return int(np.all(around, axis=0).sum())


def test_there_are_as_many_strands_as_follicles_with_hair() -> None:
    bare_skin = Strands.of(SITE).at
    anywhere = np.random.default_rng(1).uniform(-EDGE, EDGE, (40_000, 2))
    area = float(np.prod(2.0 * EDGE * UNIT)) / 100.0 * bears_hair(anywhere).mean()
    expected = 250.0 * area / number("follicles_a_strand")
    found = len(head().hairs.width)
    assert found == pytest.approx(expected, abs=4.0 * np.sqrt(expected))
    assert len(bare_skin) > found


@pytest.mark.parametrize("name", ["frontal", "vertex", "temporal", "occipital"])
def test_a_zone_that_has_lost_hair_has_lost_as_many_strands_and_no_other_zone_has(name: str) -> None:
    whole, thin = head(), head(**{name: zone(missing=150)})
    before, after = of_zone(whole, name), of_zone(thin, name)
    assert before > 100
    assert after / before == pytest.approx(0.4, abs=4.0 * np.sqrt(0.24 / before))
    assert starts(thin) < starts(whole)
    for other in set(ZONES_ABOVE) - {name}:
        # three standard deviations of the blur away from a border
        assert of_zone(thin, other) == pytest.approx(of_zone(whole, other), abs=2)


def test_strands_are_as_wide_as_the_hairs_they_stand_for_and_no_longer_than_they_are() -> None:
    fine = ZoneHair(250.0, np.full(250, 25.0), np.full(250, 4.0))
    drawn = zones_from_above(dict.fromkeys(ZONES_ABOVE, fine), SITE, MEN)
    assert drawn.hairs.width == pytest.approx(number("follicles_a_strand") * 0.025)
    assert drawn.length.max() == 4.0
    unknown = ZoneHair(250.0, np.full(250, 70.0), np.full(250, np.nan))
    long = zones_from_above(dict.fromkeys(ZONES_ABOVE, unknown), SITE, MEN)
    assert long.length.max() <= number("cut_above") and long.length[long.length > 0.0].min() > 10.0
    assert starts(long) == starts(drawn)


def test_grafts_come_between_the_strands_and_move_none() -> None:
    native = zone()
    more = np.full(50, 80.0)
    grafted = ZoneHair(300.0, np.append(native.diameter, more), np.append(native.length, more))
    before, after = head(), head(vertex=grafted)
    assert starts(before) < starts(after)
    assert len(after.hairs.width) > len(before.hairs.width)


def test_a_patch_covers_its_share_of_a_plot_around_its_middle() -> None:
    gone = ZoneHair(250.0, np.zeros(100), np.zeros(100))
    full = zone()
    whole = plots_from_above({}, {}, full, [0, 9], SITE, PATCHY)
    part = plots_from_above({0: gone, 3: gone}, {0: 1.0, 3: 0.5}, full, [0, 9], SITE, PATCHY)

    def plots_of(drawn: Drawing) -> IntArray:
        at = (drawn.hairs.points[:, 0] - MIDDLE) / UNIT * np.array([1.0, -1.0])
        return np.bincount(plots_at(at), minlength=len(PLOTS))

    before, after = plots_of(whole), plots_of(part)
    assert after[0] < 0.1 * before[0]
    assert after[3] / before[3] == pytest.approx(0.5, abs=0.12)
    # a place that the blur moves over the border is lost with its plot
    assert after[12:].tolist() == before[12:].tolist()
    at = np.random.default_rng(2).uniform(-1.0, 1.0, (2000, 2))
    rank, plot = from_patches(at, plots_at(at), [0]), plots_at(at)
    away = np.hypot(at[:, 0] - PLOTS[0].x, at[:, 1] - PLOTS[0].y)
    for number_of in range(8):
        rows = plot == number_of
        near = rank[rows] < 0.5
        assert away[rows][near].max() <= away[rows][~near].min()


def test_zones_lie_where_their_names_say() -> None:
    places = {
        "hairline": (0.95, 1.1),
        "frontal": (0.0, 0.8),
        "mid": (0.0, 0.3),
        "vertex": (0.0, -0.45),
        "temporal": (1.6, 0.0),
        "occipital": (0.0, -1.6),
    }
    found = zones_at(np.array(list(places.values())))
    assert [ZONES_ABOVE[k] for k in found] == list(places)
    assert (zones_at(np.array([[0.0, 1.35], [-0.95, 1.1]])) == 0).all()
    assert not bears_hair(np.array([[0.0, 1.7], [0.0, 2.1], [2.1, 0.0]])).any()
    assert on_paper(np.array([[0.0, 2.0]]))[0, 1] < MIDDLE[1]


def test_the_picture_warns_has_a_bar_of_five_centimetres_and_the_same_bytes_again() -> None:
    drawn = head(vertex=zone(missing=120))
    sheet = page([("arm", [Panel(drawn, "week 0", "hairs")])], "title", "patient 7 from above")
    svg = to_svg(sheet)
    assert svg == to_svg(sheet)
    assert len(svg) < 150_000
    assert re.search(rf"<text[^>]*>{WARNING}</text>", svg.decode()) and f"<metadata>{WARNING}" in svg.decode()
    assert sheet.bar[2] == 50.0 and sheet.units == 5
    assert any(text.words == "5 cm" for text in sheet.texts)
    png = to_png(sheet, SITE, 1000.0, "anagen")
    assert png == to_png(sheet, SITE, 1000.0, "anagen")
    assert b"SIMULATED, not a patient. patient 7 from above" in png
    assert drawn.side == SIDE
    with pytest.raises(ValueError, match="no follicles of vertex"):
        zones_from_above({name: zone() for name in ZONES_ABOVE if name != "vertex"}, SITE, MEN)
    with pytest.raises(ValueError, match="no phase"):
        to_svg(sheet, by="phase")
