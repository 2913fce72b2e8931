"""Documents are spelt the British way, link to what is there and show commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

from faults import every_fault

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
AMERICAN = re.compile(
    r"\b(randomiz\w+|analyz\w+|summariz\w+|normaliz\w+|characteriz\w+|standardiz\w+|coloring|colou?rize\w*|"
    r"behavior\w*|tumor\w*|fiber\w*|license the|modeling|labeled|canceled|gray)\b",
    re.IGNORECASE,
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_british_spelling() -> None:
    with every_fault() as row:
        for document in DOCUMENTS:
            with row(document.name):
                assert AMERICAN.findall(document.read_text(encoding="utf-8")) == []


def test_links_lead_somewhere() -> None:
    with every_fault() as row:
        for document in DOCUMENTS:
            with row(document.name):
                targets = LINK.findall(document.read_text(encoding="utf-8"))
                assert [target for target in targets if not (document.parent / target).exists()] == []


def test_readme_is_short_and_names_the_targets_that_the_makefile_has() -> None:
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    assert len(readme.splitlines()) < 80
    targets = re.findall(r"make ([a-z][a-z-]+)", readme)
    assert {"demo", "studio", "test", "docs-site"} <= set(targets)
    assert [target for target in targets if f"\n{target}:" not in makefile] == []


def test_readme_says_what_it_is_not() -> None:
    assert "not medical advice" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_place_says_that_a_calibration_takes_minutes_and_none_says_hours() -> None:
    """Measured on 2 cores: 20 minutes; with studies left out and 50 simulated data sets 30."""
    places = {
        "Makefile": "30 minutes on 2 cores",
        "src/anagen/cli/calibrate.py": "20 minutes on 2 cores",
        "src/anagen/cli/validate.py": "20 to 30 minutes on 2 cores",
        "src/anagen/calibration/result.py": "20 to 30 minutes on 2 cores",
        "docs/calibration.md": "all studies, 20 minutes",
        "docs/calibration_page.py": "all studies, 20 minutes",
    }
    with every_fault() as row:
        for name, words in places.items():
            with row(name):
                text = (ROOT / name).read_text(encoding="utf-8")
                assert words in text
                assert not re.search(r"\bhours?\b", text)
