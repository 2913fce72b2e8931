"""A drawn scalp shows every hair that there is, as wide as it is, and says that it is simulated."""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError
from anagen.scalp.picture.layout import Site, layout
from anagen.scalp.picture.looks import Look, hair_colour, look_of, number, row, unit_shares
from anagen.scalp.picture.page import WARNING, Page, Panel, page
from anagen.scalp.picture.picture import targets_of
from anagen.scalp.picture.png import to_png
from anagen.scalp.picture.shapes import Drawing, Hair, Strokes, drawing
from anagen.scalp.picture.svg import to_svg

SITE = Site(seed=4, patient=7, replicate=0)
SHAVED = look_of(view="phototrichogram", condition="aga", ethnicity="caucasian")
N, SIDE = 160, 10.0
PLACED = layout([N], SIDE, SITE, "caucasian")


def some_hair(n: int = N) -> Hair:
    """Every fifth follicle empty, every fifth at rest, diameters from 15 to 95 um."""
    k = np.arange(n)
    diameter = np.where(k % 5 == 0, 0.0, 15.0 + 80.0 * k / n)
    growth = np.where(k % 5 > 1, 0.3, 0.0)
    phase = np.where(k % 5 == 0, 3, np.where(k % 5 == 1, 2, 0))
    kind = np.where(diameter == 0.0, 0, 1 + (diameter >= 30.0) + (diameter >= 40.0))
    return Hair(phase, diameter, growth, np.where(diameter > 0.0, 50.0, 0.0), kind)


def one_page(drawn: Drawing) -> Page:
    return page([("arm", [Panel(drawn, "week 0", "foot")])], "title", "patient 7")


