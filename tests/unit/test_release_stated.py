"""A release is refused where its files disagree, and where what it installs is under a licence that binds its users."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from anagen.validation.ledger import entries, head_of, shipped_ledger
from faults import every_fault

ROOT = Path(__file__).resolve().parents[2]
HEAD = "a" * 64
WHOLE = f"""# Changelog

## 0.2.0, 2026-01-31

The ledger of frozen predictions holds 8 predictions, head
`{HEAD}`.

### Numbers changed

- One.

## 0.1.0
"""


def script(name: str) -> ModuleType:
    """A script of release/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"release_{name}", ROOT / "release" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by its name
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


STATED, LICENCES = script("stated"), script("licences")


def test_a_whole_section_is_a_release() -> None:
    notes = STATED.newest_notes(WHOLE)
    assert STATED.unfinished(notes, "0.2.0", (8, HEAD), "2026-01-31") == []


DAMAGED = {
    "another version": ("## 0.2.0,", "## 0.3.0,", "the newest section is '0.3.0'"),
    "not released": ("## 0.2.0, 2026-01-31", "## Unreleased", "the newest section is 'Unreleased'"),
    "no day": ("## 0.2.0, 2026-01-31", "## 0.2.0, not yet released", "section 0.2.0 has no day"),
    "another day": ("2026-01-31", "2026-02-01", "date-released is 2026-01-31; CHANGELOG.md has 2026-02-01"),
    "no numbers": ("### Numbers changed", "### Changed", "no '### Numbers changed'"),
    "numbers of an older section": (
        "### Numbers changed\n\n- One.\n\n## 0.1.0",
        "## 0.1.0\n\n### Numbers changed",
        "no '###",
    ),
    "another head": (HEAD, "b" * 64, f"publishes 8 predictions, head {'b' * 64} of the ledger, which holds 8"),
    "no head": ("holds 8", "has 8", "publishes none of the ledger"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_a_section_lacks_is_said(case: str) -> None:
    old, new, words = DAMAGED[case]
    assert old in WHOLE
    found = STATED.unfinished(STATED.newest_notes(WHOLE.replace(old, new)), "0.2.0", (8, HEAD), "2026-01-31")
    assert len(found) == 1
    assert words in found[0]


def test_a_changelog_without_sections_is_refused() -> None:
    with pytest.raises(STATED.Fault, match="has no heading"):
        STATED.newest_notes("# Changelog\n")


def test_every_place_names_the_version_of_the_package() -> None:
    named = STATED.versions(ROOT)
    assert all(named.values()), named
    assert STATED.disagreements(named) == []
    assert STATED.disagreements(named | {"CITATION.cff": ["0.0.1"], "docs/clusters.md": []}) == [
        f"CITATION.cff: names version 0.0.1; pyproject.toml has {named['pyproject.toml'][0]}",
        f"docs/clusters.md: names version nowhere; pyproject.toml has {named['pyproject.toml'][0]}",
    ]


def test_the_newest_section_publishes_the_ledger_and_a_released_one_lacks_nothing() -> None:
    found = head_of(entries(shipped_ledger()))
    assert STATED.ledger_of(ROOT) == (found.predictions, found.head)
    notes = STATED.newest_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert notes.frozen == (found.predictions, found.head)
    if notes.date:
        assert STATED.what_files_say(ROOT) == []


def test_the_page_of_a_release_has_the_steps_of_the_check() -> None:
    """`what is done` and `what is promised` are one list in one order."""
    code = (ROOT / "release" / "check.py").read_text(encoding="utf-8")
    steps = re.findall(r'step\("([^"]+)"|listed = "([^"]+)"', code)
    page = (ROOT / "RELEASE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page, re.MULTILINE)[1:]
    assert [re.sub(r" \(.*?\)", "", "".join(step)) for step in steps] == rows


REFUSED = ("GPL-3.0-only", "AGPL-3.0-or-later", "GPLv2+", "MIT AND GPL-2.0-only", "(MIT OR GPL-2.0-only) AND AGPL-3.0")
REFUSED += ("GNU General Public License v3 (GPLv3)", "GNU Affero General Public License v3", "")
TAKEN = ("MIT", "LGPL-2.1-or-later", "GNU Lesser General Public License v3 (LGPLv3)", "MIT OR GPL-3.0-only", "MPL-2.0")
TAKEN += ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception",)


@pytest.mark.parametrize("licence", REFUSED)
def test_a_licence_that_binds_its_users_is_refused(licence: str) -> None:
    assert LICENCES.is_refused(licence)


@pytest.mark.parametrize("licence", TAKEN)
def test_other_licences_are_taken(licence: str) -> None:
    assert not LICENCES.is_refused(licence)


def bom(*components: dict[str, Any]) -> dict[str, Any]:
    return {"components": list(components)}


def component(name: str, *licences: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "licenses": [{"license": entry} for entry in licences]}


def test_a_package_under_the_gpl_or_without_a_licence_stops_a_release() -> None:
    listed = bom(component("good", {"id": "MIT"}), component("bound", {"id": "GPL-3.0-only"}), component("silent"))
    found = LICENCES.faults(LICENCES.packages(listed))
    assert found == [
        "bound 1.0 is under GPL-3.0-only: what we require may not be",
        "silent 1.0 is under no licence that its metadata name: read its licence file and add it to READ",
    ]


def test_the_page_of_licences_is_that_of_the_lists() -> None:
    core, extras = LICENCES.read_bom(LICENCES.CORE), LICENCES.read_bom(LICENCES.EXTRAS)
    page = LICENCES.page(LICENCES.read_project(), core, extras)
    assert page == LICENCES.PAGE.read_text(encoding="utf-8"), "run make release-files"
    assert LICENCES.faults(LICENCES.packages(extras)) == []
    assert "Under the LGPL: python-libsbml, python-libsedml." in page
    of_formats = re.findall(r"^\| (\S+) .*LGPL.*\| `formats` \|$", page, re.MULTILINE)
    assert of_formats == ["python-libsbml", "python-libsedml"]


def test_the_lists_have_no_clock_no_chance_and_no_place_in_them() -> None:
    for path in (LICENCES.CORE, LICENCES.EXTRAS):
        listed, text = LICENCES.read_bom(path), path.read_text(encoding="utf-8")
        assert "serialNumber" not in listed and "timestamp" not in listed["metadata"]
        assert not re.search(r'"(file:|/)', text)


def test_the_lists_hold_what_is_pinned_and_nothing_else() -> None:
    pinned = dict(
        re.findall(r"^([^#\s=]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    versions = {LICENCES.normal(name): version for name, version in pinned.items()}
    with every_fault() as row:
        for package in LICENCES.packages(LICENCES.read_bom(LICENCES.EXTRAS)):
            with row(package.name):
                assert versions.get(LICENCES.normal(package.name)) == package.version, "run make release-files"
