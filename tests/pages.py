"""What pages of the documentation show: blocks of code with their language, files to save, commands to type."""

from __future__ import annotations

import re
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[^\n`]*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(?P<name>[\w./-]+\.[a-z]+)`\s*\Z")
COMMAND = re.compile(r"^(?:\$ )?(?P<line>anagen(?: .*)?)$")
"""A line of a block that calls the program."""


@dataclass(frozen=True)
class Block:
    """A block of code of a page.

    Attributes
    ----------
    page : Path
        Where it stands.
    line : int
        Number of its first line.
    language : str
        As the fence names it; empty where the block is indented.
    text : str
        Without the indentation of the block.
    file : str
        Name of a file that stands in a line of its own above it; empty where there is none.
    """

    page: Path
    line: int
    language: str
    text: str
    file: str = ""

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """Blocks of a page: fenced ones in order, then those that are indented by four blanks."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        named = FILE.search(text[: fence.start()])
        line = text.count("\n", 0, fence.start("text")) + 1
        inside = textwrap.dedent(fence["text"])
        found.append(Block(page, line, fence["language"].strip(), inside, named["name"] if named else ""))
    rest = FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), text)
    for number, line in enumerate(rest.splitlines(), start=1):
        if line.startswith("    ") and not line.lstrip().startswith(("-", "*", "|")):
            found.append(Block(page, number, "", line.strip() + "\n"))
    return found


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """Place and words of every line of a block that calls the program, without comments and what a shell does."""
    lines = re.sub(r"\\\n\s*", " ", block.text).splitlines() if block.language in ("", *SHELLS) else []
    found = []
    for offset, line in enumerate(lines):
        if called := COMMAND.match(line.strip()):
            words = shlex.split(called["line"], comments=True)
            ends = [place for place, word in enumerate(words) if word in (">", "|", "&", "&&", ";")]
            found.append((f"{block.page.relative_to(ROOT)}:{block.line + offset}", words[1 : min(ends, default=None)]))
    return found


SHELLS = ("bash", "console", "sh")
