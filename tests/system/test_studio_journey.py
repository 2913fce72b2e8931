"""A trial from the form to its report in a browser, without a mouse: written down, run, read, left and come back to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio_browser import FINE, WIDTHS, look, opened
from studio_server import Studio, studio

LONGEST = 120.0
"""How long the run may take [s]; alone on a machine it takes about ten."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio")) as started:
        yield started


@pytest.fixture(scope="module")
def finished(browser: Any, running: Studio) -> Iterator[Any]:
    """The tab of somebody who wrote a small trial, ran it and waited."""
    page = opened(browser, running, "/trial", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Start from an empty study").press("Enter")
    page.get_by_role("button", name="3 Arms").press("Enter")
    for number in (0, 1):
        before = page.url
        patients = page.get_by_label("Patients", exact=True).nth(number)
        patients.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("6")
        page.keyboard.press("Tab")
        page.wait_for_url(lambda address, before=before: address != before)
    page.get_by_text("Options", exact=True).press("Enter")
    draws = page.get_by_label("Parameter draws", exact=True)
    draws.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Run the trial").press("Enter")
    page.wait_for_url("**/runs/*")
    page.locator("#answer-title").wait_for(timeout=1000.0 * LONGEST)
    yield page
    page.context.close()


def test_a_trial_goes_from_the_form_to_its_answer_and_report_by_keyboard_alone(finished: Any) -> None:
    page = finished
    assert "12 virtual patients" in page.locator("#answer-title").inner_text()
    headline = page.locator(".answer .headline").inner_text()
    page.get_by_text("The whole report", exact=True).press("Enter")
    report = page.frame_locator("iframe[title=Report]")
    report.locator("h1").first.wait_for()
    assert headline.rstrip(".") in report.locator("body").inner_text()
    pictures = "[...document.querySelectorAll('main img')]"
    broken = f"{pictures}.filter(one => one.complete && !one.naturalWidth).map(one => one.src)"
    assert page.evaluate(broken) == []


def test_a_reload_back_and_a_copied_link_lead_to_the_same_answer(browser: Any, running: Studio, finished: Any) -> None:
    page = finished
    headline = page.locator(".answer .headline").inner_text()
    page.reload()
    assert page.locator(".answer .headline").inner_text() == headline
    page.get_by_role("button", name="Copy link").press("Enter")
    page.locator("#said", has_text="copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    other = opened(browser, running, None)
    other.goto(link)
    assert other.locator(".answer .headline").inner_text() == headline
    other.context.close()
    page.go_back()
    page.wait_for_url("**/trial/**")
    assert page.get_by_label("Patients", exact=True).first.input_value() == "6", "the form is as it was left"
    page.go_forward()
    page.wait_for_url("**/runs/*")
    assert page.locator(".answer .headline").inner_text() == headline


def test_everything_of_the_run_is_taken_along_in_one_file(finished: Any) -> None:
    page = finished
    page.get_by_text("Download", exact=True).press("Enter")
    with page.expect_download() as got:
        page.get_by_role("link", name="Everything (.zip)").press("Enter")
    assert got.value.suggested_filename.endswith(".zip") and got.value.failure() is None


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (WIDTHS[0], "light"),
        pytest.param(WIDTHS[1], "light", marks=pytest.mark.long),
        pytest.param(WIDTHS[1], "dark", marks=pytest.mark.long),
    ],
)
def test_the_result_is_open_to_everybody(browser: Any, running: Studio, finished: Any, width: int, scheme: str) -> None:
    id = finished.url.rpartition("/")[2]
    assert look(browser, running, f"/runs/{id}", width, scheme=scheme) == FINE
    assert look(browser, running, "/runs", width, scheme=scheme) == FINE
