"""Table of adverse events and the words around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from anagen.reports.cells import Table, figure, grouped, words
from anagen.reports.numbers import DASH, NBSP, decimals_for, interval, is_number, number
from anagen.reports.outline import Outline
from anagen.reports.wording import sentence_case

if TYPE_CHECKING:
    from anagen.results.contents import ResultContents

NOTE = (
    "Each patient counts once per event, at its first occurrence, whatever its cause. A patient-year ends with the "
    "event, with leaving or with the last visit. Where nobody had an event, the rule of three gives the upper end of a "
    "one-sided 95 % interval, 3/n. Intervals are not adjusted for the number of events."
)


def safety_table(safety: pd.DataFrame, outline: Outline) -> Table:
    """Adverse events by event and arm: share, rate and difference with intervals, and the expected share."""
    level = outline.confidence_text
    rows = []
    for _, row in safety.iterrows():
        heading = sentence_case(str(row["title"])) + (" (scenario)" if row["scenario"] else "")
        rows.append(
            (
                heading,
                (
                    words(row["arm"]),
                    figure(f"{int(row['with_event'])} of {int(row['n'])}"),
                    figure(share_text(row)),
                    figure(rate_text(row)),
                    figure(difference_text(row)),
                    figure(expected_text(row)),
                ),
            )
        )
    columns = (
        "Arm",
        "Patients",
        f"Share, % ({level} CI)",
        f"Per 100 patient-years ({level} CI)",
        f"Difference from control, percentage points ({level} CI)",
        "Expected, % (90 % range, parameters)",
    )
    return Table("Adverse events of the first replicate", columns, grouped(rows), NOTE)


def share_text(row: pd.Series) -> str:
    """Share in per cent with its interval, or the rule of three."""
    if is_number(row["zero_upper"]):
        return f"0 (3/n: below {number(100 * row['zero_upper'], 1)})"
    return (
        f"{number(100 * row['share'], 1)} ({interval(100 * row['share_low'], 100 * row['share_high'], signed=False)})"
    )


def rate_text(row: pd.Series) -> str:
    """Rate per 100 patient-years with its interval."""
    if not is_number(row["rate"]):
        return DASH
    digits = decimals_for(row["rate_high"] - row["rate_low"])
    bounds = interval(row["rate_low"], row["rate_high"], digits, signed=False)
    return f"{number(row['rate'], digits)} ({bounds})"


def difference_text(row: pd.Series) -> str:
    """Difference from control in percentage points with its interval; a dash for the control arm."""
    if not is_number(row["difference"]):
        return DASH
    bounds = interval(100 * row["difference_low"], 100 * row["difference_high"])
    return f"{number(100 * row['difference'], 1, signed=True)} ({bounds})"


def expected_text(row: pd.Series) -> str:
    """Expected share in per cent with its range over the parameters; a dash where there is none."""
    if not is_number(row["expected"]):
        return DASH
    digits = max(1, decimals_for(100 * row["expected"] / 3.0))
    text = number(100 * row["expected"], digits)
    if not is_number(row["parameter_low"]):
        return text
    return f"{text} ({interval(100 * row['parameter_low'], 100 * row['parameter_high'], digits, signed=False)})"


def safety_paragraphs(contents: ResultContents, outline: Outline) -> list[str]:
    """What a reader must know of the adverse events: what they rest on, who left, scenarios and warnings."""
    from anagen.study.safety_rules import warnings_of

    sentences = [
        "Rates of adverse events come from publications where there are any and are assumptions otherwise; the table "
        "of parameters gives source and grade of each. What needle, laser or vehicle does belongs to the route and "
        "so to the control arm as well. How often an event is reported also depends on whether patients are asked."
    ]
    sentences += routes_of_harms(contents.study)
    left = contents.flow.get("dropped_out_for_adverse_events") or {}
    gone = [f"{arm} {int(n)}" for arm, n in cast("Mapping[str, Any]", left).items() if is_number(n) and int(n)]
    sentences.append(
        f"Discontinued because of an adverse event: {', '.join(gone) if gone else 'nobody'}.".replace(" %", f"{NBSP}%")
    )
    scenarios = (contents.study.get("safety") or {}).get("scenarios") or ()
    if scenarios:
        sentences.append(
            f"Rare-event scenario{'s' if len(scenarios) > 1 else ''} on: {', '.join(map(str, scenarios))}. Such events "
            "are on record without a denominator, so their rate is an assumption and no estimate."
        )
    sentences += [f"{sentence_case(warning)}." for warning in warnings_of(dict(contents.study))]
    return sentences


def routes_of_harms(study: Mapping[str, Any]) -> list[str]:
    """By which route each arm is given what does other harm by other routes, with the harms of that route.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.

    Returns
    -------
    list of str
        Sentences; empty where no therapy of the study does other harm by other routes.

    Examples
    --------
    >>> routes_of_harms({"arms": [{"name": "drug", "therapies": [{"therapy": "finasteride", "route": "topical"}]}]})
    ['Harms of finasteride in drug, applied to the scalp: decreased libido, erectile dysfunction.']
    """
    from anagen.delivery import ROUTES
    from anagen.therapies import THERAPIES

    sentences: list[str] = []
    for arm in study.get("arms") or ():
        uses = [*(arm.get("therapies") or ()), *((arm.get("rescue") or {}).get("therapies") or ())]
        for use in uses:
            therapy, route = THERAPIES[use["therapy"]], use["route"]
            if all(not event.routes for event in therapy.harms):
                continue
            own = dict.fromkeys(
                event.title
                for event in therapy.harms
                if (not event.routes or route in event.routes) and event.scenario is None
            )
            way = ROUTES[route].way_of(therapy)
            where = f"{arm['name']}, {way}" if way else arm["name"]
            sentences.append(f"Harms of {therapy.title} in {where}: {', '.join(own) or 'none known'}.")
    return list(dict.fromkeys(sentences))
