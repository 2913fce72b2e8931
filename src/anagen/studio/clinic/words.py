"""Sentences of the Clinic: the answer, what stopping does, cost, what a curve shows."""

from __future__ import annotations

from anagen.analysis.bands import LEAST_DRAWS
from anagen.prognoses.asked import STOPPED, WITH, WITHOUT
from anagen.prognoses.sentences import WEEKS_A_MONTH
from anagen.prognoses.spread import DRAWS, EACH, Spread
from anagen.prognoses.visible import COVERED, MAP, judged_by
from anagen.reports.numbers import interval, number
from anagen.studio.clinic.case import Case


def to_follow() -> str:
    """What is followed in the background, in words."""
    return f"{DRAWS * EACH} people like this, under {DRAWS} draws of the parameters"


def answer_of(case: Case, spread: Spread | None) -> str:
    """The course in a sentence or two, of a year: hairs, or SALT where the disease comes in patches."""
    week = year_of(case)
    patches = judged_by(case.asked.person.condition) == MAP
    at = {name: case.read(name)[MAP] if patches else case.counts(name)["hairs"].to_numpy() for name in case.names}
    now, without = (number(float(at[WITHOUT][when]), 0) for when in (0, week))
    told = f"This one simulated person: SALT {now} now" if patches else f"{now} hairs/cm² now"
    if WITH not in at:
        return f"{told}, {without} after a year without treatment."
    told = f"{told}; after a year {number(float(at[WITH][week]), 0)} with treatment, {without} without."
    if spread is None or spread.draws < LEAST_DRAWS:
        return told
    bands = spread.bands
    own = bands[(bands["course"] == "difference") & (bands["week"] == week)]
    kind = "judged" if patches else "change"
    low, high = (float(own[f"{kind}_{end}"].to_numpy()[0]) for end in ("low", "high"))
    return (
        f"{told} The difference may be anything from {interval(low, high, 0)} by what is not known of biology and "
        f"treatment (90 % of {spread.draws} draws)."
    )


def stopping_of(case: Case) -> str:
    """What stopping does to the person's hairs, in a sentence."""
    stop = case.asked.stop
    if STOPPED not in case.names or stop is None:
        return ""
    last, at = int(case.asked.weeks[-1]), round(stop)
    months = number((last - at) / WEEKS_A_MONTH, 0)
    if judged_by(case.asked.person.condition) == MAP and case.asked.courses()[STOPPED]:
        salt = {name: case.read(name)[MAP] for name in case.names}
        then, kept, on, none = (
            number(float(salt[name][week]), 0)
            for name, week in ((WITH, at), (STOPPED, last), (WITH, last), (WITHOUT, last))
        )
        return (
            f"Stopped in week {at} with SALT {then}, this one person has SALT {kept} after {months} more months; "
            f"going on {on}, never treated {none}."
        )
    hairs = {name: case.counts(name)["hairs"].to_numpy() for name in case.names}
    if not case.asked.courses()[STOPPED]:
        return "Nothing has been given by then."
    gained = float(hairs[WITH][at] - hairs[WITHOUT][at])
    kept = float(hairs[STOPPED][last] - hairs[WITHOUT][last])
    going_on = float(hairs[WITH][last] - hairs[WITHOUT][last])
    return (
        f"Stopped in week {at}, {number(gained, 0, signed=True)} hairs/cm² beyond no treatment become "
        f"{number(kept, 0, signed=True)} within {months} months; going on, they are {number(going_on, 0, signed=True)}."
        " One person on 1 cm²: some hairs more or fewer are luck."
    )


def year_of(case: Case) -> int:
    """The week that sentences of a year tell: 52, or the last."""
    return min(52, int(case.asked.weeks[-1]))


def euros(cost: tuple[float, float]) -> str:
    """Cost of a month, in words."""
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