def text_chunks(png: bytes) -> dict[str, str]:
    """Text of a PNG by key, checksums checked."""
    found: dict[str, str] = {}
    at = 8
    while at < len(png):
        (length,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
        if kind == b"tEXt":
            key, _, value = data.partition(b"\0")
            found[key.decode()] = value.decode("latin-1")
        at += 12 + length
    return found


def pixels(png: bytes) -> FloatArray:
    from matplotlib.image import imread

    return np.asarray(imread(io.BytesIO(png)), dtype=np.float64)[..., :3]


def test_no_picture_is_without_the_warning_in_sight_and_in_its_metadata() -> None:
    sheet = one_page(drawing(some_hair(), some_hair(), 0.0, PLACED, SITE, SHAVED))
    png, svg = to_png(sheet, SITE, 25.0, "anagen"), to_svg(sheet).decode()
    told = text_chunks(png)
    assert told["Title"] == WARNING
    assert told["Description"].startswith(WARNING) and "patient 7" in told["Description"]
    assert f"<metadata>{WARNING}" in svg
    assert re.search(rf"<text[^>]*>{WARNING}</text>", svg)
    line = next(text for text in sheet.texts if text.words == WARNING)
    per_mm = 1000.0 / 25.0
    band = pixels(png)[round((line.y - line.size) * per_mm) : round(line.y * per_mm)]
    assert (band.min(axis=2) < 0.3).sum() > 200


def test_the_scale_bar_is_a_millimetre() -> None:
    sheet = one_page(drawing(some_hair(), some_hair(), 0.0, PLACED, SITE, SHAVED))
    x, y, length = sheet.bar
    assert length == 1.0
    dark = pixels(to_png(sheet, SITE, 20.0, "anagen"))[round(y * 50.0)].mean(axis=1) < 0.5
    left = round(x * 50.0)
    assert dark[left - 5 : left + 60].sum() == pytest.approx(50, abs=1)


def test_every_hair_shown_is_one_curve_as_wide_as_the_hair() -> None:
    hair = some_hair()
    svg = to_svg(one_page(drawing(hair, None, 0.0, PLACED, SITE, SHAVED))).decode()
    skin = svg[svg.index('fill="none"') :]
    groups = re.findall(r'<g stroke="#\w+">(.*?)</g>', skin, flags=re.DOTALL)
    widths = [
        float(width)
        for group in groups
        for curves, width in re.findall(r'<path d="([^"]*)" stroke-width="([\d.]+)"/>', group)
        for _ in range(curves.count("M"))
    ]
    assert widths == pytest.approx(np.sort(hair.diameter[hair.shown]) / 10.0, abs=0.051)


@pytest.mark.parametrize("view", ["phototrichogram", "trichoscopy"])
def test_outlines_of_a_phase_are_as_wide_as_their_hairs(view: str) -> None:
    hair = some_hair()
    look = look_of(view=view, condition="aga", ethnicity="caucasian")
    drawn = drawing(hair, hair if view == "phototrichogram" else None, 3.0, PLACED, SITE, look)
    svg = to_svg(one_page(drawn), by="phase").decode()
    club = (hair.growth == 0.0) & hair.shown
    fine = hair.hair_class == 1
    of_phase = {"fine": fine, "resting": club & ~fine, "growing": hair.shown & ~club & ~fine}
    for name, members in of_phase.items():
        (path,) = re.findall(rf'<path class="scalp-{name}" d="([^"]*)"', svg)
        found: list[float] = []
        for outline in path.split("z")[:-1]:
            numbers = [float(number) for number in re.findall(r"-?\d+", outline)]
            # a straight outline goes to the tip and then across it; a bent one has a control point before that
            aside = numbers[6:8] if "q" in outline else numbers[4:6]
            found.append(float(np.hypot(aside[0], aside[1])))
        assert np.sort(found) == pytest.approx(np.sort(hair.diameter[members]), abs=1.0)
    (rings,) = re.findall(r'class="scalp-empty" d="([^"]*)"', svg)
    assert rings.count("M") == (~hair.shown).sum()
    (clubs,) = re.findall(r'class="scalp-club" d="([^"]*)"', svg)
    assert clubs.count("M") == (club & ~fine).sum()


def test_an_svg_says_what_it_shows_to_those_who_cannot_see_it_and_needs_no_style_sheet() -> None:
    sheet = one_page(drawing(some_hair(), some_hair(), 3.0, PLACED, SITE, SHAVED))
    told = to_svg(sheet, by="phase", label='128 hairs "per cm2"').decode()
    assert 'role="img" aria-label=\'128 hairs "per cm2"\'' in told
    assert f'aria-label="{sheet.about}"' in to_svg(sheet).decode()
    assert "<style" not in told and "href" not in told
    other = to_svg(one_page(drawing(some_hair(), None, 0.0, PLACED, SITE, SHAVED))).decode()
    assert set(re.findall(r'id="([^"]+)"', told)).isdisjoint(re.findall(r'id="([^"]+)"', other))
    assert all(f'class="scalp-{name}"' in told for name in ("plate", "skin", "growing", "resting", "fine", "empty"))
    with pytest.raises(ValueError, match="is not one of"):
        to_svg(sheet, by="colour")


@pytest.mark.parametrize("diameter", [20.0, 45.0, 90.0])
def test_a_hair_measured_on_the_picture_has_its_diameter(diameter: float) -> None:
    upright = np.array([[[5.0, 2.0], [5.0, 4.0], [5.0, 8.0]]])
    none = Strokes(np.zeros((0, 3, 2)), np.zeros(0), np.zeros((0, 3)))
    hair = Strokes(upright, np.array([diameter / 1000.0]), np.zeros((1, 3)))
    drawn = Drawing(SIDE, np.ones(3), (), none, hair, np.zeros(1))
    sheet = one_page(drawn)
    (x, y, _), scale = sheet.panels[0], 10.0
    picture = pixels(to_png(sheet, SITE, scale, "anagen"))
    row_of = round((y + 5.0) * 1000.0 / scale)
    across = picture[row_of, round((x + 4.85) * 100.0) : round((x + 5.15) * 100.0), 0]
    # skin is mottled: what is bare is told close to the hair
    bare = 0.5 * (across[:5].mean() + across[-5:].mean())
    assert (1.0 - across / bare).sum() * scale == pytest.approx(diameter, abs=1.0)


def test_three_days_after_shaving_a_growing_hair_is_longer_and_a_club_hair_is_not() -> None:
    hair = some_hair()
    shaved = drawing(hair, hair, 0.0, PLACED, SITE, SHAVED).length
    later = drawing(hair, hair, 3.0, PLACED, SITE, SHAVED).length
    grown = drawing(hair, None, 0.0, PLACED, SITE, look_of(view="trichoscopy", condition="aga", ethnicity="asian"))
    assert later - shaved == pytest.approx(3.0 * hair.growth)
    stubs = shaved[hair.shown]
    assert stubs.mean() == pytest.approx(number("stub"), abs=0.03)
    assert (grown.length[hair.shown] > later[hair.shown]).all()
    assert (shaved[~hair.shown] == 0.0).all()


def test_the_scalp_is_the_same_whatever_is_planted_into_it() -> None:
    more = layout([N, 40], SIDE, SITE, "caucasian")
    assert (more.exit[:N] == PLACED.exit).all()
    assert (more.angle[:N] == PLACED.angle).all()
    other = layout([N], SIDE, Site(4, 8, 0), "caucasian")
    assert not np.allclose(other.exit, PLACED.exit)
    beside = layout([N], SIDE, Site(4, 7, 0, area=2), "caucasian")
    assert not np.allclose(beside.exit, PLACED.exit)


@pytest.mark.parametrize("ethnicity", ["caucasian", "asian", "african"])
def test_units_have_their_sizes_and_keep_apart(ethnicity: str) -> None:
    placed = layout([3000], 40.0, SITE, ethnicity)
    sizes = np.bincount(placed.unit)[:-1]
    shares = unit_shares(ethnicity)
    assert shares.sum() == pytest.approx(1.0)
    for size, share in enumerate(shares, start=1):
        assert (sizes == size).mean() == pytest.approx(share, abs=4.0 * np.sqrt(share * (1 - share) / len(sizes)))
    n = placed.unit[-1] + 1
    centre = np.stack([np.bincount(placed.unit, placed.exit[:, k]) / np.bincount(placed.unit) for k in (0, 1)], axis=1)
    apart = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1)) + np.where(np.eye(n), np.inf, 0.0)
    # chance alone would put the nearest of as many at 0.5 / sqrt(density) on average, and some at nothing
    assert apart.min(axis=1).mean() > 0.7 * 40.0 / np.sqrt(n)


