"""The documentation as a site: it builds without a warning and asks nothing of a network."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pages import DOCS, ROOT

LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
"""What a page loads by itself: element -> attribute."""


class Loads(HTMLParser):
    """Addresses that a page loads, without those that are followed by a click."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(LOADED.get(tag, ""))
        if address and (tag != "link" or given.get("rel") in ("stylesheet", "icon", "preload")):
            self.found.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("sphinx") is None:
        pytest.skip("needs Sphinx, of the extra docs; `make test-long` installs it")
    folder = tmp_path_factory.mktemp("site")
    options = ["--fail-on-warning", "--nitpicky", "--quiet", "-d", str(folder / "doctrees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(DOCS), str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder / "html"


@pytest.mark.long
def test_every_page_of_the_documentation_is_a_page_of_the_site(site: Path) -> None:
    missing = [
        page for page in DOCS.rglob("*.md") if not (site / page.relative_to(DOCS).with_suffix(".html")).is_file()
    ]
    assert missing == []


@pytest.mark.long
def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = [page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts]
    assert len(pages) > 50
    for page in pages:
        parser = Loads()
        parser.feed(page.read_text(encoding="utf-8"))
        assert [address for address in parser.found if re.match(r"[a-z]+:|//", address)] == [], page
        gone = [file for file in parser.found if not (page.parent / file.partition("?")[0]).exists()]
        assert gone == [], page
    for style in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import )['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == [], style


@pytest.mark.long
def test_generated_parts_are_on_their_pages(site: Path) -> None:
    texts = {name: (site / "reference" / f"{name}.html").read_text(encoding="utf-8") for name in ("cli", "functions")}
    assert "anagen product check" in texts["cli"] and "anagen.run" in texts["functions"]
    assert "<!-- generated" not in "".join(texts.values())
    assert "](" not in (site / "changelog.html").read_text(encoding="utf-8")
    assert (site / "llms.txt").read_text(encoding="utf-8").startswith("# Anagen\n")
