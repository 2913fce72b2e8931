"""Every claim of the review has a verdict, a source, a place in the code and a check, and the places exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from anagen.evidence.claims import STRENGTHS, TOPICS, VERDICTS, Claim, load_claims, load_references
from anagen.study.shipped import shipped_studies
from faults import every_fault

ROOT = Path(__file__).resolve().parents[2]
SOURCE = re.compile(r"doi:10\.\d{4,}/\S+|pmid:\d+|pmc:PMC\d+|https://\S+|Al Abadie 2025, .+")


def test_claims_are_numbered_without_a_gap() -> None:
    names = load_claims().names()
    assert names == tuple(f"C{number:02d}" for number in range(1, len(names) + 1))


def test_a_claim_is_complete() -> None:
    references = set(load_references())
    with every_fault() as row:
        for claim in load_claims().values():
            with row(claim.id):
                assert claim.verdict in VERDICTS
                assert claim.strength in STRENGTHS
                assert claim.topic in TOPICS
                assert len(claim.held) > 20
                assert [source for source in claim.sources if not SOURCE.fullmatch(source)] == []
                assert set(claim.cited) <= references


def test_places_and_checks_of_claims_exist() -> None:
    studies = set(shipped_studies())
    missing = {claim.id: claim.missing(ROOT, studies) for claim in load_claims().values()}
    assert {name: places for name, places in missing.items() if places} == {}


def test_a_place_that_is_not_there_is_told() -> None:
    claim = Claim(
        id="C99",
        topic="biology",
        says="a claim",
        verdict="true",
        strength="A",
        held="what is held",
        sources=("doi:10.1/x",),
        where=("TGFB1->SMAD3", "TGFB1->NOTHING", "src/anagen/nowhere.py"),
        checked=("amini-2025-exosome",),
        cited=(),
    )
    assert claim.missing(ROOT, {"amini-2025-exosome"}) == ["TGFB1->NOTHING", "src/anagen/nowhere.py"]
    with pytest.raises(ValueError, match="perhaps"):
        Claim(**{**{name: getattr(claim, name) for name in Claim.__slots__}, "verdict": "perhaps"})


def test_what_the_review_should_have_said_is_not_wrong() -> None:
    added = {claim.id: claim.verdict for claim in load_claims().values() if not claim.in_review}
    assert added and "wrong" not in added.values()


def test_references_that_exist_are_told_from_those_that_were_not_found() -> None:
    """What is verified or corrected has a full citation; what was not found has no DOI that would say otherwise."""
    references = load_references()
    assert list(references) == list(range(1, len(references) + 1))
    with every_fault() as row:
        for number, reference in references.items():
            with row(str(number)):
                if reference.status == "not found":
                    assert reference.doi == ""
                else:
                    assert reference.found and reference.read


def test_the_page_is_that_of_the_claims() -> None:
    spec = importlib.util.spec_from_file_location("claims_page", ROOT / "docs" / "claims_page.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    assert found.page() == (ROOT / "docs" / "claims.md").read_text(encoding="utf-8"), "run `make docs`"
