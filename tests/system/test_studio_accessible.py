"""Every page of the studio, in its empty state, as people meet it with a phone, a keyboard or a reader of the screen.

Each is opened by the system's Chromium at 390 and 1200 px: axe finds nothing, every control has a label of its own,
nothing moves sideways, the console stays empty and nothing is asked for from elsewhere. Skipped where there is no
Chromium.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anagen.studio.page import pages
from studio_browser import FINE, WIDTHS, look, opened, until
from studio_server import Studio, studio


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as started:
        yield started


def ways() -> Iterator[Any]:
    """Every page at both widths, light and dark; by default each in one of these, the others are long."""
    looks = [(width, scheme) for scheme in ("dark", "light") for width in WIDTHS]
    usual = ((WIDTHS[0], "dark"), (WIDTHS[1], "light"))
    for place, page in enumerate(pages()):
        for width, scheme in looks:
            marks = () if (width, scheme) == usual[place % 2] else pytest.mark.long
            yield pytest.param(page.path, width, scheme, marks=marks)


@pytest.mark.parametrize(("path", "width", "scheme"), ways())
def test_a_page_is_open_to_everybody_before_anything_is_asked_for(
    browser: Any, running: Studio, path: str, width: int, scheme: str
) -> None:
    assert look(browser, running, path, width, scheme=scheme) == FINE


def test_the_tab_key_goes_from_the_first_to_the_last_control(browser: Any, running: Studio) -> None:
    """Every control and link that is shown has the focus once, in the order of the page, and shows it."""
    tab = opened(browser, running, "/runs", width=WIDTHS[0])
    for page in pages():
        tab.goto(running.address + page.path)
        # what is still followed is put in when it is there
        until(tab, "() => !document.querySelector('[data-waits]')")
        expected = tab.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
            .filter(each => each.tabIndex >= 0 && !each.disabled && each.type !== 'hidden' && each.checkVisibility())
            .map((each, number) => { each.dataset.stop = number; return String(number); })"""
        )
        met: list[str] = []
        for _ in expected:
            tab.keyboard.press("Tab")
            met.append(tab.evaluate("() => document.activeElement.dataset.stop ?? document.activeElement.outerHTML"))
        assert met == expected, page.path
    tab.context.close()
