"""Pages that are run: the blocks of a Markdown page, carried out in order in an empty folder, and what they print.

What a page may hold, as a reader does it from top to bottom:

- `bash` blocks: a command `anagen ...` on each line, run in this process; `> FILE` keeps what it prints, and
  `# exit code 2` says how it ends where that is not 0, and shows what it says then. What the runner should leave alone
  stands in a `console` block.
- `python` blocks, in one interpreter, where they are no file.
- a `text` block right after one of these: what it prints. A line `...` stands for any lines, as in a doctest.
- a block under a line "Save this as `FILE`": a file. A `diff` block under "In `FILE`": lines that are changed.
- `<!-- long -->` above a block: takes long, and is left out of a fast slice.
- `![words](PAGE/FILE)`: where a command of the page writes FILE, the picture is that one, to the byte.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cli_calls import anagen

LONG = "<!-- long -->"
FENCE = re.compile(r"```(\w*)$")
SAVED = re.compile(r"Save (?:this|it) as `([^`]+)`")
CHANGED = re.compile(r"In `([^`]+)`")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
ENDS = re.compile(r"#\s*exit code (\d+)")
ANYTHING = "..."
RUN = ("bash", "python")


@dataclass(frozen=True)
class Block:
    """A fenced block: language, text, number of its first line, the line of words above, whether it takes long."""

    language: str
    text: str
    line: int
    above: str
    long: bool

    @property
    def shown(self) -> bool:
        """Whether it shows what the block before it prints."""
        return self.language == "text"

    @property
    def file(self) -> str | None:
        """The file that it is, where it is one."""
        found = None if self.language in ("bash", "text", "diff", "console") else SAVED.search(self.above)
        return found and found[1]


@dataclass(frozen=True)
class Printed:
    """What a block printed, and the block that shows it, if any."""

    block: Block
    output: str
    shown: Block | None


def blocks_of(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    lines, found, above, long = page.splitlines(), [], "", False
    at = 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        if opened is None:
            if lines[at] == LONG:
                long = True
            elif lines[at].strip():
                above, long = lines[at], False
            at += 1
            continue
        end = lines.index("```", at + 1)
        found.append(Block(opened[1], "\n".join(lines[at + 1 : end]) + "\n", at + 2, above, long))
        above, long, at = "", False, end + 1
    return found


def run_page(page: str, folder: Path, *, long: bool) -> list[Printed]:
    """Do what a page says in a folder; without `long` its fast slice. A command that fails is an assertion error."""
    blocks, names, printed = blocks_of(page), {"__name__": "page"}, []
    for block, after in zip_longest(blocks, blocks[1:]):
        if block.long and not long:
            continue
        if block.language in RUN and block.file is None:
            output = _commands(block, folder) if block.language == "bash" else _python(block, folder, names)
            printed.append(
                Printed(block, output, after if after is not None and after.shown and not after.above else None)
            )
        elif block.language == "diff":
            _change(block, folder)
        elif block.file is not None:
            (folder / block.file).write_text(block.text, encoding="utf-8")
    return printed


def differences(printed: list[Printed]) -> list[str]:
    """Where a page shows something else than what was printed."""
    checker, flags, found = doctest.OutputChecker(), doctest.ELLIPSIS, []
    for each in printed:
        if each.shown is None:
            continue
        example = doctest.Example(each.block.text, _trimmed(each.shown.text))
        if not checker.check_output(example.want, _trimmed(each.output), flags):
            told = checker.output_difference(example, _trimmed(each.output), flags | doctest.REPORT_NDIFF)
            found.append(f"line {each.shown.line}:\n{told}")
    return found


def pictures_of(page: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Pictures that a page shows, as it names them, and the files of these names that its commands wrote."""
    for named in PICTURE.findall(page):
        written = folder.joinpath(*Path(named).parts[1:])
        if written.is_file():
            yield named, written


def renewed(page: str, printed: list[Printed]) -> str:
    """The page with what is printed now: the lines that it showed, found by their words, with the numbers of today."""
    lines = page.splitlines()
    for each in reversed(printed):
        if each.shown is not None:
            first = each.shown.line - 1
            old = lines[first : first + each.shown.text.count("\n")]
            lines[first : first + len(old)] = _same_lines(old, _trimmed(each.output).splitlines(), each.shown.line)
    return "\n".join(lines) + "\n"


def _same_lines(old: list[str], output: list[str], line: int) -> list[str]:
    """Lines of the output that have the words of the old ones, in order."""
    new, at = [], 0
    for text in old:
        if ANYTHING in text or not text.strip():
            new.append(text)
            continue
        words = _words(text)
        found = next((i for i in range(at, len(output)) if _words(output[i]) == words), None)
        if found is None:
            raise ValueError(f"line {line}: nothing like {text!r} is printed any more; write this block anew by hand")
        new.append(output[found])
        at = found + 1
    return new


def _words(line: str) -> str:
    """A line without numbers, signs and spaces; the rule of a table is a rule, however long it is."""
    return re.sub(r"[\d.,\s+−-]+", " ", re.sub("─+", "─", line)).strip()


def _trimmed(text: str) -> str:
    """Text without the spaces at the ends of its lines and the empty lines at its end."""
    return "".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines())


def _commands(block: Block, folder: Path) -> str:
    output = ""
    for offset, line in enumerate(block.text.replace("\\\n", " ").splitlines()):
        words = shlex.split(line, comments=True)
        if not words:
            continue
        place = f"line {block.line + offset}: {line}"
        assert words[0] == "anagen", f"{place}: only anagen is run here; a console block is left alone"
        words, kept = (words[: words.index(">")], words[words.index(">") + 1]) if ">" in words else (words, None)
        done = anagen(*words[1:], cwd=folder)
        ends = ENDS.search(line)
        assert done.returncode == (int(ends[1]) if ends else 0), f"{place}: {done.returncode}\n{done.stderr}"
        if kept is None:
            output += done.stdout + (done.stderr if ends else "")
        else:
            (folder / kept).write_text(done.stdout, encoding="utf-8")
    return output


def _python(block: Block, folder: Path, names: dict[str, Any]) -> str:
    output = io.StringIO()
    code = compile("\n" * (block.line - 1) + block.text, "the page", "exec")
    with contextlib.chdir(folder), contextlib.redirect_stdout(output):
        exec(code, names)
    return output.getvalue()


def _change(block: Block, folder: Path) -> None:
    """Replace lines of a file: those with a minus by those with a plus that follow them."""
    named = CHANGED.search(block.above)
    assert named is not None, f"line {block.line}: which file is changed?"
    path = folder / named[1]
    text = path.read_text(encoding="utf-8")
    for part in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", block.text, re.MULTILINE):
        old, new = ("".join(f"{line[1:]}\n" for line in lines.splitlines()) for lines in part)
        assert text.count(old) == 1, f"line {block.line}: {old!r} stands {text.count(old)} times in {named[1]}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def write_anew(path: Path, folder: Path) -> None:
    """Write a page and its pictures as they come out now."""
    page = path.read_text(encoding="utf-8")
    printed = run_page(page, folder, long=True)
    for named, written in pictures_of(page, folder):
        target = path.parent / named
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(written.read_bytes())
    path.write_text(renewed(page, printed), encoding="utf-8")


WRITE = os.environ.get("ANAGEN_PAGES") == "write"
"""Whether pages are written anew in place of being compared."""