def test_signs_belong_to_their_condition() -> None:
    hair = some_hair()

    def discs_of(condition: str) -> list[tuple[float, float]]:
        look = Look("trichoscopy", "brown", "light", condition, "caucasian")
        drawn = drawing(hair, None, 0.0, PLACED, SITE, look)
        return [tuple(centre) for discs in drawn.discs for centre in discs.centre.tolist()]

    empty = {tuple(at) for at in PLACED.exit[~hair.shown].tolist()}
    thick = {tuple(at) for at in PLACED.exit[hair.hair_class > 1].tolist()}
    yellow, halos = discs_of("aa"), discs_of("aga")
    assert len(yellow) > 10 and set(yellow) < empty
    assert len(halos) > 5 and set(halos) < thick
    assert discs_of("healthy") == []


@pytest.mark.parametrize("hair", ["black", "brown", "blond", "grey"])
@pytest.mark.parametrize("skin", ["light", "medium", "dark"])
def test_fine_hair_is_pale(hair: str, skin: str) -> None:
    look = look_of(view="trichoscopy", condition="aga", ethnicity="caucasian", hair=hair, skin=skin)
    off = np.abs(hair_colour(np.array([0.0, 10.0, 30.0, 60.0, 90.0]), look) - row(f"skin_{skin}")).sum(axis=1)
    assert off[0] == 0.0
    assert (np.diff(off) > 0.0).all()


def test_a_picture_has_the_same_bytes_again_and_hairs_are_drawn_within_the_size_that_is_promised() -> None:
    n = 300
    sheet = one_page(drawing(some_hair(n), some_hair(n), 3.0, layout([n], SIDE, SITE, "asian"), SITE, SHAVED))
    assert to_png(sheet, SITE, 20.0, "anagen") == to_png(sheet, SITE, 20.0, "anagen")
    assert to_svg(sheet) == to_svg(sheet)
    assert 10_000 < len(to_svg(sheet)) < 20_000
    assert 10_000 < len(to_svg(sheet, by="phase")) < 23_000


def test_unknown_names_and_endings_are_refused_with_what_is_known() -> None:
    with pytest.raises(InputError) as error:
        look_of(view="trichoscopi", condition="aga", ethnicity="asian", hair="blnd", skin="pale")
    fields = [problem.field for problem in error.value.problems]
    assert fields == ["view", "hair", "skin"]
    assert [problem.suggestion for problem in error.value.problems][:2] == ["trichoscopy", "blond"]
    with pytest.raises(InputError, match=r"neither .png nor .svg"):
        targets_of(Path("scalp.jpg"), overwrite=False, truth=False)
