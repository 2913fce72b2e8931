"""Pages of the studio that show something, and pages that were asked for nonsense; on a wide page and on paper.

The empty ones are looked at by `test_studio_accessible.py`, the form of a study by `test_studio_trial_page.py`, runs in
every state by `test_studio_run_page.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio_browser import FINE, LOST, OPEN, WIDER, WIDTHS, look, opened
from studio_server import Studio, studio

FILLED = {
    "clinic": "/clinic?given1=minoxidil&week=40",
    "product": "/product?product=adsc-native",
    "mechanism": "/mechanism?given=exosome%3Aadsc-native",
    "trial": "/trial?words=exosome",
    "compare": "/compare?t=exosome&t=minoxidil",
    "evidence": "/evidence?therapy=prp&week=30",
    "claims": "/evidence/claims?words=exosome",
    "references": "/evidence/references?words=vesicle",
    "runs": "/runs?words=waits",
}
WRONG = {
    "clinic": "/clinic?age=300&seed=x&given1=minoxidl",
    "product": "/product?product=adsc-native&dose=x",
    "mechanism": "/mechanism?given=nix&week=9999",
    "compare": "/compare?t=nix&t=minoxidil&weeks=x",
    "evidence": "/evidence?therapy=nix&week=x",
    "runs": "/runs?state=nix&words=nothing+of+this+name",
}
PAPER = 700
"""Width of a sheet of A4 between its margins [px]."""
SHOWN = """
() => [...document.querySelectorAll('main button, main .tools')]
    .filter(one => one.checkVisibility()).map(one => one.outerHTML)
"""
PROBLEMS = """
() => [...document.querySelectorAll('.problems a[href^="#"]')]
    .map(link => document.getElementById(link.getAttribute('href').slice(1)))
    .map(control => control?.matches('[aria-invalid="true"], select, input') ?? false)
"""
LONG = pytest.mark.long


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as started:
        yield started


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=LONG if name in ("claims", "references") else ()) for name in FILLED]
)
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (WIDTHS[0], "light"),
        pytest.param(WIDTHS[0], "dark", marks=LONG),
        pytest.param(WIDTHS[1], "light", marks=LONG),
        pytest.param(WIDTHS[1], "dark", marks=LONG),
    ],
)
def test_a_filled_page_is_open_to_everybody(browser: Any, running: Studio, name: str, width: int, scheme: str) -> None:
    assert look(browser, running, FILLED[name], width, scheme=scheme) == FINE


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("width", [WIDTHS[1], pytest.param(WIDTHS[0], marks=LONG)])
def test_a_page_that_was_asked_for_nonsense_says_so_and_is_open_to_everybody(
    browser: Any, running: Studio, name: str, width: int
) -> None:
    assert look(browser, running, WRONG[name], width, scheme="dark") == FINE


@pytest.mark.parametrize("path", ["/nowhere", "/runs/0000000000000000", "/trial/0000000000000000"])
def test_a_page_that_is_not_there_is_one_of_ours(browser: Any, running: Studio, path: str) -> None:
    assert look(browser, running, path, WIDTHS[0], status=404) == FINE


def test_every_problem_on_top_leads_to_its_control(browser: Any, running: Studio) -> None:
    page = opened(browser, running, None)
    for name in ("clinic", "product", "mechanism", "compare"):
        page.goto(running.address + WRONG[name])
        leads = page.evaluate(PROBLEMS)
        assert leads and all(leads), name
    page.context.close()


def test_what_a_narrow_page_shows_is_on_a_wide_one_and_on_paper(browser: Any, running: Studio) -> None:
    page = opened(browser, running, None)
    for name, path in FILLED.items():
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": WIDTHS[1], "height": 900})
        page.goto(running.address + path)
        page.evaluate(OPEN)
        assert page.evaluate(LOST) == [], name
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size({"width": PAPER, "height": 900})
        assert page.evaluate(SHOWN) == [], f"{name}: buttons are printed"
        assert not page.evaluate(WIDER), f"{name}: wider than a sheet"
        white = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert white == "rgb(255, 255, 255)", f"{name}: paper is white"
    page.context.close()


def test_a_copied_link_shows_the_same_in_another_browser(browser: Any, running: Studio) -> None:
    """The words of the page and what its controls hold are those of the link, whoever opens it."""
    words = (
        "() => [document.querySelector('main').innerText.replace(/Following[^]*?parameters|[\\d,]+ seconds?/g, ''), "
        "...[...document.querySelectorAll('main input, main select')].map(one => `${one.name}=${one.value}`)]"
    )
    first = opened(browser, running, None, permissions=["clipboard-read", "clipboard-write"])
    second = opened(browser, running, None)
    for name, path in FILLED.items():
        if name == "clinic":
            continue  # people who are followed meanwhile change its words; its own tests do this
        first.goto(running.address + path)
        first.get_by_role("button", name="Copy link").click()
        first.locator("#said", has_text="copied").wait_for()
        second.goto(first.evaluate("navigator.clipboard.readText()"))
        assert second.evaluate(words) == first.evaluate(words), name
    first.context.close()
    second.context.close()


def test_every_page_can_be_linked_taken_along_and_doubted(browser: Any, running: Studio) -> None:
    running.client.post("/runs/demo")
    study = running.client.post("/trial", data={"from": "empty"}).headers["location"]
    page = opened(browser, running, None)
    for name, path in (FILLED | {"runs": "/runs", "trial": study}).items():
        page.goto(running.address + path)
        assert page.get_by_role("button", name="Copy link").count() == 1, name
        assert page.locator("a[download]").count() > 0, f"{name}: nothing to download"
        assert page.get_by_text("How sure is this?", exact=True).count() == 1, name
    page.context.close()
