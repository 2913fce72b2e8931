"""The vesicle is drawn from its file, and the picture of cost holds what the making holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from anagen.cli.making import write_picture
from anagen.core.errors import InputError
from anagen.exosomes import library, load_product, make_product, parse_product
from anagen.parameters import load_parameters
from anagen.reports.figures.cost_drivers import draw_cost_drivers
from anagen.reports.figures.vesicle import draw_vesicle, parts_of

TEXT = library()["adsc-mir-122-5p"].read_text(encoding="utf-8")


def words(figure: Figure) -> str:
    """All that is written in a picture."""
    return "\n".join(text.get_text() for text in figure.findobj(Text))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", library().names())
def test_every_product_is_drawn_with_all_that_its_file_names(name: str) -> None:
    product = load_product(name)
    drawn = words(draw_vesicle(product))
    parts = parts_of(product)
    assert {part.name for part in parts} >= {entry.name for entry in product.mirna}
    for part in parts:
        assert f"{part.name}:" in drawn.replace("\n", " ")
    assert " nm" in drawn and product.title.split()[0] in drawn


def test_loaded_copies_and_what_nobody_counted_are_told() -> None:
    loaded = {part.name: part.amount for part in parts_of(parse_product(TEXT))}
    assert "copies/vesicle" in loaded["miR-122-5p"] and "loaded" in loaded["miR-122-5p"]
    native = {part.name: part.amount for part in parts_of(load_product("adsc-native"))}
    assert native["miR-122-5p"] == "not counted"


def test_without_a_diameter_there_is_no_scale_bar() -> None:
    product = load_product("adsc-native")
    particles = product.particles.model_copy(update={"diameter": None})
    drawn = words(draw_vesicle(product.model_copy(update={"particles": particles})))
    assert "no scale" in drawn and "50 nm" not in drawn
    assert "50 nm" in words(draw_vesicle(product))


def test_the_picture_of_cost_names_the_largest_drivers_and_is_written(tmp_path: Path) -> None:
    making = make_product(load_product("milk"), 1000, load_parameters("prior"), draws=20)
    figure = draw_cost_drivers(making)
    drawn = words(figure)
    assert all(driver.title in drawn for driver in making.drivers[:5])
    for name in ("a.svg", "a.png"):
        write_picture(tmp_path / name, figure, overwrite=False)
    assert (tmp_path / "a.svg").read_bytes().lstrip().startswith(b"<?xml")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="how the picture is written"):
        write_picture(tmp_path / "a.doc", figure, overwrite=False)
