"""The form of the table [release]: every item, allowed units, text that can be read back, its page of the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from release_products import CORD, THIRD_PROTEIN

from anagen.exosomes import parse_product
from anagen.exosomes.release import SPECIFICATION, certificate_of
from anagen.exosomes.release.template import item_rows, template
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "release.md"


def filled_in() -> str:
    """The form with its TOML taken out of the comments, behind a product."""
    lines = [line.removeprefix("# ") for line in template(VALUES).splitlines() if line.startswith("# ")]
    return CORD.replace("passage = 5", "passage = 4") + THIRD_PROTEIN + "\n".join(lines) + "\n"


def test_the_form_says_nothing_until_it_is_filled_in() -> None:
    assert parse_product(CORD + template(VALUES)) == parse_product(CORD)


def test_the_form_filled_in_as_it_stands_is_read_and_holds_every_item() -> None:
    product = parse_product(filled_in())
    assert product.release is not None and product.release.date is not None
    takes = [item.name for item in SPECIFICATION.values() if not item.told_by_tables]
    assert [entry.test for entry in product.release.result] == takes
    certificate = certificate_of(product, PARAMETERS)
    told = {entry.item.name: entry.verdict for entry in certificate.judged}
    assert set(told.values()) <= {"passes", "not shown"} and certificate.questions == ()
    # ten containers are needed; the form shows a list of two
    assert certificate.named("not shown") == ("dose uniformity",)


@pytest.mark.parametrize("item", SPECIFICATION.values(), ids=lambda item: item.name)
def test_every_item_is_told_with_what_may_be_written(item: object) -> None:
    row = next(row for row in item_rows(VALUES) if row.item is item)
    assert bool(row.result) != row.item.told_by_tables
    assert row.limit or row.item.to_what or row.item.name in ("batch", "protein per dose", "residual albumin")
    assert f"## {row.item.name}: " in template(VALUES)


def test_the_page_of_the_docs_has_the_items_as_they_are() -> None:
    rows = [
        f"| {row.item.name} | {row.result or f'from {row.told_by}'} | {row.limit or 'yours'} "
        f"| {', '.join(row.item.lists) or '-'} |"
        for row in item_rows(VALUES)
    ]
    page = PAGE.read_text(encoding="utf-8")
    assert [row for row in re.findall(r"^\| .* \|$", page, re.MULTILINE) if row in rows] == rows
