"""What the Clinic shows, as plain values: the same for the page and for programs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from anagen.prognoses.scalp import DRAWN


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
    salt : float or None
        Percentage of the scalp that is bare; None where the disease does not come in patches.
    """

    course: str
    hairs: float
    change: float
    terminal: float
    resting: float | None
    empty: float | None
    diameter: float | None
    salt: float | None = None


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
        The course in a sentence: the person's, or in patches what becomes of people alike once they are followed.
    more : str
        The other of the two; "" until people are followed.
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
    more: str
    week: Week
    curves: tuple[Curve, ...]
    people: People | None
    beside: Beside
    drawn: str = DRAWN
