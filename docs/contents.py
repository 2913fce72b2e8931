"""The order of the site, read from the pages that list others; the list of pages for programs that read text.

Such a page is plain Markdown, the same where the repository is shown: headings, and below them `- [Title](page.md): one
line`. index.md lists the sections. Run it to write docs/llms.txt, after a page was added or told anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

DOCS = Path(__file__).parent
LISTS = ("index", "start", "tutorials/index", "how-to", "explanation", "reference")
"""Pages that list others."""
FROM_THE_ROOT = {
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "making-a-release": "RELEASE.md",
    "security": "SECURITY.md",
}
"""Pages whose text is a file of the repository's root."""
HEADING = re.compile(r"^## (?P<words>.+)$")
ITEM = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<file>[^)#:]+\.md)\): (?P<about>.+)$")
LLMS = DOCS / "llms.txt"
WHAT = (
    "An in-silico clinic for hair-loss therapies: virtual randomised trials from one study file. "
    "Research software, not medical advice."
)


@dataclass(frozen=True)
class Entry:
    """A page as a list names it.

    Attributes
    ----------
    page : str
        Its path below docs/, without the ending.
    title : str
        As it is listed.
    about : str
        What it holds, in one line.
    heading : str
        Heading above it; empty where there is none.
    """

    page: str
    title: str
    about: str
    heading: str


def listed(text: str, page: str) -> list[Entry]:
    """Pages that the text of a page lists, in order.

    Parameters
    ----------
    text : str
        Markdown.
    page : str
        Whose text it is; paths start from its folder.

    Returns
    -------
    list of Entry
        Empty where it lists none.
    """
    found, heading = [], ""
    folder = PurePosixPath(page).parent
    for line in text.splitlines():
        if above := HEADING.match(line):
            heading = above["words"]
        elif item := ITEM.match(line):
            target = os.path.normpath(folder / item["file"]).removesuffix(".md")
            found.append(Entry(target, item["title"], item["about"], heading))
    return found


def entries(page: str) -> list[Entry]:
    """Pages that a page of docs/ lists.

    Parameters
    ----------
    page : str
        One of `LISTS`.

    Returns
    -------
    list of Entry
        In order.
    """
    return listed((DOCS / f"{page}.md").read_text(encoding="utf-8"), page)


def toctrees(text: str, page: str) -> str:
    """Hidden tables of contents that say what the lists of a page say, one for each heading.

    Parameters
    ----------
    text : str
        Markdown of the page.
    page : str
        Whose text it is.

    Returns
    -------
    str
        Directives of MyST.
    """
    found = listed(text, page)
    parts = []
    for heading in dict.fromkeys(entry.heading for entry in found):
        lines = "".join(f"{entry.title} </{entry.page}>\n" for entry in found if entry.heading == heading)
        caption = f":caption: {heading}\n" if heading and page != LISTS[0] else ""
        parts.append(f"\n```{{toctree}}\n:hidden:\n{caption}\n{lines}```\n")
    return "".join(parts)


def in_order(page: str = LISTS[0]) -> Iterator[Entry]:
    """Every listed page in the order of reading, each section before its pages.

    Parameters
    ----------
    page : str
        Where to start.

    Yields
    ------
    Entry
        A page.
    """
    for entry in entries(page):
        yield entry
        if entry.page in LISTS:
            yield from in_order(entry.page)


def llms(ending: str) -> str:
    """Every page with one line, as Markdown (https://llmstxt.org).

    Parameters
    ----------
    ending : str
        Of the files that it names: ".md" in the repository, ".html" on the site.

    Returns
    -------
    str
        The text of llms.txt.
    """
    parts = [f"# Anagen\n\n> {WHAT}\n"]
    pages = {page: entries(page) for page in LISTS}
    single = [entry for entry in pages[LISTS[0]] if entry.page not in pages]
    for section in pages[LISTS[0]]:
        if section.page in pages:
            parts.append(f"\n## {section.title}\n\n")
            parts += [_line(entry, ending) for entry in pages[section.page]]
    parts.append("\n## More\n\n")
    parts += [_line(entry, ending) for entry in single]
    return "".join(parts)


def _line(entry: Entry, ending: str) -> str:
    about = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", entry.about)
    return f"- [{entry.title}]({entry.page}{ending}): {about}\n"


if __name__ == "__main__":
    LLMS.write_text(llms(".md"), encoding="utf-8")
