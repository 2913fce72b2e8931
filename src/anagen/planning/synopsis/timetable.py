"""The schedule of enrolment, treatments and assessments, as SPIRIT draws it: periods across, what happens down."""

from __future__ import annotations

from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer
from anagen.planning.synopsis.facts import Facts
from anagen.planning.wording import name_of_choice
from anagen.study.treatment import TherapyUse

MOST_COLUMNS = 15
"""Weeks that have a column each; with more, sessions stand at the visit before them, with their number."""
DONE, DURING = "X", "→"
ENROLMENT, ALLOCATION = "enrolment", "allocation"


def timeline(facts: Facts) -> Answer:
    """Item 18."""
    study = facts.study
    text = [_visits(facts)]
    if study.design.wash_in is not None:
        text.append(f"{study.design.wash_in:g} weeks without treatment pass between enrolment and baseline.")
    if study.measurement.window is not None:
        text.append(f"A visit may take place up to {study.measurement.window.text} before or after its week.")
    return Answer(
        tuple(text), tables=(schedule(facts),), open=("visits for safety alone, and contacts between visits",)
    )


def schedule(facts: Facts) -> Printed:
    """The table of the schedule.

    Parameters
    ----------
    facts : Facts
        The study.

    Returns
    -------
    Printed
        X where something happens in a week, an arrow where patients take something daily from that week on; with more
        than MOST_COLUMNS weeks, how many sessions there are from a visit until the next.
    """
    study = facts.study
    visits = [float(week) for week in study.measurement.visits]
    last = visits[-1]
    at_sessions = {
        round(week, 6) for arm in study.arms for use in arm.therapies for week in _sessions(use) if week < last
    }
    every = sorted({*visits, *at_sessions})
    grouped = len(every) > MOST_COLUMNS
    columns = visits if grouped else every
    header = ("", ENROLMENT, ALLOCATION, *(f"week {week:g}" for week in columns))
    empty = ("",) * len(columns)
    rows: list[tuple[str, ...]] = [
        ("Enrolment", "", "", *empty),
        ("Eligibility", DONE, "", *empty),
        ("Informed consent", DONE, "", *empty),
        ("Allocation", "", DONE, *empty),
        ("Treatments", "", "", *empty),
    ]
    for arm in study.arms:
        for use in arm.therapies:
            rows.append((f"{arm.name}: {use.therapy}", "", "", *_given(use, columns, last, grouped)))
    if facts.study.intercurrent or any(arm.rescue is not None for arm in study.arms):
        weeks = {arm.rescue.week for arm in study.arms if arm.rescue is not None}
        if weeks:
            rows.append(("Decision on rescue", "", "", *(DONE if week in weeks else "" for week in columns)))
    rows.append(("Assessments", "", "", *empty))
    primary = study.endpoints.primary
    for choice in (primary, *study.endpoints.secondary):
        role = " (primary)" if choice is primary else ""
        marks = (("X*" if week == choice.week else DONE) if week in visits else "" for week in columns)
        rows.append((f"{name_of_choice(choice).title}{role}", "", "", *marks))
    rows.append(("Adverse events", "", "", *(DONE if week > 0.0 and week in visits else "" for week in columns)))
    note = "X: takes place. X*: the value that is compared. →: taken by the patient from then on."
    note += " Numbers: sessions until the next visit." if grouped else ""
    return Printed("Schedule of enrolment, treatments and assessments", header, tuple(rows), note)


def _visits(facts: Facts) -> str:
    visits, plan = facts.study.measurement.visits, facts.plan
    text = f"{len(visits)} visits, the first at baseline (week 0), the last in week {visits[-1]:g}."
    if plan.crossover:
        text += f" They are those of a period; the second begins in week {plan.second:g} with its own baseline."
    return text


def _sessions(use: TherapyUse) -> tuple[float, ...]:
    """Weeks of sessions in the clinic; none of what patients take."""
    return () if use.taken else use.schedule.session_weeks()


def _given(use: TherapyUse, columns: list[float], last: float, grouped: bool) -> list[str]:
    """Marks of one therapy."""
    if use.taken or not use.schedule.session_weeks():
        parts = [(part.start, last if part.until is None else part.until) for part in use.schedule.parts]
        if use.taken:
            return [DURING if any(start <= week < end for start, end in parts) else "" for week in columns]
        return ["" for _ in columns]
    weeks = [week for week in _sessions(use) if week < last]
    if not grouped:
        return [DONE if any(abs(week - each) < 1e-5 for each in weeks) else "" for week in columns]
    ends = [*columns[1:], float("inf")]
    counts = [sum(start <= each < end for each in weeks) for start, end in zip(columns, ends, strict=True)]
    return [str(count) if count else "" for count in counts]
