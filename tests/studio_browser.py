"""A browser that looks at pages of a running studio: what axe finds, what is asked for elsewhere, what is too wide."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from studio_server import Studio

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (390, 1200)
HEIGHT = 900
UNNAMED = """
() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, footer select')]
    .filter(control => !(control.getAttribute('aria-label') || [...control.labels].some(
        label => label.control === control && label.textContent.trim())))
    .map(control => control.outerHTML.slice(0, 120))
"""
"""Controls without a label of their own: one around an output and a control names the output, and axe is silent."""
SECONDS = 30.0
LOST = """
() => [...document.querySelectorAll('main :is(figure, button, select, textarea, input:not([type=hidden]))')]
    .filter(part => !part.checkVisibility() && !part.closest('[hidden], .switch'))
    .map(part => part.outerHTML.slice(0, 120))
"""
"""Pictures and controls that a wide page does not show although everything is open; the switch is for narrow ones."""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN = "() => document.querySelectorAll('main details:not(.menu)').forEach(part => { part.open = true; })"


@dataclass(frozen=True)
class Seen:
    """What was seen of a page; every field is empty or false where all is well."""

    violations: tuple[tuple[str, str, str], ...]
    unnamed: tuple[str, ...]
    told: tuple[str, ...]
    elsewhere: tuple[str, ...]
    lost: tuple[str, ...]
    sideways: bool


FINE = Seen((), (), (), (), (), False)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """The system's own Chromium; skips the test where there is none."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed; no browser is downloaded")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def look(browser: Any, studio: Studio, path: str, width: int, *, scheme: str = "light", status: int = 200) -> Seen:
    """Open a page, and everything on it that can be opened, and look at it."""
    from axe_playwright_python.sync_playwright import Axe

    told: list[str] = []
    elsewhere: list[str] = []
    page = opened(browser, studio, None, width=width, color_scheme=scheme)
    try:
        page.on("console", lambda line: told.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((studio.address, "data:")) else elsewhere.append(asked.url),
        )
        answer = page.goto(studio.address + path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
        page.evaluate(OPEN)
        page.wait_for_load_state("networkidle")
        said = tuple(each for each in told if not (status >= 400 and "Failed to load resource" in each))
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations = tuple((each["id"], each["impact"], each["nodes"][0]["html"][:160]) for each in found)
        unnamed, sideways = tuple(page.evaluate(UNNAMED)), bool(page.evaluate(WIDER))
        lost = tuple(page.evaluate(LOST)) if width == max(WIDTHS) else ()
    finally:
        page.context.close()
    return Seen(violations, unnamed, said, tuple(elsewhere), lost, sideways)


def opened(browser: Any, studio: Studio, path: str | None, *, width: int = max(WIDTHS), **options: Any) -> Any:
    """A tab that is let in and, where a path is given, shows it; closing its context closes it."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, **options)
    context.set_default_timeout(1000.0 * SECONDS)
    cookies = [
        {"name": each.name, "value": str(each.value), "url": studio.address} for each in studio.client.cookies.jar
    ]
    context.add_cookies(cookies)
    page = context.new_page()
    if path is not None:
        page.goto(studio.address + path)
    return page


def until(page: Any, script: str) -> None:
    """Wait until a script gives true; Playwright's own waiting would need a policy that lets text be run."""
    end = time.monotonic() + SECONDS
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(200)
