"""The review's claims with their verdicts, and its references with what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from csv import DictWriter
from dataclasses import dataclass
from io import StringIO

from pydantic import BaseModel

from anagen.evidence.claims import STRENGTHS, TOPICS, VERDICTS, Claim, Reference, load_claims, load_references
from anagen.studio.evidence.sources import address_of
from anagen.studio.forms.field import CHOICE, TEXT, Choice, Field, read
from anagen.study.shipped import shipped_studies

TOPIC_WORDS = {
    "history": "History",
    "biology": "Biology of exosomes",
    "clinic": "Exosomes in the clinic",
    "treatments": "Other treatments",
    "cycle": "The hair cycle",
}
ANY = Choice("", "any")


class Cited(BaseModel, frozen=True):
    """A reference of the review.

    Attributes
    ----------
    number : int
        In the review.
    cited_as : str
        As the review cites it.
    says : str
        What the review says by it.
    status : str
        Whether it was found.
    found : str
        The right citation.
    doi : str
        Of what was found.
    supports : str
        Whether it supports what the review says.
    better : str
        A better reference.
    better_doi : str
        Of it.
    note : str
        What else was seen.
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


class ClaimView(BaseModel, frozen=True):
    """A claim of the review, and what is held here.

    Attributes
    ----------
    id : str
        Such as C09.
    topic : str
        In words.
    says : str
        What the review says.
    in_review : bool
        False for what it should have said.
    verdict : str
        One of VERDICTS.
    verdict_means : str
        In words.
    strength : str
        Of what was read, A to D.
    strength_means : str
        In words.
    held : str
        What this package assumes.
    sources : tuple of tuple
        Words and address; "" where there is none.
    where : tuple of str
        Where the package holds it.
    checked : tuple of tuple
        What checks it, and the shipped study of that name or "".
    cited : tuple of Cited
        References that the review gives.
    """

    id: str
    topic: str
    says: str
    in_review: bool
    verdict: str
    verdict_means: str
    strength: str
    strength_means: str
    held: str
    sources: tuple[tuple[str, str], ...]
    where: tuple[str, ...]
    checked: tuple[tuple[str, str], ...]
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Claims:
    """Claims as filtered.

    Attributes
    ----------
    fields : dict of str to Field
        Controls.
    claims : tuple of ClaimView
        What they leave.
    counts : dict of str to int
        Claims by verdict, of all.
    """

    fields: dict[str, Field]
    claims: tuple[ClaimView, ...]
    counts: dict[str, int]


@dataclass(frozen=True)
class CitedWorks:
    """References as filtered.

    Attributes
    ----------
    fields : dict of str to Field
        Controls.
    references : tuple of Cited
        What they leave.
    counts : dict of str to int
        References by status, of all.
    """

    fields: dict[str, Field]
    references: tuple[Cited, ...]
    counts: dict[str, int]


def claims_of(query: Mapping[str, str]) -> Claims:
    """Claims of the review as the address asks for them.

    Parameters
    ----------
    query : Mapping of str to str
        With verdict, topic and words, as far as they are asked for.

    Returns
    -------
    Claims
        With controls.
    """
    verdicts = {name: f"{name}: {means}" for name, means in VERDICTS.items()}
    controls = [
        _choice("verdict", "Verdict", verdicts),
        _choice("topic", "Topic", {name: TOPIC_WORDS[name] for name in TOPICS}),
        Field("words", "Words", TEXT, required=False),
    ]
    fields = read(controls, query)
    references = load_references()
    every = [_claim(claim, references) for claim in load_claims().values()]
    verdict, topic = (held(fields[name]) for name in ("verdict", "topic"))
    words = fields["words"].value.casefold()
    kept = tuple(
        claim
        for claim in every
        if verdict in ("", claim.verdict)
        and topic in ("", _name_of(claim.topic))
        and words in f"{claim.id} {claim.says} {claim.held}".casefold()
    )
    return Claims(fields, kept, {name: sum(claim.verdict == name for claim in every) for name in VERDICTS})


def references_of(query: Mapping[str, str]) -> CitedWorks:
    """References of the review as the address asks for them.

    Parameters
    ----------
    query : Mapping of str to str
        With status and supports, as far as they are asked for.

    Returns
    -------
    CitedWorks
        With controls.
    """
    every = [_cited(reference) for _, reference in sorted(load_references().items())]
    statuses, supports = (sorted({getattr(one, name) for one in every}) for name in ("status", "supports"))
    fields = read(
        [
            _choice("status", "What was found", {name: name for name in statuses}),
            _choice("supports", "Supports what the review says", {name: name for name in supports}),
        ],
        query,
    )
    status, support = (held(fields[name]) for name in ("status", "supports"))
    kept = tuple(one for one in every if status in ("", one.status) and support in ("", one.supports))
    return CitedWorks(fields, kept, {name: sum(one.status == name for one in every) for name in statuses})


def claims_csv(found: Claims) -> str:
    """Claims as a CSV file.

    Parameters
    ----------
    found : Claims
        As filtered.

    Returns
    -------
    str
        One line a claim; several sources are joined by semicolons.
    """
    names = ("id", "topic", "says", "in_review", "verdict", "strength", "held")
    rows = [
        {name: getattr(claim, name) for name in names} | {"sources": "; ".join(words for words, _ in claim.sources)}
        for claim in found.claims
    ]
    return _csv([*names, "sources"], rows)


def references_csv(found: CitedWorks) -> str:
    """References as a CSV file.

    Parameters
    ----------
    found : CitedWorks
        As filtered.

    Returns
    -------
    str
        One line a reference.
    """
    return _csv(list(Cited.model_fields), [one.model_dump() for one in found.references])


def _csv(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    text = StringIO()
    writer = DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def held(field: Field) -> str:
    """What a control holds; "" where it cannot be used.

    Parameters
    ----------
    field : Field
        A choice.

    Returns
    -------
    str
        A value of it.
    """
    return "" if field.problem else field.value


def _claim(claim: Claim, references: Mapping[int, Reference]) -> ClaimView:
    studies = shipped_studies()
    return ClaimView(
        id=claim.id,
        topic=TOPIC_WORDS[claim.topic],
        says=claim.says,
        in_review=claim.in_review,
        verdict=claim.verdict,
        verdict_means=VERDICTS[claim.verdict],
        strength=claim.strength,
        strength_means=STRENGTHS[claim.strength],
        held=claim.held,
        sources=tuple((source, address_of(source)) for source in claim.sources),
        where=claim.where,
        checked=tuple((name, name if name in studies else "") for name in claim.checked),
        cited=tuple(_cited(references[number]) for number in claim.cited),
    )


def _cited(reference: Reference) -> Cited:
    return Cited(**{name: getattr(reference, name) for name in Cited.model_fields})


def _choice(name: str, label: str, values: Mapping[str, str]) -> Field:
    choices = (ANY, *(Choice(value, words) for value, words in values.items()))
    return Field(name, label, CHOICE, "", choices, required=False)


def _name_of(topic: str) -> str:
    return next(name for name, words in TOPIC_WORDS.items() if words == topic)
