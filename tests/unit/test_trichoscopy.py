"""A reader of pictures counts every hair once, measures it, and refuses what it cannot read."""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL")
pytest.importorskip("skimage")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from measuring.photograph import Camera, Shafts, photograph
from measuring.scalps import DAYS, Scalp, mixed
from PIL import Image

from anagen.core.errors import InputError
from anagen.trichoscopy.count import FRAME, Found, find_hairs
from anagen.trichoscopy.errors import FIGURES, measured_errors
from anagen.trichoscopy.hair import Hair
from anagen.trichoscopy.pairing import growth
from anagen.trichoscopy.reading import MOST_PIXELS, read_picture
from anagen.trichoscopy.result import figures_of, read_hairs
from anagen.trichoscopy.roots import units
from anagen.trichoscopy.width import ACROSS, WIDTHS, fitted, models

SIDE, BLUR = 3.0, 12.0
NOTHING = Shafts(np.zeros((0, 3, 2)), np.zeros(0))


def stub(diameter: float, degrees: float) -> Shafts:
    way = 0.2 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    middle = np.array([0.5 * SIDE, 0.5 * SIDE])
    return Shafts.straight(middle - way, middle + way, np.array([diameter]))


def hairs_of(shafts: Shafts, side: float = SIDE, **camera: object) -> tuple[Hair, ...]:
    return find_hairs(photograph(shafts, side, Camera(**camera)), 10.0, blur=BLUR).hairs  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def scalp() -> Scalp:
    """A scalp of dark hair at 10 um/px."""
    return next(each for each in mixed(40, side=4.0) if each.camera.scale == 10.0 and each.camera.hair == "black")


@pytest.fixture(scope="module")
def picture(scalp: Scalp) -> np.ndarray:
    return photograph(scalp.first, scalp.side, scalp.camera)


@pytest.fixture(scope="module")
def found(picture: np.ndarray) -> Found:
    return find_hairs(picture, 10.0)


@pytest.mark.parametrize("skin", ["light", "medium", "dark"])
def test_bare_skin_a_slope_of_the_light_a_tattooed_dot_and_vessels_are_no_hairs(skin: str) -> None:
    assert hairs_of(NOTHING, skin=skin, slope=0.4, vessels=3.0, dots=((1.5, 1.5),)) == ()


@pytest.mark.parametrize("degrees", [0, 35, 90, 160])
@pytest.mark.parametrize("diameter", [40, 60, 80])
def test_a_hair_at_any_angle_is_found_once_with_its_width(diameter: int, degrees: int) -> None:
    (hair,) = hairs_of(stub(diameter, degrees), seed=degrees)
    assert hair.width == pytest.approx(diameter, abs=4.0)
    turn = np.degrees(np.arctan2(hair.along[1], hair.along[0])) - degrees
    assert abs((turn + 90.0) % 180.0 - 90.0) < 5.0


def test_widths_of_shafts_that_a_model_draws_are_found() -> None:
    model = models(BLUR)
    fit = fitted(0.8 * model, model, 0.8, lean=0.0)
    inner = (WIDTHS > 20.0) & (WIDTHS < 120.0)
    assert fit.width[inner] == pytest.approx(WIDTHS[inner], abs=1.2)
    assert len(ACROSS) == model.shape[1]


def test_two_hairs_side_by_side_and_two_that_cross_are_two() -> None:
    left, apart = np.array([1.3, 1.5]), np.array([0.0, 0.12])  # 60 um of skin between hairs of 60 um
    way = np.array([0.4, 0.0])
    assert (
        len(hairs_of(Shafts.straight([left, left + apart], [left + way, left + way + apart], np.array([60.0, 60.0]))))
        == 2
    )
    for degrees in (60.0, 90.0):
        angle = np.radians([20.0, 20.0 + degrees])
        reach = 0.3 * np.column_stack([np.cos(angle), np.sin(angle)])
        assert len(hairs_of(Shafts.straight(1.5 - reach, 1.5 + reach, np.array([60.0, 60.0])))) == 2


def test_turning_or_mirroring_pictures_changes_their_count_by_no_more_than_two_percent() -> None:
    scalps = [each for each in mixed(30) if each.camera.scale == 10.0 and each.camera.hair == "brown"][:3]
    pictures = [photograph(each.first, each.side, each.camera) for each in scalps]

    def count(turn: Callable[[np.ndarray], np.ndarray]) -> int:
        return sum(len(find_hairs(np.ascontiguousarray(turn(each)), 10.0).hairs) for each in pictures)

    as_taken = count(lambda each: each)
    assert as_taken > 45
    for turn in (np.rot90, np.fliplr):
        assert count(turn) == pytest.approx(as_taken, rel=0.02)


def test_a_scalp_is_read_within_the_margins(scalp: Scalp, found: Found) -> None:
    read, true = figures_of(found), scalp.truth(FRAME)
    assert read["density"] == pytest.approx(true["density"], rel=0.15)
    assert read["nonvellus_density"] == pytest.approx(true["nonvellus_density"], rel=0.15)
    assert read["units"] == pytest.approx(true["units"], rel=0.2)


