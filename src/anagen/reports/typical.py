"""Three patients of a treated arm, before and after: one who gained much, the median, and one who gained little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.core.errors import InputError
from anagen.reports.figures.individual_changes import individual_data
from anagen.reports.numbers import number
from anagen.reports.outline import Outline
from anagen.reports.page import DrawnFigure
from anagen.reports.pictures import NOTE
from anagen.reports.sitting import sitting_of
from anagen.reports.wording import EndpointName
from anagen.scalp.picture.page import Panel, page
from anagen.scalp.picture.svg import to_svg

if TYPE_CHECKING:
    from anagen.results.contents import ResultContents

NAME = "scalps"
FEWEST = 5
"""Measured patients of an arm below which nobody is typical."""
SHARES = ((0.9, "Gained more than nine of ten"), (0.5, "The median"), (0.1, "Gained less than nine of ten"))
LARGEST = 400_000
"""Bytes above which the pictures are left to the command."""


def typical_scalps(contents: ResultContents, outline: Outline, name: EndpointName) -> DrawnFigure:
    """Draw three patients of the first treated arm at baseline and at the week of the primary endpoint.

    Parameters
    ----------
    contents : ResultContents
        Of a run.
    outline : Outline
        Of its study.
    name : EndpointName
        Of the primary endpoint.

    Returns
    -------
    DrawnFigure
        As SVG, or why nobody is drawn.
    """
    try:
        chosen = typical_patients(contents, outline, rising=name.rising)
        if isinstance(chosen, str):
            return DrawnFigure(NAME, "", reason=chosen)
        week = outline.primary.week
        sitting = sitting_of(contents, 0, weeks=[0.0, week], view="phototrichogram", days=(3,))
        rows: list[tuple[str, list[Panel]]] = []
        for words, row, change in chosen:
            ((_, panels),) = sitting.drawn(row, [str(row["arm"])]).rows
            told = f"{words}: patient {int(row['patient'])}, measured change {number(change, signed=True)} {name.unit}"
            rows.append((told.rstrip(), panels))
    except InputError as error:
        return DrawnFigure(NAME, "", reason=f"No scalp is drawn: {error.problems[0].message}.")
    arm = str(chosen[0][1]["arm"])
    about = sitting.about("patients " + ", ".join(str(int(row["patient"])) for _, row, _ in chosen))
    svg = to_svg(page(rows, f"Three patients under {arm}, {NOTE}", about))
    if len(svg) > LARGEST:
        command = "`anagen picture` draws one patient"
        return DrawnFigure(NAME, "", reason=f"The target area holds too many hairs to be drawn here; {command}.")
    alt = (
        f"Simulated scalps of three patients under {arm} at weeks 0 and {week:g}, three days after shaving: "
        + "; ".join(f"{title}, {panels[0].foot} before, {panels[-1].foot} after" for title, panels in rows)
    )
    return DrawnFigure(NAME, alt, svg)


def typical_patients(
    contents: ResultContents, outline: Outline, *, rising: bool
) -> list[tuple[str, pd.Series, float]] | str:
    """The patients at three ranks of the measured change of the primary endpoint, in the first treated arm.

    Parameters
    ----------
    contents : ResultContents
        Of a run.
    outline : Outline
        Of its study.
    rising : bool
        Whether a rise is the wanted change.

    Returns
    -------
    list of tuple or str
        In words which one, row of the table `patients`, and change; or why there is none.
    """
    arms, choice = outline.treated or outline.arms, outline.primary
    changes = individual_data(contents.first("visits"), choice.endpoint, "change", choice.week, zone=outline.zone)
    patients = contents.first("patients")
    patients = patients[patients["arm"].astype(str) == arms[0]]
    if "event" in patients:
        # who went over to another course is not the arm's typical patient
        patients = patients[patients["event"].isna() | (patients["event"].astype(str) == "")]
    if "rescued" in patients:
        patients = patients[~patients["rescued"].astype(bool)]
    if "period" in patients:
        # in a crossover, what the other arm left behind is there in the second period
        patients = patients[patients["period"] == 1]
    changes = changes[(changes["arm"] == arms[0]) & changes["patient"].isin(patients["patient"])]
    if len(changes) < FEWEST:
        return f"Fewer than {FEWEST} patients under {arms[0]} were measured before and after, so that none is typical."
    ordered = changes.iloc[np.argsort(changes["value"].to_numpy() * (1.0 if rising else -1.0), kind="stable")]
    chosen: list[tuple[str, pd.Series, float]] = []
    for share, words in SHARES:
        one = ordered.iloc[round(share * (len(ordered) - 1))]
        row = patients[patients["patient"] == one["patient"]].iloc[0]
        chosen.append((words, row, float(one["value"])))
    return chosen
