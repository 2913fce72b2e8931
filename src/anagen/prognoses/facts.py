"""What else is known of a treatment for one person: harms, cost, certainty, and for whom it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anagen.analysis.expected_safety import ANY, DISCONTINUATION, expected_safety
from anagen.comparative.admission import transfer_of_evidence
from anagen.comparative.design import Part
from anagen.comparative.facts import known_of
from anagen.prognoses.asked import WITH, WITHOUT, Asked
from anagen.reports.numbers import number
from anagen.study.safety_rules import unanswered, warnings_of
from anagen.study.standing import beyond, no_way_to_the_attack
from anagen.therapies import THERAPIES, Therapy
from anagen.therapies.certainty import LEVELS
from anagen.therapies.contraindications import ADMITTED, EXCLUSIONS, Contraindication

MONTHS = 12.0
ABOUT = "what is asked here is of"
"""Words before those by which the person differs from those in whom a therapy was studied."""
LEAST_SHARE = 0.001
"""Share of people below which an event is not told."""


@dataclass(frozen=True, slots=True)
class Harm:
    """An adverse event in people like the person, by the last week.

    Attributes
    ----------
    title : str
        In words.
    share : float
        Of those who are treated, seen with it.
    without : float
        Of those who are given nothing.
    grade : str
        Of the rate.
    source : str
        Of the rate.
    """

    title: str
    share: float
    without: float
    grade: str
    source: str

    def words(self) -> str:
        """The event in plain words, such as "itching: about 6 in 100"."""
        return f"{self.title}: {in_hundred(self.share)}" + (
            f" ({in_hundred(self.without)} without treatment)" if self.without >= LEAST_SHARE else ""
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one therapy.

    Attributes
    ----------
    name : str
        Of the therapy.
    title : str
        In words.
    cost : tuple[float, float] or None
        Of a month, averaged over a year of usual use [EUR]; None where it is not set.
    cost_source : str
        Where that comes from.
    certainty : str
        GRADE level in people like the person; empty where it has none.
    means : str
        What that level means.
    reasons : str
        Why it is no higher.
    not_known : str
        In whom the size of the effect is not known, where the person is among these.
    evidence : str
        Sentences.
    grade : str
        Letter of the evidence.
    forbidden : tuple[str, ...]
        Why it must not be given, and whom that concerns.
    careful : tuple[str, ...]
        What to bear in mind.
    unlike : tuple[str, ...]
        How the person is unlike those in whom it was studied.
    """

    name: str
    title: str
    cost: tuple[float, float] | None
    cost_source: str
    certainty: str
    means: str
    reasons: str
    not_known: str
    evidence: str
    grade: str
    forbidden: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the course.

    Attributes
    ----------
    therapies : tuple[Known, ...]
        One for each.
    harms : tuple[Harm, ...]
        The most frequent first.
    any_harm : tuple[float, float]
        Share seen with any event, with and without treatment.
    left : float
        Share who stop because of one.
    forbidden : tuple[str, ...]
        Why a therapy must not be given, with what lifts it.
    careful : tuple[str, ...]
        What to bear in mind.
    unlike : tuple[str, ...]
        How the person is unlike those in whom a therapy was studied.
    """

    therapies: tuple[Known, ...]
    harms: tuple[Harm, ...]
    any_harm: tuple[float, float]
    left: float
    forbidden: tuple[str, ...]
    careful: tuple[str, ...]
    unlike: tuple[str, ...]

    @property
    def cost(self) -> tuple[float, float] | None:
        """Of a month of all therapies [EUR]; None where nothing is given or one of them is not priced."""
        priced = [known.cost for known in self.therapies if known.cost is not None]
        if not priced or len(priced) < len(self.therapies):
            return None
        return sum(low for low, _ in priced), sum(high for _, high in priced)

    def cost_words(self) -> str:
        """The cost of a month in words.

        Returns
        -------
        str
            Such as "EUR 10 to 30 a month".
        """
        if not self.therapies:
            return "nothing"
        if self.cost is None:
            return "not set"
        low, high = self.cost
        return f"EUR {number(low, 0)} to {number(high, 0)} a month"


def facts_of(asked: Asked) -> Facts:
    """What is known of the treatment of a question, at the central values.

    Parameters
    ----------
    asked : Asked
        The question.

    Returns
    -------
    Facts
        Empty but for harms of the untreated where nothing is given.
    """
    data = asked.study.model_dump()
    # what the study of the person answers is told here
    data["safety"] = data["safety"] | {"accepted": ()}
    data["population"] = data["population"] | {"exclusions": ()}
    open_to = unanswered(data)
    # courses of one preparation are known, and paid for, once
    first: dict[tuple[str, str, str | None], int] = {}
    for i, use in enumerate(asked.study.arms[0].therapies):
        if use.therapy != "none":
            first.setdefault((use.therapy, use.route, use.formulation), i)
    known = tuple(
        _known(
            Part(THERAPIES[name], route, formulation),
            asked,
            data,
            [e for at, e in open_to if at == ("arms", 0, "therapies", i)],
        )
        for (name, route, formulation), i in first.items()
    )
    harms, any_harm, left = _harms(asked)
    return Facts(
        therapies=known,
        harms=harms,
        any_harm=any_harm,
        left=left,
        forbidden=tuple(dict.fromkeys(sentence for each in known for sentence in each.forbidden)),
        careful=warnings_of(data),
        unlike=tuple(dict.fromkeys(sentence for each in known for sentence in each.unlike)),
    )


def in_hundred(share: float) -> str:
    """A share as a number of people in plain words.

    Parameters
    ----------
    share : float
        0 to 1.

    Returns
    -------
    str
        Of 100, of 1,000 where that is less than one, "fewer" where even that is.

    Examples
    --------
    >>> in_hundred(0.124), in_hundred(0.004), in_hundred(0.0002)
    ('about 12 in 100', 'about 4 in 1,000', 'fewer than 1 in 1,000')
    """
    if share >= 0.0095:
        return f"about {number(100.0 * share, 0)} in 100"
    return f"about {number(1000.0 * share, 0)} in 1,000" if share >= LEAST_SHARE else "fewer than 1 in 1,000"


def _harms(asked: Asked) -> tuple[tuple[Harm, ...], tuple[float, float], float]:
    """Events by the last week, shares with any, and share who stop for one."""
    plan, parameters = asked.plan, asked.parameters
    expected = expected_safety(plan, parameters.central(), draw=0)
    last = expected[expected["week"] == expected["week"].max()]
    share = last.pivot(index="event", columns="arm", values="share")
    causes = {hazard.event.name: hazard.event for hazard in plan.hazards[0] if hazard.cause != "background"}
    harms = [
        Harm(
            title=event.title,
            share=float(share.loc[name, WITH]),
            without=float(share.loc[name, WITHOUT]),
            grade=parameters[event.rate].grade,
            source=parameters[event.rate].source,
        )
        for name, event in causes.items()
    ]
    told = sorted((harm for harm in harms if harm.share >= LEAST_SHARE), key=lambda harm: -harm.share)
    both = float(share.loc[ANY, WITH]), float(share.loc[ANY, WITHOUT])
    return tuple(told), both, float(share.loc[DISCONTINUATION, WITH])


def _known(
    part: Part, asked: Asked, data: Mapping[str, object], contraindications: Sequence[Contraindication]
) -> Known:
    therapy: Therapy = part.therapy.by(part.route)
    transfer = transfer_of_evidence([part], asked.study)
    level, certainty, year = transfer.level, therapy.certainty, therapy.cost_per_year
    same = certainty is not None and certainty.level == level
    unlike = (
        beyond(therapy, part.route, data, about=ABOUT),
        no_way_to_the_attack(part.therapy, asked.person.condition),
    )
    return Known(
        name=therapy.name,
        title=therapy.title,
        cost=None if year is None else (year[0] / MONTHS, year[1] / MONTHS),
        cost_source=therapy.cost_source,
        certainty="" if level is None else level,
        means="" if level is None else LEVELS[level],
        reasons=", ".join(certainty.reasons) if same and certainty is not None else transfer.not_known,
        not_known=transfer.not_known,
        evidence=known_of(therapy, asked.parameters),
        grade=therapy.grade,
        forbidden=tuple(
            f"{each.message.removesuffix(ADMITTED)}. {_concerned(each.unless)}".strip()
            for each in contraindications
            if each.grade == "error"
        ),
        careful=tuple(each.message for each in contraindications if each.grade == "warning"),
        unlike=tuple(text for text in unlike if text),
    )


def _concerned(exclusion: str | None) -> str:
    """Whom a contraindication concerns."""
    return "" if exclusion is None else f"Concerns {EXCLUSIONS[exclusion]}."
