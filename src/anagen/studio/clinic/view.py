"""From a question of the Clinic to what it shows."""

from __future__ import annotations

import math

import numpy as np

from anagen.analysis.bands import LEAST_DRAWS
from anagen.prognoses.asked import WITH, WITHOUT
from anagen.prognoses.facts import Facts, Harm, in_hundred
from anagen.prognoses.sentences import of_hundred, seen_words
from anagen.prognoses.spread import Spread
from anagen.prognoses.visible import BOUNDS, MAP, definition, judged_by
from anagen.studio.clinic.case import Case
from anagen.studio.clinic.models import Beside, ClinicView, Curve, Hundred, Numbers, People, Therapy, Week
from anagen.studio.clinic.words import answer_of, euros, stopping_of, year_of


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
    own, alike = answer_of(case, spread), _alike(case, spread)
    if alike and judged_by(case.asked.person.condition) == MAP:
        # patches come and go by chance, so that one person tells little
        own, alike = alike, own
    return ClinicView(
        person=case.asked.person.words(),
        treated=case.asked.treated,
        answer=own,
        more=alike,
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
    patches = judged_by(case.asked.person.condition) == MAP
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
                salt=float(case.read(name)[MAP][week]) if patches else None,
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
    bands = None if spread is None or spread.draws < LEAST_DRAWS else spread.bands
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


def _alike(case: Case, spread: Spread | None) -> str:
    """What becomes of a hundred people alike in a year, in a sentence; empty until they are followed."""
    if spread is None:
        return ""
    gains = {one.course: one.gain for one in people_of(case, spread, year_of(case)).hundred}
    what = "have half their SALT or less" if judged_by(case.asked.person.condition) == MAP else "gain visibly"
    if WITH not in gains:
        return f"Of 100 people like this, {gains[WITHOUT]} {what} after a year without treatment."
    return f"Of 100 people like this, {gains[WITH]} {what} after a year with treatment, {gains[WITHOUT]} without."


def _beside(case: Case) -> Beside:
    facts: Facts = case.facts()
    return Beside(
        therapies=tuple(
            Therapy(
                title=known.title,
                cost="not set" if known.cost is None else euros(known.cost),
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
        stopping=stopping_of(case),
    )
