"""A prognosis in sentences, for the terminal as for a page."""

from __future__ import annotations

import math

import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.prognoses.asked import WITH, WITHOUT, Asked
from anagen.prognoses.spread import Spread
from anagen.reports.numbers import interval, number

WEEKS_A_MONTH = 365.25 / 12.0 / 7.0


def answer(asked: Asked, table: pd.DataFrame, spread: Spread | None) -> str:
    """The answer in a sentence or two, of the last week.

    Parameters
    ----------
    asked : Asked
        The question.
    table : pandas.DataFrame
        From `result.table_of`.
    spread : Spread or None
        Under parameter draws.

    Returns
    -------
    str
        What the person has with and without, and what becomes of people alike.
    """
    last = int(asked.weeks[-1])
    start = float(table["hairs"].iloc[0])
    without = f"{number(at(table, WITHOUT, last, 'hairs'), 0)} hairs/cm² without treatment"
    who = f"This simulated {'man' if asked.person.sex == 'male' else 'woman'} has {number(start, 0)} hairs/cm² now"
    if not asked.treated:
        return f"{who}, and in week {last} {without}."
    told = f"{who}, and in week {last} {number(at(table, WITH, last, 'hairs'), 0)} with treatment and {without}"
    parts = [f"{told}{difference_words(spread, last)}."]
    if spread is not None:
        parts.append(hundred_words(spread, last))
    return " ".join(parts)


def difference_words(spread: Spread | None, week: int) -> str:
    """The band of the difference in brackets; empty where there is none.

    Parameters
    ----------
    spread : Spread or None
        Under parameter draws.
    week : int
        Which.

    Returns
    -------
    str
        With a space before it.
    """
    if spread is None or spread.draws < LEAST_DRAWS or WITH not in spread.changes:
        return ""
    bands = spread.bands
    ends = interval(at(bands, "difference", week, "change_low"), at(bands, "difference", week, "change_high"), 0)
    return f" (difference over {spread.draws} parameter draws: {ends}, 90 %)"


def hundred_words(spread: Spread, week: int) -> str:
    """How many of a hundred people like the person are seen to gain, stay and lose.

    Parameters
    ----------
    spread : Spread
        Under parameter draws.
    week : int
        Which.

    Returns
    -------
    str
        A sentence or two, with the Monte-Carlo error.
    """
    rows = spread.hundred()
    sentences: list[str] = []
    for name, words in ((WITH, "with treatment"), (WITHOUT, "without")):
        if name in spread.seen:
            gain, stay, lose = of_hundred([at(rows, name, week, word) for word in ("gain", "stay", "lose")])
            error = 100.0 * at(rows, name, week, "gain_error")
            sentences.append(f"{words} {gain} (± {number(error, 0)}) are seen to gain, {stay} stay, {lose} lose")
    return f"Of 100 people like this, {'; '.join(sentences)}."


def at(rows: pd.DataFrame, course: str, week: int, column: str) -> float:
    """One number of a table with a row for each course and week.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns course, week and the column.
    course : str
        Which.
    week : int
        Which.
    column : str
        Which.

    Returns
    -------
    float
        The number.
    """
    own = rows.loc[((rows["course"] == course) & (rows["week"] == week)).to_numpy(), column]
    return float(own.to_numpy(float)[0])


def of_hundred(shares: list[float]) -> list[int]:
    """Shares as whole people of a hundred, which they add up to: the largest remainders are rounded up.

    Parameters
    ----------
    shares : list[float]
        Adding up to 1.

    Returns
    -------
    list[int]
        Adding up to 100.

    Examples
    --------
    >>> of_hundred([0.335, 0.335, 0.33])
    [34, 33, 33]
    """
    exact = [100.0 * share for share in shares]
    people = [math.floor(value + 1e-9) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (people[i] - exact[i], i))
    for i in by_rest[: 100 - sum(people)]:
        people[i] += 1
    return people


def seen_words(spread: Spread) -> str:
    """When a gain is seen, in months.

    Parameters
    ----------
    spread : Spread
        Under parameter draws.

    Returns
    -------
    str
        A sentence.
    """
    told = spread.until_seen()
    if not math.isfinite(told["median"]):
        few = number(100.0 * told["share"], 0)
        return f"A gain large enough to be seen comes in {few} of 100: too few to say when."
    middle, low, high = (number(told[name] / WEEKS_A_MONTH, 0) for name in ("median", "low", "high"))
    return (
        f"In {number(100.0 * told['share'], 0)} of 100 a gain large enough to be seen lasts for three months or more; "
        f"half of these have it within {middle} months (90 %: {low} to {high})."
    )