def test_roots_are_told_from_tips(scalp: Scalp, found: Found) -> None:
    roots = scalp.first.points[:, 0]
    nearer = [
        np.hypot(*(roots - hair.points[0]).T).min() < np.hypot(*(roots - hair.points[-1]).T).min()
        for hair in found.framed()
    ]
    assert np.mean(nearer) > 0.9


def test_hairs_with_near_roots_are_one_unit() -> None:
    line = np.array([[0.0, 0.0], [0.4, 0.0]])
    row = [Hair(line + np.array([0.0, y]), 60.0, 0.4, 0.8) for y in (0.0, 0.2, 0.4, 2.0)]
    assert units(row).tolist() == [0, 0, 0, 1]


def test_growing_hairs_are_told_from_resting_ones_in_a_picture_that_was_set_down_anew(
    scalp: Scalp, found: Found
) -> None:
    moved = Shafts(scalp.second.points + np.array([0.13, -0.07]), scalp.second.diameter)
    grown = growth(found.framed(), find_hairs(photograph(moved, scalp.side, scalp.camera), 10.0), DAYS)
    assert grown.common > 0.9
    assert grown.shift == pytest.approx((0.13, -0.07), abs=0.08)
    share = 100.0 * grown.growing[grown.seen].mean()
    assert share == pytest.approx(scalp.truth(FRAME)["growing_share"], abs=12.0)


def test_of_the_same_picture_twice_nothing_grows(found: Found) -> None:
    assert growth(found.framed(), found, DAYS).growing.mean() < 0.1


def test_the_second_picture_has_to_show_the_same_place(tmp_path: Path, picture: np.ndarray) -> None:
    other = next(each for each in mixed(60, side=4.0) if each.camera.scale == 10.0 and each.camera.seed > 20)
    for name, pixels in (("a.png", picture), ("b.png", photograph(other.first, other.side, other.camera))):
        Image.fromarray(pixels).save(tmp_path / name)
    with pytest.raises(InputError, match="the same place"):
        read_hairs(tmp_path / "a.png", 10.0, second=tmp_path / "b.png", days=3.0)


def test_the_error_table_has_every_figure_of_every_kind() -> None:
    table = measured_errors()
    kinds = {kind for kind, _ in table}
    assert len(kinds) >= 6
    assert {(kind, figure) for kind in kinds for figure in FIGURES} == set(table)
    assert all(error.pictures > 0 and 0.0 <= error.median <= error.ninety for error in table.values())


def refusal(path: Path, scale: float = 10.0) -> str:
    with pytest.raises(InputError) as caught:
        read_hairs(path, scale)
    return str(caught.value)


def test_a_wrong_scale_is_refused(tmp_path: Path, picture: np.ndarray) -> None:
    Image.fromarray(picture).save(tmp_path / "a.png")
    assert "show 0.8 x 0.8 mm" in refusal(tmp_path / "a.png", 2.0)
    assert "measure the scale" in refusal(tmp_path / "a.png", 25.0)


def test_blur_pale_hair_grown_hair_and_an_empty_frame_are_refused(tmp_path: Path, scalp: Scalp) -> None:
    def saved(shafts: Shafts, **camera: object) -> Path:
        Image.fromarray(photograph(shafts, 4.0, Camera(**camera))).save(tmp_path / "a.png")  # pyright: ignore[reportArgumentType]
        return tmp_path / "a.png"

    assert "out of focus" in refusal(saved(scalp.first, blur=45.0))
    assert "too blurred" in refusal(saved(scalp.first, blur=30.0))
    assert "dye the stubs" in refusal(saved(scalp.first, hair="grey"))
    assert "no hair was found" in refusal(saved(NOTHING))
    way = scalp.first.points[:, 2] - scalp.first.points[:, 0]
    far = 3.0 * way / np.linalg.norm(way, axis=1, keepdims=True)
    grown = Shafts.straight(scalp.first.points[:, 0], scalp.first.points[:, 0] + far, scalp.first.diameter)
    assert "grown hair" in refusal(saved(grown, hair="black"))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it holds that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [round(1.2 * MOST_PIXELS**0.5), 12_000, 60_000])
def test_an_image_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, side: int) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(bomb(side, side))
    with pytest.raises(InputError, match="million pixels"):
        read_picture(file, "image")


def test_what_is_no_picture_is_refused_in_plain_words(tmp_path: Path) -> None:
    def said(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_picture(tmp_path / name, "image")
        return str(caught.value)

    assert "is no picture that can be read" in said("a.png", b"hairs: many")
    assert "is no picture that can be read" in said("empty.jpg", b"")
    assert "cannot be read" in said("cut.png", bomb(64, 64))
    Image.fromarray(np.zeros((8, 8), dtype=np.uint16)).save(tmp_path / "deep.png")
    assert "8 bits" in said("deep.png", (tmp_path / "deep.png").read_bytes())
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "two.tif", save_all=True, append_images=frames[1:])
    assert "several pictures" in said("two.tif", (tmp_path / "two.tif").read_bytes())
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "none.png", "there is no such file")):
        with pytest.raises(InputError, match=words):
            read_picture(path, "image")


def test_days_and_second_picture_go_together(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="days: is missing"):
        read_hairs(tmp_path / "a.png", 10.0, second=tmp_path / "b.png")
