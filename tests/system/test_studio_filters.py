"""Filters of a page work by keyboard while it is open, and the address holds them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from studio_browser import opened
from studio_server import studio


def test_a_filter_of_the_evidence_changes_page_address_and_files(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as running:
        page = opened(browser, running, "/evidence")
        page.get_by_label("Therapy", exact=True).select_option("prp")
        page.get_by_role("heading", name="Platelet-rich plasma: total hair density").wait_for()
        assert parse_qs(urlsplit(page.url).query)["therapy"] == ["prp"]
        page.get_by_text("Download", exact=True).click()
        file = page.get_by_role("link", name="Published rows (CSV)").get_attribute("href")
        assert "therapy=prp" in file
        page.get_by_label("Week of the forest", exact=True).focus()
        page.keyboard.press("End")
        page.wait_for_url("**week=104**")
        page.reload()
        assert page.get_by_label("Week of the forest", exact=True).input_value() == "104"
        page.go_back()
        page.wait_for_url("**/evidence**")
        page.context.close()


# by default the Clinic is used without a script
@pytest.mark.long
def test_treatments_are_chosen_and_taken_out_without_a_script(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with studio(tmp_path_factory.mktemp("studio"), run_jobs=False) as running:
        page = opened(browser, running, "/compare", java_script_enabled=False)
        for name in ("exosome", "minoxidil"):
            page.get_by_label("Treatment", exact=True).select_option(name)
            page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_label("Seed", exact=True).fill("7")
        page.get_by_role("button", name="Take out Exosomes").click()
        assert parse_qs(urlsplit(page.url).query) == {"t": ["minoxidil"], "seed": ["7"]}
        page.get_by_label("Treatment", exact=True).select_option("prp")
        page.get_by_label("Treatment", exact=True).press("Tab")
        page.get_by_role("button", name="Add", exact=True).press("Enter")
        page.get_by_role("button", name="Compare", exact=True).click()
        assert "/runs/" in page.url
        page.context.close()
