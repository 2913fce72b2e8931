"""What the files of the repository say of a release: version, day, numbers changed, head of the ledger."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^## (?P<version>[^\s,]+)(?:, (?P<date>\d{4}-\d\d-\d\d))?.*$", re.MULTILINE)
FROZEN = re.compile(r"ledger of frozen predictions holds (?P<count>\d+) predictions, head `(?P<head>[0-9a-f]{64})`")
PLACES = {
    "pyproject.toml": r'^version = "(\S+)"$',
    "CITATION.cff": r"^version: (\S+)$",
    "release/recipe.yaml": r"^  version: (\S+)$",
    "release/anagen.def": r"^    Version (\S+)$",
    "docs/cite.md": r"[Vv]ersion (?:= \{)?(\d+\.\d+\.\d+)[.}]",
    "docs/clusters.md": r"image: registry\.example\.org/anagen:(\S+)$",
    "docs/first-trial.md": r'^pip install "anagen-(\S+?)-py3',
    "docs/tutorials/mechanism.md": r'^pip install "anagen-(\S+?)-py3',
    "docs/tutorials/trial-planner.md": r'^pip install "anagen-(\S+?)-py3',
}
"""Files that name the version, and how."""


class Fault(Exception):
    """What stands in the way of a release, in words."""


@dataclass(frozen=True)
class Section:
    """The newest section of the changelog.

    Attributes
    ----------
    version : str
        Version, or "Unreleased".
    date : str
        Day as YYYY-MM-DD; empty where there is none.
    says_numbers : bool
        Whether it has a part *Numbers changed*.
    frozen : tuple[int, str] or None
        How many predictions are frozen and the hash of the last one, as it publishes them.
    """

    version: str
    date: str
    says_numbers: bool
    frozen: tuple[int, str] | None


def newest_notes(changelog: str) -> Section:
    """The newest section of a changelog.

    Parameters
    ----------
    changelog : str
        Its text.

    Returns
    -------
    Section
        Version, day and what the section holds.

    Raises
    ------
    Fault
        Where there is no section.

    Examples
    --------
    >>> newest_notes("## 0.2.0, 2026-01-31\\n\\n### Numbers changed\\n\\n## 0.1.0\\n").says_numbers
    True
    """
    headings = list(HEADING.finditer(changelog))
    if not headings:
        raise Fault("CHANGELOG.md: has no heading such as '## 0.2.0, 2026-01-31'")
    end = headings[1].start() if len(headings) > 1 else len(changelog)
    section = changelog[headings[0].end() : end]
    frozen = FROZEN.search(" ".join(section.split()))
    return Section(
        headings[0]["version"],
        headings[0]["date"] or "",
        bool(re.search(r"^### Numbers changed$", section, re.MULTILINE)),
        (int(frozen["count"]), frozen["head"]) if frozen else None,
    )


def versions(root: Path) -> dict[str, list[str]]:
    """Versions that files name, by file.

    Parameters
    ----------
    root : Path
        Folder of the repository.

    Returns
    -------
    dict[str, list[str]]
        File -> every version that it names; empty where it names none.
    """
    return {
        name: re.findall(form, (root / name).read_text(encoding="utf-8"), re.MULTILINE) for name, form in PLACES.items()
    }


def disagreements(named: dict[str, list[str]]) -> list[str]:
    """Files that do not name the version of pyproject.toml.

    Parameters
    ----------
    named : dict[str, list[str]]
        File -> versions that it names.

    Returns
    -------
    list[str]
        One sentence for each.

    Examples
    --------
    >>> disagreements({"pyproject.toml": ["0.2.0"], "CITATION.cff": ["0.1.0"]})
    ['CITATION.cff: names version 0.1.0; pyproject.toml has 0.2.0']
    """
    (version,) = named["pyproject.toml"]
    return [
        f"{name}: names version {', '.join(found) or 'nowhere'}; pyproject.toml has {version}"
        for name, found in named.items()
        if set(found) != {version}
    ]


def unfinished(notes: Section, version: str, ledger: tuple[int, str], cited: str | None) -> list[str]:
    """What the newest section of the changelog lacks for a release.

    Parameters
    ----------
    notes : Section
        The section.
    version : str
        Version of pyproject.toml.
    ledger : tuple[int, str]
        Number of frozen predictions and hash of the last one, as the repository holds them.
    cited : str or None
        Day of the release in CITATION.cff.

    Returns
    -------
    list[str]
        One sentence for each.
    """
    found = []
    if notes.version != version:
        found.append(f"CHANGELOG.md: the newest section is '{notes.version}'; write '## {version}, YYYY-MM-DD'")
    elif not notes.date:
        found.append(f"CHANGELOG.md: section {version} has no day; write '## {version}, YYYY-MM-DD'")
    elif cited != notes.date:
        found.append(f"CITATION.cff: date-released is {cited or 'not there'}; CHANGELOG.md has {notes.date}")
    if not notes.says_numbers:
        found.append("CHANGELOG.md: the newest section has no '### Numbers changed'; where none did, say so under it")
    if notes.frozen != ledger:
        told = f"{notes.frozen[0]} predictions, head {notes.frozen[1]}" if notes.frozen else "none"
        found.append(f"CHANGELOG.md: publishes {told} of the ledger, which holds {ledger[0]}, head {ledger[1]}")
    return found


def ledger_of(root: Path) -> tuple[int, str]:
    """Number of frozen predictions and hash of the last one, as they stand beside the ledger."""
    told = tomllib.loads((root / "studies" / "prospective" / "frozen.head.toml").read_text(encoding="utf-8"))
    return told["predictions"], told["head"]


def what_files_say(root: Path) -> list[str]:
    """What of a release can be seen in the files alone, in the order of RELEASE.md.

    Parameters
    ----------
    root : Path
        Folder of the repository.

    Returns
    -------
    list[str]
        One sentence for each fault.
    """
    named = versions(root)
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    cited = re.search(r"^date-released: [\"']?([\d-]+)", citation, re.MULTILINE)
    notes = newest_notes((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    (version,) = named["pyproject.toml"]
    return [*disagreements(named), *unfinished(notes, version, ledger_of(root), cited[1] if cited else None)]
