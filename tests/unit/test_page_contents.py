"""Pages of the documentation: all are listed, links and anchors lead somewhere, and what they show is what there is."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from anagen.cli.app import app
from faults import every_fault
from pages import DOCS, PAGES, ROOT, blocks, commands

sys.path.insert(0, str(DOCS))
import contents
import gallery_page
import reference_pages

sys.path.remove(str(DOCS))

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
INLINE = re.compile(r"`(anagen [^`]+)`")
PROGRAM = typer.main.get_command(app)


def slugs(page: Path) -> set[str]:
    """Anchors of the headings of a page, as GitHub and MyST make them, with those of what the site generates."""
    text = page.read_text(encoding="utf-8")
    for name, made in reference_pages.PAGES.items():
        if f"<!-- generated: {name} -->" in text and name not in ("functions", "classes"):
            text = text.replace(f"<!-- generated: {name} -->", made())
    text = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+)$", text, flags=re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        found.add(next(name for n in range(99) if (name := f"{slug}-{n}" if n else slug) not in found))
    return found


def test_every_page_is_listed_once_and_every_listed_page_exists() -> None:
    listed = [entry.page for entry in contents.in_order()]
    there = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")} - {"index"}
    assert sorted(listed) == sorted(there)


def test_links_between_pages_and_their_anchors_resolve() -> None:
    anchors: dict[Path, set[str]] = {}
    with every_fault() as row:
        for page in PAGES:
            for link in LINK.finditer(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
                target = link["target"]
                if target.startswith(("http:", "https:", "mailto:")):
                    continue
                with row(f"{page.relative_to(ROOT)}: {link[0]}"):
                    file = (page.parent / target).resolve() if target else page
                    assert file.exists(), "leads nowhere"
                    if link["anchor"]:
                        known = anchors.setdefault(file, slugs(file))
                        assert link["anchor"] in known, "there is no such heading"


def test_a_link_to_a_page_leads_to_one_that_the_site_has() -> None:
    """A file of the root is linked by its own name where the repository is shown, and is a page of the site."""
    root = {ROOT / name for name in contents.FROM_THE_ROOT.values()}
    with every_fault() as row:
        for page in {*DOCS.rglob("*.md"), *root}:
            text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
            for target in {found["target"] for found in LINK.finditer(text) if found["target"].endswith(".md")}:
                with row(f"{page.relative_to(ROOT)}: {target}"):
                    file = (page.parent / target).resolve()
                    assert file.is_relative_to(DOCS) or file in root or (page in root and "tests" in file.parts)


def test_the_list_of_pages_for_programs_is_the_one_of_the_pages() -> None:
    assert contents.LLMS.read_text(encoding="utf-8") == contents.llms(".md"), "run `python docs/contents.py`"


def test_the_gallery_holds_every_picture_with_its_command() -> None:
    there = {path.relative_to(DOCS).as_posix() for end in ("png", "svg") for path in DOCS.rglob(f"*.{end}")}
    shown = [each.file for each in gallery_page.pictures()]
    assert sorted(shown) == sorted(there)
    assert gallery_page.PAGE.read_text(encoding="utf-8") == gallery_page.page(), "run `make docs`"


def test_a_page_that_lists_others_becomes_a_table_of_contents() -> None:
    text = "# T\n\n## One\n\n- [A](a.md): of a\n- [B](../b.md): of b\n\n## Two\n\n- [C](c/d.md): of d\n"
    made = contents.toctrees(text, "x/index")
    assert made.split("```{toctree}\n")[1:] == [
        ":hidden:\n:caption: One\n\nA </x/a>\nB </b>\n```\n\n",
        ":hidden:\n:caption: Two\n\nC </x/c/d>\n```\n",
    ]


def parsed(words: list[str]) -> list[str]:
    """Words of a command line as the program's parser takes them; what is left over is told by an exception."""
    command: Any = PROGRAM
    path: list[str] = []
    while words and words[0] in getattr(command, "commands", {}):
        path, command, words = [*path, words[0]], command.commands[words[0]], words[1:]
    assert path or not words or words[0].startswith("-"), f"there is no command {words[0]!r}"
    is_group = bool(getattr(command, "commands", {})) and not command.invoke_without_command
    assert not (is_group and words and not words[0].startswith("-")), f"{path} has no command {words[:1]}"
    context = command.context_class(command, info_name=" ".join(path))
    command.make_parser(context).parse_args(args=list(words))
    return path


def test_every_command_that_a_page_shows_is_one_that_there_is() -> None:
    seen = 0
    with every_fault() as row:
        for page in PAGES:
            for place, words in commands(page):
                seen += 1
                with row(f"{place}: anagen {' '.join(words)}"):
                    assert parsed(words) or words == ["--version"], "the bare program"
    assert seen > 100


