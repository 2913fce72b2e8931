"""The claims of the review of exosome therapy, one by one: what is true of them and what this package assumes."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from anagen.core.registry import Registry
from anagen.evidence.table import TABLES_FOLDER
from anagen.signalling.network import load_network

CLAIMS_FILE = TABLES_FOLDER.parent / "claims.toml"
VERDICTS = {
    "true": "holds as it is said",
    "partly": "holds in part, or in another system only",
    "not-shown": "no source was found that shows it",
    "wrong": "what was read says otherwise",
    "not-checked": "was not checked",
}
STRENGTHS = {
    "A": "randomised trials, or settled biology",
    "B": "studies in people",
    "C": "animals, organ culture or cells",
    "D": "opinion, registry or nothing",
}
TOPICS = ("history", "biology", "clinic", "treatments", "cycle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim in our words.

    Attributes
    ----------
    id : str
        C01 to C57.
    verdict : str
        A key of `VERDICTS`.
    strength : str
        A key of `STRENGTHS`, of what was read about it.
    held : str
        What this package assumes.
    sources : tuple[str, ...]
        DOIs ("doi:..."), PubMed or PMC numbers, addresses.
    where : tuple[str, ...]
        Paths of the repository or edges of the signalling network.
    checked : tuple[str, ...]
        Shipped studies or test files.
    cited : tuple[int, ...]
        Numbers of the review's references.
    in_review : bool, default True
        False for what the review should have said.
    """

    id: str
    topic: str
    says: str
    verdict: str
    strength: str
    held: str
    sources: tuple[str, ...]
    where: tuple[str, ...]
    checked: tuple[str, ...]
    cited: tuple[int, ...]
    in_review: bool = True

    def __post_init__(self) -> None:
        """Refuses a verdict, strength or topic that is not in the vocabulary, and a claim without source or place."""
        vocabularies = ((self.verdict, VERDICTS), (self.strength, STRENGTHS), (self.topic, TOPICS))
        for word, allowed in vocabularies:
            if word not in allowed:
                raise ValueError(f"{self.id}: {word!r} is not one of {', '.join(allowed)}")
        if not (self.sources and self.where and self.checked):
            raise ValueError(f"{self.id}: needs a source, a place and a check")

    def document(self) -> dict[str, Any]:
        """The claim as plain data, with the meaning of its verdict and strength and with the references it cites."""
        references = load_references()
        meanings = {"verdict_means": VERDICTS[self.verdict], "strength_means": STRENGTHS[self.strength]}
        return {**asdict(self), **meanings, "references": [asdict(references[number]) for number in self.cited]}

    def missing(self, root: Path, studies: Collection[str]) -> list[str]:
        """Places and checks that are not there: neither a path below `root`, nor an edge, nor one of `studies`."""
        edges = {row["edge"] for row in load_network().rows()}
        names = (*self.where, *self.checked)
        return [name for name in names if not ((root / name).exists() or name in edges or name in studies)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference of the review as cited, and what was found.

    status: verified, found with corrections, uncertain or not found. found: the right citation. supports: whether it
    supports what the review says (yes, partly, no, unknown). read: where that was seen.
    """

    number: int
    cited_as: str
    says: str
    status: str
    found: str
    doi: str
    supports: str
    better: str
    better_doi: str
    note: str
    read: str


def load_claims() -> Registry[Claim]:
    """All claims by id.

    Examples
    --------
    >>> load_claims()["C09"].verdict
    'wrong'
    """
    entries: list[dict[str, Any]] = tomllib.loads(CLAIMS_FILE.read_text(encoding="utf-8"))["claim"]
    lists = ("sources", "where", "checked", "cited")
    claims = [Claim(**{**entry, **{name: tuple(entry[name]) for name in lists}}) for entry in entries]
    return Registry("claim", {claim.id: claim for claim in claims})


def load_references() -> dict[int, Reference]:
    """The review's references by number.

    Examples
    --------
    >>> load_references()[31].status
    'not found'
    """
    with (TABLES_FOLDER / "review_references.csv").open(encoding="utf-8", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    return {int(row["number"]): Reference(**{**row, "number": int(row["number"])}) for row in rows}
