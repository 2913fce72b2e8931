"""What the Clinic shows, as plain values: the same for the page and for programs."""

from __future__ import annotations

import math

import numpy as np
from pydantic import BaseModel, ConfigDict

from anagen.analysis.bands import LEAST_DRAWS
from anagen.prognoses.asked import STOPPED, WITH, WITHOUT
from anagen.prognoses.facts import Facts, Harm, in_hundred
from anagen.prognoses.scalp import DRAWN
from anagen.prognoses.sentences import WEEKS_A_MONTH, of_hundred, seen_words
from anagen.prognoses.spread import DRAWS, EACH, Spread
from anagen.prognoses.visible import BOUNDS, COVERED, MAP, definition, judged_by
from anagen.reports.numbers import interval, number
from anagen.studio.clinic.case import Case


class Model(BaseModel):
    """What all models of the view share."""

    model_config = ConfigDict(frozen=True)


class Numbers(Model):
    """Numbers of one course in the week that is looked at.

    Attributes
    ----------
    course : str
        "with", "without" or "stopped".
    hairs : float
        [1/cm2].
    change : float
        Since week 0 [1/cm2].
    terminal : float
        Terminal hairs [1/cm2].
    resting : float or None
        Share of the hairs that rest; None without hair.
    empty : float or None
        Share of the follicles that show no hair.
    diameter : float or None
        Mean [um].
    """

    course: str
    hairs: float
    change: float
    terminal: float
    resting: float | None
    empty: float | None
    diameter: float | None


class Week(Model):
    """The week that is looked at.

    Attributes
    ----------
    week : int
        Which.
    courses : tuple of Numbers
        The treated one first.
    difference : float or None
        Hairs with treatment beyond those without [1/cm2]; None where nothing is given.
    """

    week: int
    courses: tuple[Numbers, ...]
    difference: float | None


