"""The page of a run in a browser: live progress, stop, go on, result; without JavaScript; with the studio gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio_browser import FINE, WIDTHS, look, opened, until
from studio_server import Studio, plugin, studio


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plugin(tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, found: Path) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio"), found) as started:
        yield started


def test_progress_moves_by_itself_stop_and_go_on_are_one_click_and_the_result_appears(
    browser: Any, running: Studio
) -> None:
    id = running.start(parts=10, seconds=0.4)
    page = opened(browser, running, f"/runs/{id}")
    page.evaluate("window.stayed = true")
    bar = page.get_by_role("progressbar", name="Progress of the run")
    until(page, "document.querySelector('progress').value >= 2")
    assert page.evaluate("window.stayed"), "the page was not loaded anew"
    assert re.fullmatch(r"\d+ of 10 parts", page.locator("[data-told=parts]").inner_text())
    assert bar.get_attribute("max") == "10"
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="parts.csv").first.wait_for()
    page.context.close()


def test_without_javascript_a_reload_shows_the_same(browser: Any, running: Studio) -> None:
    id = running.start(parts=4, seconds=0.2)
    page = opened(browser, running, f"/runs/{id}", java_script_enabled=False)
    running.until(id, "done")
    again = page.get_by_role("link", name="Look again")
    if again.is_visible():
        again.click()
    assert page.get_by_role("link", name="parts.csv").first.is_visible()
    page.get_by_role("button", name="Delete this run").click()
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_role("heading", name="Waiting").is_visible()
    page.context.close()


def test_the_page_says_that_the_studio_is_gone_and_goes_on_when_it_is_back(
    browser: Any, tmp_path: Path, found: Path
) -> None:
    with studio(tmp_path, found) as first:
        id = first.start(parts=200, seconds=0.1)
        first.until(id, "running", done=1)
        page = opened(browser, first, f"/runs/{id}")
        first.kill()
        page.get_by_text("The studio does not answer").wait_for()
        port = int(first.address.rpartition(":")[2])
        with studio(tmp_path, found, port=port) as second:
            until(page, "!document.body.classList.contains('unanswered')")
            seen = page.evaluate("document.querySelector('progress').value")
            until(page, f"document.querySelector('progress').value > {seen}")
            assert second.job(id)["state"] == "running", "the work went on without a server"
            second.do(id, "stop")
            page.get_by_role("button", name="Go on").wait_for()
            assert not page.get_by_text("The studio does not answer").is_visible()
        page.context.close()


@pytest.mark.parametrize("width", [WIDTHS[0], pytest.param(WIDTHS[1], marks=pytest.mark.long)])
def test_the_history_and_a_run_in_every_state_are_open_to_everybody(browser: Any, running: Studio, width: int) -> None:
    done, failed = running.start(parts=1, seconds=0.01), running.start(fail=True)
    running.until(done, "done"), running.until(failed, "failed")
    live, waiting = running.start(parts=1000, seconds=0.2), running.start()
    running.until(live, "running", done=1)
    gone = running.start()
    running.do(gone, "delete")
    ids = (done, failed, live, waiting, gone)
    paths = (
        *(f"/runs/{id}" for id in ids),
        "/runs",
        f"/runs?deleted={gone}",
        "/runs?state=interrupted",
        f"/runs/compare?run={done}&run={failed}",
        "/runs/compare",
    )
    seen = {path: look(browser, running, path, width) for path in paths}
    running.do(live, "stop"), running.do(waiting, "stop")
    assert {path: found for path, found in seen.items() if found != FINE} == {}


# by default a hundred megabytes are sent without a browser
@pytest.mark.long
def test_a_large_upload_in_a_browser_ends_in_words(browser: Any, running: Studio) -> None:
    page = opened(browser, running, "/runs")
    status = page.evaluate(
        """async () => {
            const body = new Blob([new Uint8Array(100_000_000)]);
            const answer = await fetch('/runs/0000000000000000/stop', {method: 'POST', body});
            return [answer.status, (await answer.text()).includes('at most 1 MB')];
        }"""
    )
    assert status == [413, True]
    assert page.reload().status == 200
    page.context.close()
