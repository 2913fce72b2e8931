"""A browser that looks at pages of a running studio: what axe finds, what is asked for elsewhere, what is too wide."""

from __future__ import annotations

import contextlib
import shutil
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
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN = "() => document.querySelectorAll('main details:not(.menu)').forEach(part => { part.open = true; })"


@dataclass(frozen=True)
class Seen:
    """What was seen of a page; every field is empty or false where all is well."""

    violations: tuple[tuple[str, str, str], ...]
    unnamed: tuple[str, ...]
    told: tuple[str, ...]
    elsewhere: tuple[str, ...]
    sideways: bool


FINE = Seen((), (), (), (), False)


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


def look(browser: Any, studio: Studio, path: str, width: int, *, scheme: str = "light") -> Seen:
    """Open a page, and everything on it that can be opened, and look at it."""
    from axe_playwright_python.sync_playwright import Axe

    told: list[str] = []
    elsewhere: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    try:
        context.add_cookies(
            [{"name": each.name, "value": str(each.value), "url": studio.address} for each in studio.client.cookies.jar]
        )
        page = context.new_page()
        page.on("console", lambda line: told.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((studio.address, "data:")) else elsewhere.append(asked.url),
        )
        answer = page.goto(studio.address + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        page.evaluate(OPEN)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        violations = tuple((each["id"], each["impact"], each["nodes"][0]["html"][:160]) for each in found)
        unnamed, sideways = tuple(page.evaluate(UNNAMED)), bool(page.evaluate(WIDER))
    finally:
        context.close()
    return Seen(violations, unnamed, tuple(told), tuple(elsewhere), sideways)