class Curve(Model):
    """One quantity of one course over all weeks.

    Attributes
    ----------
    course : str
        "with", "without" or "stopped".
    quantity : str
        "hairs", or the endpoint by which a change is seen.
    weeks : tuple of float
        From 0 to the last.
    values : tuple of float
        Of the person, central values.
    low : tuple of float
        Lower ends of the band; empty where there is none.
    high : tuple of float
        Upper ends.
    """

    course: str
    quantity: str
    weeks: tuple[float, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


class Hundred(Model):
    """Of a hundred people like the person, in one week of one course.

    Attributes
    ----------
    course : str
        "with" or "without".
    week : int
        Which.
    gain : int
        Seen to gain.
    stay : int
        Neither.
    lose : int
        Seen to lose.
    error : float
        Monte-Carlo standard error of those who gain.
    """

    course: str
    week: int
    gain: int
    stay: int
    lose: int
    error: float


class People(Model):
    """People like the person.

    Attributes
    ----------
    followed : int
        How many, in all draws.
    draws : int
        Parameter draws.
    hundred : tuple of Hundred
        By course, in the week that is looked at.
    months : str
        When something is seen, in a sentence; "" where nothing is given.
    definition : str
        What a visible change is.
    """

    followed: int
    draws: int
    hundred: tuple[Hundred, ...]
    months: str
    definition: str


class Therapy(Model):
    """What is known of one therapy.

    Attributes
    ----------
    title : str
        In words.
    cost : str
        Of a month.
    certainty : str
        GRADE level in people like the person; "not set" where it has none.
    means : str
        What that level means.
    reasons : str
        Why it is no higher.
    evidence : str
        Sentences.
    grade : str
        Letter of the evidence.
    forbidden : tuple of str
        Why it must not be given, and whom that concerns.
    careful : tuple of str
        What to bear in mind.
    unlike : tuple of str
        How the person is unlike those studied.
    """

    title: str
    cost: str
    certainty: str
    means: str
    reasons: str
    evidence: str
    grade: str
    forbidden: tuple[str, ...]
    careful: tuple[str, ...]
    unlike: tuple[str, ...]


class Beside(Model):
    """What stands beside the course.

    Attributes
    ----------
    therapies : tuple of Therapy
        One for each.
    cost : str
        Of a month of all.
    harms : tuple of str
        In plain words, the most frequent first.
    any_harm : str
        How many are seen with any.
    left : str
        How many stop for one.
    stopping : str
        What stopping does, in a sentence; "" where it is not shown.
    """

    therapies: tuple[Therapy, ...]
    cost: str
    harms: tuple[str, ...]
    any_harm: str
    left: str
    stopping: str


class ClinicView(Model):
    """One person with a treatment and without.

    Attributes
    ----------
    person : str
        In words.
    treated : bool
        Whether anything is given.
    answer : str
        The course in a sentence.
    week : Week
        The week that is looked at.
    curves : tuple of Curve
        Hairs, and what is seen, of every course.
    people : People or None
        People like the person; None until they have been followed.
    beside : Beside
        Harms, cost, certainty.
    drawn : str
        What of the picture is drawing and not model.
    """

    person: str
    treated: bool
    answer: str
    week: Week
    curves: tuple[Curve, ...]
    people: People | None
    beside: Beside
    drawn: str = DRAWN


def view_of(case: Case, week: int) -> ClinicView:
    """Everything that the Clinic shows of a question.

    Parameters
    ----------
    case : Case
        The question.
    week : int
        Week that is looked at.

    Returns
    -------
    ClinicView
        With people like the person where they have been followed.
    """
    spread = case.spread()
    return ClinicView(
        person=case.asked.person.words(),
        treated=case.asked.treated,
        answer=_answer(case, spread),
        week=week_of(case, week),
        curves=curves_of(case, spread),
        people=None if spread is None else people_of(case, spread, week),
        beside=_beside(case),
    )


def week_of(case: Case, week: int) -> Week:
    """Numbers of every course in a week.

    Parameters
    ----------
    case : Case
        The question.
    week : int
        Which.

    Returns
    -------
    Week
        From the follicles that the scalps show.
    """
    found: list[Numbers] = []
    for name in case.names:
        counts = case.counts(name)
        row = {column: float(counts[column].to_numpy()[week]) for column in counts.columns}
        found.append(
            Numbers(
                course=name,
                hairs=row["hairs"],
                change=row["hairs"] - float(counts["hairs"].to_numpy()[0]),
                terminal=row["terminal"],
                **{part: row[part] if math.isfinite(row[part]) else None for part in ("resting", "empty", "diameter")},
            )
        )
    hairs = {numbers.course: numbers.hairs for numbers in found}
    return Week(week=week, courses=tuple(found), difference=hairs[WITH] - hairs[WITHOUT] if WITH in hairs else None)


def curves_of(case: Case, spread: Spread | None) -> tuple[Curve, ...]:
    """Hairs and what is seen over all weeks, with bands where people have been followed.

    Parameters
    ----------
    case : Case
        The question.
    spread : Spread or None
        The person under parameter draws.

    Returns
    -------
    tuple of Curve
        Of every course.
    """
    judged = judged_by(case.asked.person.condition)
    weeks = tuple(case.asked.weeks.astype(float).tolist())
    bands = None if spread is None or spread.draws < LEAST_DRAWS else spread.bands()
    found: list[Curve] = []
    for quantity, kind in (("hairs", "change"), (judged, "judged")):
        for name in case.names:
            values = case.counts(name)["hairs"].to_numpy() if quantity == "hairs" else case.read(name)[judged]
            ends: dict[str, tuple[float, ...]] = {}
            if bands is not None and spread is not None and name in spread.changes:
                own = bands[bands["course"] == name]
                ends = {
                    end: tuple(np.clip(values[0] + own[f"{kind}_{end}"].to_numpy(), *BOUNDS[quantity]).tolist())
                    for end in ("low", "high")
                }
            found.append(
                Curve(course=name, quantity=quantity, weeks=weeks, values=tuple(np.asarray(values).tolist()), **ends)
            )
    return tuple(found)


def people_of(case: Case, spread: Spread, week: int) -> People:
    """People like the person in a week.

    Parameters
    ----------
    case : Case
        The question.
    spread : Spread
        People who were followed.
    week : int
        Which.

    Returns
    -------
    People
        As whole people of a hundred.
    """
    rows = spread.hundred()
    found: list[Hundred] = []
    for name in spread.seen:
        own = rows[(rows["course"] == name) & (rows["week"] == week)]
        gain, stay, lose = of_hundred([float(own[word].to_numpy()[0]) for word in ("gain", "stay", "lose")])
        error = 100.0 * float(own["gain_error"].to_numpy()[0])
        found.append(Hundred(course=name, week=week, gain=gain, stay=stay, lose=lose, error=error))
    asked = case.asked
    return People(
        followed=spread.people,
        draws=spread.draws,
        hundred=tuple(found),
        months=seen_words(spread) if asked.treated else "",
        definition=definition(judged_by(asked.person.condition), asked.scene(0).values),
    )


def to_follow() -> str:
    """What is followed in the background, in words."""
    return f"{DRAWS * EACH} people like this, under {DRAWS} draws of the parameters"


def _answer(case: Case, spread: Spread | None) -> str:
    """The course in a sentence or two, of a year: hairs, or SALT where the disease comes in patches."""
    week = min(52, int(case.asked.weeks[-1]))
    patches = judged_by(case.asked.person.condition) == MAP
    at = {name: case.read(name)[MAP] if patches else case.counts(name)["hairs"].to_numpy() for name in case.names}
    now, without = (number(float(at[WITHOUT][when]), 0) for when in (0, week))
    told = f"SALT {now} now" if patches else f"{now} hairs/cm² now"
    if WITH not in at:
        return f"{told}, {without} after a year without treatment."
    told = f"{told}; after a year {number(float(at[WITH][week]), 0)} with treatment, {without} without."
    if spread is None or spread.draws < LEAST_DRAWS:
        return told
    bands = spread.bands()
    own = bands[(bands["course"] == "difference") & (bands["week"] == week)]
    kind = "judged" if patches else "change"
    low, high = (float(own[f"{kind}_{end}"].to_numpy()[0]) for end in ("low", "high"))
    return f"{told} Difference over {spread.draws} draws of what is not known: {interval(low, high, 0)} (90 %)."


def _beside(case: Case) -> Beside:
    facts: Facts = case.facts()
    return Beside(
        therapies=tuple(
            Therapy(
                title=known.title,
                cost="not set" if known.cost is None else _euros(known.cost),
                certainty=known.certainty or "not set",
                means=known.means,
                reasons=known.reasons,
                evidence=known.evidence,
                grade=known.grade,
                forbidden=known.forbidden,
                careful=known.careful,
                unlike=known.unlike,
            )
            for known in facts.therapies
        ),
        cost=facts.cost_words(),
        harms=tuple(map(Harm.words, facts.harms)),
        any_harm=in_hundred(facts.any_harm[0]),
        left=in_hundred(facts.left),
        stopping=_stopping(case),
    )


def _stopping(case: Case) -> str:
    """What stopping does to the person's hairs, in a sentence."""
    stop = case.asked.stop
    if STOPPED not in case.names or stop is None:
        return ""
    last, at = int(case.asked.weeks[-1]), round(stop)
    hairs = {name: case.counts(name)["hairs"].to_numpy() for name in case.names}
    if not case.asked.courses()[STOPPED]:
        return "Nothing has been given by then."
    gained = float(hairs[WITH][at] - hairs[WITHOUT][at])
    kept = float(hairs[STOPPED][last] - hairs[WITHOUT][last])
    going_on = float(hairs[WITH][last] - hairs[WITHOUT][last])
    months = number((last - at) / WEEKS_A_MONTH, 0)
    return (
        f"Stopped in week {at}, {number(gained, 0, signed=True)} hairs/cm² beyond no treatment become "
        f"{number(kept, 0, signed=True)} within {months} months; going on, they are {number(going_on, 0, signed=True)}."
    )


def _euros(cost: tuple[float, float]) -> str:
    low, high = cost
    return f"EUR {number(low, 0)} to {number(high, 0)} a month"


def unit_of(quantity: str) -> tuple[str, bool]:
    """Words for a quantity of a curve, and whether its values are whole numbers.

    Parameters
    ----------
    quantity : str
        "hairs", "coverage" or "salt".

    Returns
    -------
    tuple
        Words; True for whole numbers.
    """
    if quantity == "hairs":
        return "hairs per cm²", True
    return ("share of scalp hidden by hair", False) if quantity == COVERED else ("SALT: % of scalp bare", True)
