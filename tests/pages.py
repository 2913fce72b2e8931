"""Which pages the documentation has, and the blocks and commands that they show; `page_blocks.py` runs whole pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from page_blocks import Block, blocks_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))
SHELLS = ("bash", "console", "sh")
INDENTED = re.compile(r"(?m)^ {4}(?=anagen )")
FENCED = re.compile(r"(?ms)^```.*?^```$")
ENDS = (">", "|", "&", "&&", ";")
"""Where a command ends and the shell goes on."""


def name_of(page: Path) -> str:
    """A page as messages name it."""
    return page.relative_to(ROOT).as_posix()


def blocks() -> Iterator[tuple[str, Block]]:
    """Fenced blocks of all pages, each with its file and line."""
    for page in PAGES:
        for block in blocks_of(page.read_text(encoding="utf-8")):
            yield f"{name_of(page)}:{block.line}", block


def commands(page: Path) -> list[tuple[str, list[str]]]:
    """Words of every command of the program that a page shows in a block, fenced or indented, each with its place."""
    text = page.read_text(encoding="utf-8")
    lines: list[tuple[int, str]] = []
    for block in blocks_of(text):
        if block.language in SHELLS:
            joined = block.text.replace("\\\n", " ")
            lines += [(block.line + offset, line.strip()) for offset, line in enumerate(joined.splitlines())]
    rest = FENCED.sub(lambda fenced: "\n" * fenced[0].count("\n"), text)
    lines += [
        (rest.count("\n", 0, at.start()) + 1, rest[at.end() :].partition("\n")[0]) for at in INDENTED.finditer(rest)
    ]
    found = []
    for number, line in lines:
        if line.startswith("anagen"):
            words = shlex.split(line, comments=True)
            end = min((place for place, word in enumerate(words) if word in ENDS), default=None)
            found.append((f"{name_of(page)}:{number}", words[1:end]))
    return found
