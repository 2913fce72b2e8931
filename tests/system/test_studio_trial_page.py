"""The page Trial in a browser: words follow what is typed, a change is saved, Back undoes it; by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio_browser import FINE, WIDTHS, look, opened
from studio_server import Studio, studio

STEPS = ("question", "people", "arms", "measurement", "design", "file")
BROKEN = "study: x\narms: [{name: a, patients: -1, therapies: [{therapy: prpx}]}]\nmeasurement: {visits: [0, b]}\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as started:
        yield started


def made(running: Studio, **form: str) -> str:
    answer = running.client.post("/trial", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


@pytest.fixture
def page(browser: Any, running: Studio) -> Iterator[Any]:
    made_here = made(running, **{"from": "empty"})
    tab = opened(browser, running, f"{made_here}?step=arms")
    yield tab
    tab.context.close()


def test_words_follow_what_is_typed_a_change_is_saved_and_back_undoes_it(page: Any) -> None:
    first, patients = page.url, page.get_by_label("Patients", exact=True).first
    patients.fill("-7")
    page.locator("#found", has_text="arms[0].patients: -7 is impossible").wait_for()
    assert page.locator("#form .problem").inner_text() == "-7 is impossible; it must be at least 1"
    assert page.url == first, "what is only typed is not saved"
    patients.fill("33")
    page.locator("#pane", has_text="treated (33 patients)").wait_for()
    patients.press("Tab")
    page.wait_for_url(lambda address: address != first)
    page.go_back()
    page.wait_for_load_state()
    page.locator("#pane", has_text="treated (40 patients)").wait_for()
    assert page.url == first and page.get_by_label("Patients", exact=True).first.input_value() == "40"


def test_another_therapy_is_chosen_by_keyboard_and_shows_its_own_controls_without_losing_the_place(page: Any) -> None:
    therapy = page.get_by_label("Therapy", exact=True).first
    assert page.get_by_label("Product", exact=True).count() == 0
    therapy.focus()
    page.keyboard.type("exosomes")
    page.get_by_label("Product", exact=True).first.wait_for()
    page.locator("#pane", has_text="adsc-native").wait_for()
    assert page.evaluate("document.activeElement.name") == "arms[0].therapies[0].therapy"


def test_every_control_and_button_of_a_step_is_reached_by_the_tab_key(page: Any) -> None:
    wanted = page.evaluate(
        "[...document.querySelectorAll('#study input:not([type=hidden]), #study select, #study button')]"
        ".filter(one => one.checkVisibility() && one.tabIndex >= 0).length"
    )
    page.locator("#study").evaluate("form => form.querySelector('button.step').focus()")
    seen = set()
    for _ in range(wanted + 30):
        seen.add(page.evaluate("[...document.querySelectorAll('#study *')].indexOf(document.activeElement)"))
        page.keyboard.press("Tab")
    assert len(seen - {-1}) >= wanted


@pytest.mark.parametrize("width", [WIDTHS[0], pytest.param(WIDTHS[1], marks=pytest.mark.long)])
def test_every_step_is_open_to_everybody(browser: Any, running: Studio, width: int) -> None:
    right = made(running, **{"from": "exosome-phase-3"})
    wrong = made(running, **{"from": "text", "text": BROKEN})
    paths = ["/trial?words=exosome", *(f"{right}?step={step}" for step in STEPS), f"{wrong}?step=arms"]
    seen = {path: look(browser, running, path, width, scheme="dark") for path in paths}
    assert {path: found for path, found in seen.items() if found != FINE} == {}
