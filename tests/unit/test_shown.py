"""What a notebook shows: a card that is short, escaped, the same twice, and says what the result says."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

import anagen
from anagen.core.result import Result
from anagen.core.shown import MOST_ROWS, Shown
from anagen.runs.result import TrialResult

PRODUCT = "adsc-native"


class Page(HTMLParser):
    """Elements of a card, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.open.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(shown: str) -> Page:
    """A card, held against what every card must be."""
    page = Page(shown)
    assert not page.open
    assert not {"script", "link", "img", "iframe"} & set(page.seen)
    assert "http" not in shown and "url(" not in shown and "@import" not in shown
    assert page.seen.count("tr") <= MOST_ROWS + 1
    assert len(shown) < 12_000
    return page


@cache
def trial() -> TrialResult:
    return anagen.run("exosome-vs-saline", patients=4, draws=0)


def cards() -> dict[str, Result | anagen.Study]:
    product = anagen.product(PRODUCT)
    return {
        "study": anagen.Study.load("olsen-2002-minoxidil"),
        "trial": TrialResult(trial().contents),
        "product": product,
        "check": product.check(),
        "making": product.make(100),
        "release": product.release(),
        "stability": product.stability(),
        "therapy": anagen.therapy("minoxidil"),
        "procedure": anagen.therapy("microneedling"),
        "published": anagen.published(therapy="minoxidil"),
        "parameters": anagen.priors(),
        "protocol": anagen.protocol("exosome-vs-saline"),
    }


@pytest.fixture(scope="module")
def shown() -> dict[str, Result | anagen.Study]:
    return cards()


def test_every_card_is_whole_short_and_loads_nothing(shown: dict[str, Result | anagen.Study]) -> None:
    for name, each in shown.items():
        page = checked(each._repr_html_())
        assert "code" in page.seen, f"{name} says what to call next"


def test_a_card_is_the_same_twice_and_for_an_equal_object(shown: dict[str, Result | anagen.Study]) -> None:
    again = cards()
    for name, each in shown.items():
        assert each._repr_html_() == each._repr_html_() == again[name]._repr_html_(), name


def test_what_a_card_says_to_call_next_is_there(shown: dict[str, Result | anagen.Study]) -> None:
    for name, each in shown.items():
        for call in re.findall(r"<code>\.(\w+)", each._repr_html_()):
            assert hasattr(each, call), f"{name}: .{call}"


def test_a_short_line_stands_for_it_elsewhere(shown: dict[str, Result | anagen.Study]) -> None:
    for name, each in shown.items():
        assert "\n" not in repr(each) and 5 < len(repr(each)) < 400, name


def test_a_trial_shows_effect_interval_and_error_as_its_report_does() -> None:
    from anagen.reports.outline import outline_of
    from anagen.reports.tables import effects_table
    from anagen.reports.wording import endpoint_names

    result = trial()
    effects, card = result.effects, html.unescape(result._repr_html_())
    names = endpoint_names(list(effects["endpoint"].unique()))
    table = effects_table(effects, names, outline_of(result.contents.study))
    for row in table.texts():
        for text in row:
            assert f">{text}</" in card
    assert result.headline() in card
    assert "±" in card


def test_text_of_others_is_text() -> None:
    mean = '<img src=x onerror="alert(1)">&'
    card = Shown("study", mean, mean, (mean, mean), ((mean, mean), (mean,)), mean, (mean,)).html()
    assert "img" not in checked(card).seen
    study = anagen.Study.load("exosome-vs-saline").set("title", "<script>alert(1)</script>")
    assert "script" not in checked(study._repr_html_()).seen


def test_rows_beyond_the_twelfth_are_counted() -> None:
    many = Shown("table", "", "", ("n", "m"), tuple((str(n), "1.5") for n in range(MOST_ROWS + 3)))
    assert "3 more rows are not shown." in many.html()
    assert "One more row is not shown." in replace(many, rows=many.rows[: MOST_ROWS + 1]).html()
    assert "not shown" not in replace(many, rows=many.rows[:MOST_ROWS]).html()


def test_a_control_that_moves_nothing_has_a_card_too() -> None:
    assert checked(anagen.therapy("vehicle")._repr_html_()).seen
