"""Every claim of the review has a verdict, a source, a place in the code and a check, and the places exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from anagen.evidence.claims import STRENGTHS, TOPICS, VERDICTS, Claim, load_claims, load_references
from anagen.study.shipped import shipped_studies

ROOT = Path(__file__).resolve().parents[2]
SOURCE = re.compile(r"doi:10\.\d{4,}/\S+|pmid:\d+|pmc:PMC\d+|https://\S+|Al Abadie 2025, .+")


def test_there_are_57_claims_in_order() -> None:
    assert load_claims().names() == tuple(f"C{number:02d}" for number in range(1, 58))


@pytest.mark.parametrize("claim", list(load_claims().values()), ids=lambda claim: claim.id)
def test_a_claim_is_complete(claim: Claim) -> None:
    assert claim.verdict in VERDICTS
    assert claim.strength in STRENGTHS
    assert claim.topic in TOPICS
    assert len(claim.held) > 20
    assert [source for source in claim.sources if not SOURCE.fullmatch(source)] == []
    assert set(claim.cited) <= set(load_references())


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


def test_wrong_claims_stay_wrong() -> None:
    claims = load_claims()
    wrong = {"C01", "C02", "C09", "C14", "C22", "C42", "C47", "C54"}
    assert {claim.id for claim in claims.values() if claim.verdict == "wrong"} == wrong
    assert {claim.id for claim in claims.values() if not claim.in_review} == {"C16", "C29", "C30"}


def test_the_fifty_references_are_told_apart() -> None:
    references = load_references()
    assert list(references) == list(range(1, 51))
    missing = [number for number, found in references.items() if found.status == "not found"]
    assert len(missing) == 18
    assert set(missing) <= {11, 12, *range(31, 51)}


def test_the_page_is_that_of_the_claims() -> None:
    spec = importlib.util.spec_from_file_location("claims_page", ROOT / "docs" / "claims_page.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    assert found.page() == (ROOT / "docs" / "claims.md").read_text(encoding="utf-8"), "run `make docs`"