def test_every_command_within_a_sentence_names_commands_and_options_that_there_are() -> None:
    seen = 0
    root: Any = PROGRAM
    with every_fault() as row:
        for page in PAGES:
            if page.name in ("CHANGELOG.md", "changelog.md"):
                continue
            for told in INLINE.findall(page.read_text(encoding="utf-8")):
                command, words = root, told.replace("\\|", "|").split()[1:]
                while words and (named := words[0].split("|")[0].rstrip(",")) in getattr(command, "commands", {}):
                    command, words = command.commands[named], words[1:]
                known = {"--help", *(option for each in command.params for option in each.opts)}
                seen += 1
                with row(f"{page.relative_to(ROOT)}: {told}"):
                    assert command is not root or words[0].isupper() or words[0].startswith("-"), "no such command"
                    given = [word.split("=")[0].strip("[],.") for word in words if re.match(r"\[?--[a-z]", word)]
                    assert [word for word in given if word not in known] == []
    assert seen > 100


def test_a_command_that_there_is_not_is_found() -> None:
    for words in (["rum", "x"], ["product", "chek", "x"], ["run", "x", "--sede", "1"], ["run", "x", "--seed"]):
        with pytest.raises(Exception, match=r"rum|chek|--sede|--seed"):
            parsed(words)


def test_every_study_that_a_page_shows_whole_is_valid() -> None:
    from anagen.study import Study

    seen = 0
    with every_fault() as row:
        for place, block in blocks():
            beside = block.file is not None  # with what it needs: run with its page
            if block.language == "yaml" and block.text.startswith("study:") and not beside:
                seen += 1
                with row(place):
                    assert Study.parse(block.text).study
    assert seen >= 3


def test_every_file_that_a_page_shows_can_be_read() -> None:
    import json
    import tomllib

    from ruamel.yaml import YAML

    readers = {"toml": tomllib.loads, "yaml": YAML(typ="safe").load, "json": json.loads}
    with every_fault() as row:
        for place, block in blocks():
            if block.language in readers:
                with row(place):
                    assert readers[block.language](block.text) is not None


def test_every_line_of_python_compiles_and_what_it_imports_is_there() -> None:
    seen = 0
    with every_fault() as row:
        for place, block in blocks():
            if block.language == "python":
                seen += 1
                with row(place):
                    for node in ast.walk(ast.parse(block.text)):
                        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "anagen":
                            home = importlib.import_module(str(node.module))
                            assert [each.name for each in node.names if not hasattr(home, each.name)] == []
    assert seen > 10


def test_every_call_of_the_front_door_takes_what_a_page_gives_it() -> None:
    import anagen

    seen = 0
    with every_fault() as row:
        for place, block in blocks():
            for node in ast.walk(ast.parse(block.text if block.language == "python" else "")):
                if isinstance(node, ast.Call) and re.fullmatch(r"anagen(\.\w+)+", ast.unparse(node.func)):
                    seen += 1
                    with row(f"{place}: {ast.unparse(node)}"):
                        called: Any = anagen
                        for name in ast.unparse(node.func).split(".")[1:]:
                            called = getattr(called, name)
                        given = {each.arg: None for each in node.keywords if each.arg}
                        inspect.signature(called).bind(*node.args, **given)
    assert seen > 20


def test_the_page_of_commands_names_every_one() -> None:
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    names = [name for name, _ in reference_pages.commands()]
    assert len(names) > 40 and "product check" in names and "studio" in names
    assert [name for name in names if f"`anagen {name}" not in page] == []


def test_reference_pages_hold_what_the_program_has() -> None:
    import anagen
    from anagen.parameters import load_parameters
    from anagen.results.schema import TABLES
    from anagen.scalp import ENDPOINTS

    made = {name: page() for name, page in reference_pages.PAGES.items()}
    front = made["functions"] + made["classes"]
    assert [name for name in anagen.__all__ if name != "__version__" and f":: anagen.{name}\n" not in front] == []
    assert [name for name in load_parameters("prior") if f"| `{name}` |" not in made["parameters"]] == []
    assert [name for name in ENDPOINTS if f"| `{name}` |" not in made["endpoints"]] == []
    assert [name for name in TABLES if f"### {name}." not in made["result-tables"]] == []
    keys = ("population", "per_day", "among", "washout")
    assert [key for key in keys if f"| `{key}` |" not in made["study-keys"]] == []
    assert "| `--seed <int range>` | Seed of every random number." in made["cli"]


def test_every_generated_part_stands_on_a_page() -> None:
    wanted = re.compile(r"<!-- generated: ([a-z-]+) -->")
    found = [name for page in DOCS.rglob("*.md") for name in wanted.findall(page.read_text(encoding="utf-8"))]
    assert sorted(found) == sorted(reference_pages.PAGES)


def test_what_is_written_into_a_table_stays_in_its_cell() -> None:
    assert reference_pages.plain("a|b `c|d` *e* <f>\ng") == r"a\|b `c\|d` \*e\* \<f\> g"
    assert reference_pages.plain("see doi:10.1000/a_b.") == r"see [doi:10.1000/a\_b](<https://doi.org/10.1000/a_b>)."
