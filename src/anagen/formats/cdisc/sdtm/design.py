"""TA, TE and TV: arms, elements and visits as they were planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.findings import visit_columns
from anagen.formats.cdisc.trial import Trial
from anagen.formats.cdisc.variables import Made, made


@dataclass(frozen=True, slots=True)
class Element:
    """A stretch of a trial.

    Attributes
    ----------
    code : str
        ETCD.
    name : str
        ELEMENT.
    epoch : str
        EPOCH.
    starts : str
        What begins it.
    ends : str
        What ends it.
    days : int or None
        Its length; None where it is open.
    leads_to : str
        Who goes on with another element than the next.
    branch : str
        How subjects come to be in the arm behind it.
    """

    code: str
    name: str
    epoch: str
    starts: str
    ends: str
    days: int | None
    leads_to: str = ""
    branch: str = ""


def arms_planned(trial: Trial) -> dict[tuple[str, str], list[Element]]:
    """Code and name of every arm -> its elements in order.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    dict
        Of a crossover one arm for each sequence, of a split scalp one for all sides.
    """
    plan, names = trial.plan, trial.arm_names
    given = [_treatment(trial, place) for place in range(len(names))]
    if plan.split_scalp:
        together = " and ".join(names) + ", side by side"
        return {("SPLIT", together): [_screening(trial, together), _whole(trial, "TRT", together)]}
    if plan.crossover:
        arms: dict[tuple[str, str], list[Element]] = {}
        for one, other in ((0, 1), (1, 0)):
            name = f"{names[one]} then {names[other]}"
            parts = [_screening(trial, name), _whole(trial, f"TRT{1 + one}", names[one], "TREATMENT 1")]
            if plan.second > plan.weeks[-1]:
                pause = round((plan.second - float(plan.weeks[-1])) * DAYS_PER_WEEK)
                parts.append(Element("WASH", "Wash-out", "WASHOUT", "Last visit of period 1", "Period 2 begins", pause))
            parts.append(_whole(trial, f"TRT{1 + other}", names[other], "TREATMENT 2"))
            arms[f"A{1 + one}-A{1 + other}", name] = parts
        return arms
    return {(f"A{1 + place}", name): [_screening(trial, name), *given[place]] for place, name in enumerate(names)}


def _screening(trial: Trial, arm: str) -> Element:
    wash_in = trial.study.design.wash_in
    name = "Screening" if wash_in is None else "Screening and wash-in"
    days = None if wash_in is None else round(wash_in * DAYS_PER_WEEK)
    return Element("SCRN", name, "SCREENING", "Informed consent", "Baseline", days, branch=f"Randomized to {arm}")


def _whole(trial: Trial, code: str, name: str, epoch: str = "TREATMENT") -> Element:
    return Element(code, name, epoch, "Baseline of the period", "Last visit of the period", trial.last_day)


def _treatment(trial: Trial, place: int) -> list[Element]:
    """Elements of treatment of an arm; two where its subjects may go on with a rescue."""
    rescue = next((each for each in trial.plan.rescues if each.arm == place), None)
    own = _whole(trial, f"TRT{1 + place}", trial.arm_names[place])
    if rescue is None:
        return [own]
    rule, day = rescue.rule, round(rescue.rule.week * DAYS_PER_WEEK)
    below = rule.change_below is not None
    change = f"less than {rule.change_below:g}" if below else f"more than {rule.change_above:g}"
    endpoint = rule.endpoint.replace("_", " ")
    leads_to = f"To RESC{1 + place} at week {rule.week:g} where {endpoint} has changed by {change}; else goes on"
    rest = Element(
        f"RESC{1 + place}", "Rescue", "TREATMENT", f"Too little change at week {rule.week:g}", "Last visit",
        trial.last_day - day,
    )  # fmt: skip
    return [replace(own, leads_to=leads_to), rest]


def trial_arms(trial: Trial) -> Made:
    """TA.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        One record per planned element per arm.
    """
    rows = [
        {
            "STUDYID": trial.identifier, "DOMAIN": "TA", "ARMCD": code, "ARM": name, "TAETORD": order,
            "ETCD": element.code, "ELEMENT": element.name, "TABRANCH": element.branch,
            "TATRANS": element.leads_to, "EPOCH": element.epoch,
        }
        for (code, name), elements in arms_planned(trial).items()
        for order, element in enumerate(elements, 1)
    ]  # fmt: skip
    return made("TA", pd.DataFrame(rows), trial.number)


def trial_elements(trial: Trial) -> Made:
    """TE.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        One record per element.
    """
    elements = {element.code: element for element in _elements(trial)}
    rows = [
        {
            "STUDYID": trial.identifier, "DOMAIN": "TE", "ETCD": code, "ELEMENT": element.name,
            "TESTRL": element.starts, "TEENRL": element.ends,
            "TEDUR": "" if element.days is None else f"P{element.days}D",
        }
        for code, element in elements.items()
    ]  # fmt: skip
    return made("TE", pd.DataFrame(rows), trial.number)


def _elements(trial: Trial) -> Iterator[Element]:
    for elements in arms_planned(trial).values():
        yield from elements


def trial_visits(trial: Trial) -> Made:
    """TV.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        One record per planned visit, of both periods of a crossover.
    """
    weeks = trial.plan.weeks.tolist()
    begins = [(1, 0)] + ([(2, round(trial.plan.second * DAYS_PER_WEEK))] if trial.plan.crossover else [])
    rows = pd.DataFrame([{"week": w, "period": period, "begin": begin} for period, begin in begins for w in weeks])
    table = visit_columns(trial, rows).drop(columns=["day", "EPOCH"])
    window = trial.study.measurement.window
    about = "" if window is None else f", within {in_ascii(window.text, 'measurement.window')}"
    rules = ["Baseline" if week == 0.0 else f"{week:g} weeks after baseline{about}" for week in rows["week"]]
    table = table.assign(STUDYID=trial.identifier, DOMAIN="TV", TVSTRL=rules)
    return made("TV", table, trial.number)
