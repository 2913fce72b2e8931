"""The Clinic in a browser: the slider by keyboard, what the address holds, a phone, a studio that goes and comes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from studio_browser import FINE, WIDTHS, look, opened, until
from studio_server import Studio, studio

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "studio" / "clinic.png"
TREATED = "/clinic?given1=minoxidil&week=26"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as started:
        yield started


def week_of(page: Any) -> str:
    return parse_qs(urlsplit(page.url).query)["week"][0]


def counted(page: Any) -> list[str]:
    """Hairs per cm² in the table, by course."""
    return page.locator("#clinic-week td.big").all_inner_texts()


def captioned(page: Any) -> list[str]:
    """Hairs per cm² below the scalps, with treatment and without."""
    return [text.split()[0] for text in page.locator(".scalps figcaption strong").all_inner_texts()]


def test_the_week_is_moved_by_keyboard_and_picture_numbers_and_address_follow(browser: Any, running: Studio) -> None:
    page = opened(browser, running, TREATED)
    before, first = page.locator("svg.scalp").first.inner_html(), counted(page)
    slider = page.get_by_label("Week", exact=True)
    slider.focus()
    page.keyboard.press("End")
    page.locator(".scalps figcaption", has_text="week 104").first.wait_for()
    assert page.locator("svg.scalp").first.inner_html() != before and counted(page) != first
    assert captioned(page) == counted(page)[:2], "the picture and the table hold the same numbers"
    assert page.evaluate("document.activeElement.id") == "f-week", "the focus stays on the slider"
    page.wait_for_url("**week=104**")
    page.reload()
    assert slider.input_value() == "104" and captioned(page) == counted(page)[:2]
    page.go_back()
    page.wait_for_url("**week=26**")
    page.locator(".scalps figcaption", has_text="week 26").first.wait_for()
    assert slider.input_value() == "26" and counted(page) == first
    page.context.close()


def test_a_therapy_is_added_and_taken_away_by_keyboard_alone_and_a_link_shows_the_same(
    browser: Any, running: Studio
) -> None:
    page = opened(browser, running, "/clinic", permissions=["clipboard-read", "clipboard-write"])
    assert page.locator("svg.scalp").count() == 1 and page.get_by_text("No treatment is chosen").is_visible()
    page.get_by_label("Therapy", exact=True).focus()
    page.keyboard.type("Finast")
    page.locator(".scalps h2", has_text="With treatment").wait_for()
    until(page, "document.getElementById('f-given1').value === 'finasteride'")
    assert page.evaluate("document.activeElement.id") == "f-given1", "the focus stays on the control"
    assert page.locator("svg.scalp").count() == 2
    page.get_by_role("button", name="Copy link").click()
    page.locator("#said", has_text="copied").wait_for()
    other = opened(browser, running, None)
    other.goto(page.evaluate("navigator.clipboard.readText()"))
    assert counted(other) == counted(page)
    other.context.close()
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Scalps (SVG)").click()
    assert "<svg" in Path(got.value.path()).read_text(encoding="utf-8")
    page.get_by_label("Therapy", exact=True).focus()
    page.keyboard.type("Nothing")
    page.get_by_text("No treatment is chosen").wait_for()
    page.context.close()


def test_a_contraindicated_therapy_is_told_at_its_control(browser: Any, running: Studio) -> None:
    page = opened(browser, running, "/clinic?sex=female&age=30&given1=finasteride")
    told = page.locator("#clinic-controls .notice").all_inner_texts()
    assert told and re.search("pregnan|women|child", " ".join(told)), told
    page.context.close()


def test_on_a_phone_one_scalp_is_shown_and_a_switch_shows_the_other(browser: Any, running: Studio) -> None:
    page = opened(browser, running, TREATED, width=WIDTHS[0])
    figures = "[...document.querySelectorAll('.scalps figure')]"
    shown = f"{figures}.filter(one => one.checkVisibility()).map(one => one.className)"
    assert page.evaluate(shown) == ["one with"]
    page.get_by_label("Without", exact=True).check()
    assert page.evaluate(shown) == ["one without"]
    page.get_by_label("Week", exact=True).focus()
    page.keyboard.press("Home")
    page.locator(".scalps figcaption", has_text="week 0").nth(1).wait_for()
    assert page.evaluate(shown) == ["one without"], "the switch stays where it is"
    page.evaluate("window.scrollTo(0, 900)")
    top = page.evaluate("document.querySelector('.scalps').getBoundingClientRect().top")
    assert 0 <= top < 200, "the scalp stays in sight while the form is scrolled"
    page.context.close()


def test_play_moves_the_week_and_stands_still_where_motion_is_not_wanted(browser: Any, running: Studio) -> None:
    still = opened(browser, running, TREATED, reduced_motion="reduce")
    assert not still.locator("#play").is_visible()
    still.context.close()
    page = opened(browser, running, TREATED)
    page.get_by_role("button", name="Play").click()
    until(page, "Number(document.getElementById('f-week').value) >= 28")
    page.get_by_role("button", name="Pause").click()
    page.context.close()


def test_the_last_picture_stays_while_the_studio_is_gone_and_the_next_key_works_when_it_is_back(
    browser: Any, tmp_path: Path
) -> None:
    with studio(tmp_path, run_jobs=False) as first:
        page = opened(browser, first, TREATED)
        hairs = counted(page)
        first.kill()
        page.get_by_label("Week", exact=True).focus()
        page.keyboard.press("End")
        page.locator("#said", has_text="does not answer").wait_for()
        assert counted(page) == hairs, "the last picture stays"
        with studio(tmp_path, run_jobs=False, port=int(first.address.rpartition(":")[2])):
            page.keyboard.press("ArrowLeft")
            page.locator(".scalps figcaption", has_text="week 103").first.wait_for()
            assert not page.evaluate("document.body.classList.contains('unanswered')")
            page.context.close()


def test_without_javascript_the_form_shows_the_same(browser: Any, running: Studio) -> None:
    page = opened(browser, running, "/clinic", java_script_enabled=False)
    page.get_by_label("Therapy", exact=True).select_option("minoxidil")
    page.get_by_role("button", name="Show", exact=True).click()
    assert parse_qs(urlsplit(page.url).query)["given1"] == ["minoxidil"] and page.locator("svg.scalp").count() == 2
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    [
        "/clinic?condition=aa&given1=baricitinib",
        "/clinic?condition=te",
        "/clinic?sex=female&age=30&given1=finasteride",
        "/clinic?given1=minoxidil&given2=finasteride&given3=prp",
        "/clinic?given1=hair-transplantation&stop=never",
    ],
)
def test_every_kind_of_person_is_open_to_everybody(browser: Any, running: Studio, path: str, width: int) -> None:
    assert look(browser, running, path, width) == FINE


@pytest.mark.long
def test_people_like_the_person_come_by_themselves_and_are_in_the_answer(browser: Any, running: Studio) -> None:
    page = opened(browser, running, TREATED)
    until(page, "document.querySelectorAll('svg.people').length === 2")
    assert "The difference may be" in page.locator("#clinic-answer").inner_text()
    page.context.close()
    assert look(browser, running, TREATED, WIDTHS[0], scheme="dark") == FINE


@pytest.mark.long
def test_the_picture_in_the_readme_is_one_of_the_clinic(browser: Any, running: Studio, tmp_path: Path) -> None:
    """With ANAGEN_PICTURES=write it is taken anew: after a change of how the Clinic looks."""
    from PIL import Image

    page = opened(browser, running, "/clinic?norwood=IV&given1=minoxidil&given2=finasteride&week=52")
    until(page, "document.querySelectorAll('svg.people').length === 2")
    page.set_viewport_size({"width": WIDTHS[1], "height": 960})
    page.screenshot(path=tmp_path / "clinic.png")
    page.context.close()
    with Image.open(tmp_path / "clinic.png") as taken:
        few = taken.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    if os.environ.get("ANAGEN_PICTURES") == "write":
        PICTURE.parent.mkdir(exist_ok=True)
        few.save(PICTURE, optimize=True)
    with Image.open(PICTURE) as kept:
        assert kept.size == few.size
    assert PICTURE.stat().st_size <= 200_000
    assert PICTURE.relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text(encoding="utf-8")
