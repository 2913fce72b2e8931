"""Pages for newcomers do what they say: every command is run in an empty folder and prints what the page shows.

With ANAGEN_PAGES=write the long tests write the pages and their pictures anew, with the numbers of today.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from page_blocks import RUN, WRITE, Block, blocks_of, differences, pictures_of, renewed, run_page, write_anew

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = ("what-it-is", "first-trial", "review", "limits", "uncertainty", "cite", "faq", "glossary")
PAGES = {
    path.relative_to(DOCS).as_posix(): path
    for path in (*(DOCS / f"{name}.md" for name in NAMES), *sorted((DOCS / "tutorials").glob("*.md")))
}
SMALL = """Words.

Save this as `mine.toml`:

```toml
value = 1
```

In `mine.toml`, change the value:

```diff
-value = 1
+value = 2
```

```bash
anagen --version   # a comment
anagen check nowhere.yaml   # exit code 2
```

```text
anagen 0...
```

<!-- long -->
```python
print("long")
```

```python
print(open("mine.toml").read(), 1.25)
```

```text
value = 2
...
```
"""


@pytest.mark.parametrize("page", PAGES)
def test_quick_commands_of_a_page_print_what_it_shows(page: str, tmp_path: Path) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    assert differences(run_page(text, tmp_path, long=False)) == []


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_prints_what_it_shows_and_draws_its_pictures(page: str, tmp_path: Path) -> None:
    if WRITE:
        write_anew(PAGES[page], tmp_path)
        return
    text = PAGES[page].read_text(encoding="utf-8")
    printed = run_page(text, tmp_path, long=True)
    assert differences(printed) == []
    drawn = [
        (named, written.read_bytes() == (PAGES[page].parent / named).read_bytes())
        for named, written in pictures_of(text, tmp_path)
    ]
    assert [named for named, same in drawn if not same] == []


def test_a_page_is_done_from_top_to_bottom(tmp_path: Path) -> None:
    printed = run_page(SMALL, tmp_path, long=True)
    assert [each.output for each in printed][1] == "long\n"
    assert differences(printed) == []
    assert (tmp_path / "mine.toml").read_text() == "value = 2\n"


def test_a_fast_slice_leaves_long_blocks_out(tmp_path: Path) -> None:
    assert "long\n" not in [each.output for each in run_page(SMALL, tmp_path, long=False)]


def test_a_page_that_shows_something_else_is_told_with_its_line(tmp_path: Path) -> None:
    (told,) = differences(run_page(SMALL.replace("value = 2\n...", "value = 7\n..."), tmp_path, long=False))
    assert told.startswith(f"line {SMALL.splitlines().index('value = 2', 20) + 1}:")
    assert "value = 7" in told


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ("anagen --version", "ls", "only anagen is run"),
        ("# exit code 2", "", "is neither a file"),
        ("-value = 1", "-value = 8", "stands 0 times"),
    ],
)
def test_a_page_that_cannot_be_done_is_told(was: str, becomes: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=words):
        run_page(SMALL.replace(was, becomes), tmp_path, long=False)


def test_a_page_is_written_anew_with_the_lines_that_it_showed(tmp_path: Path) -> None:
    old = SMALL.replace("value = 2\n...", "value = 99\n...")
    assert renewed(old, run_page(old, tmp_path, long=True)) == SMALL
    lost = SMALL.replace("value = 2\n...", "worth = 2\n...")
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    with pytest.raises(ValueError, match="nothing like 'worth = 2'"):
        renewed(lost, run_page(lost, tmp_path, long=True))


def test_the_reference_is_that_of_the_citation_file() -> None:
    import yaml

    said = yaml.safe_load((DOCS.parent / "CITATION.cff").read_text(encoding="utf-8"))
    page = PAGES["cite.md"].read_text(encoding="utf-8")
    (author,) = (each["name"] for each in said["authors"])
    words = (author, said["title"], said["version"], said["license"])
    assert f"> {author}. {said['title']}. Version {said['version']}. Licence: {said['license']}." in page
    assert all(word in page.split("```bibtex")[1].split("```")[0] for word in words)


def test_a_block_of_output_stands_right_after_what_prints_it() -> None:
    """Elsewhere nothing would compare it."""
    stray = {
        page: [
            shown.line
            for before, shown in pairwise(blocks_of(path.read_text(encoding="utf-8")))
            if _stray(before, shown)
        ]
        for page, path in PAGES.items()
    }
    assert {page: lines for page, lines in stray.items() if lines} == {}


def _stray(before: Block, shown: Block) -> bool:
    return shown.shown and (before.language not in RUN or shown.above != "")
