"""The picture of one patient of a run at visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.parameters import Source
from anagen.reports.overhead import how_drawn
from anagen.reports.sitting import sitting_of
from anagen.scalp.picture.looks import VERTEX
from anagen.scalp.picture.page import page
from anagen.scalp.picture.picture import SCALES, ScalpPicture

if TYPE_CHECKING:
    from anagen.results import ResultContents

NOTE = "true to scale. Counts are true values at the visit, before any error of reading."


def picture_of(
    contents: ResultContents,
    patient: int,
    *,
    weeks: Sequence[float] | None = None,
    twins: bool = False,
    view: str = "phototrichogram",
    days: Sequence[float] = (3,),
    replicate: int = 0,
    hair: str | None = None,
    skin: str | None = None,
    scale: float | None = None,
    parameters: Source | None = None,
) -> ScalpPicture:
    """Draw a patient of a run at visits.

    Parameters
    ----------
    contents : ResultContents
        Of the run.
    patient : int
        Number in the table `patients`.
    weeks : Sequence[float] or None
        Visits; the first and that of the primary endpoint where left out.
    twins : bool
        Whether to draw the same patient under every arm.
    view : {"phototrichogram", "trichoscopy", "vertex"}
        Hair shaved on the day of the visit, or grown, or the whole scalp from above.
    days : Sequence[float]
        Days after shaving, 0 and 3; a phototrichogram has one picture for each.
    replicate : int
        Number of the trial.
    hair : {"black", "brown", "blond", "grey"}, optional
        Colour; by ethnicity where left out.
    skin : {"light", "medium", "dark"}, optional
        Colour; by ethnicity where left out.
    scale : float, optional
        Skin to a pixel of the PNG [um], 4 to 100, from above 100 to 2000; 20 and 400 where left out.
    parameters : str, path or ParameterSource, optional
        Where the run's parameters came from, where it was a posterior in a file.

    Returns
    -------
    ScalpPicture
        Whose hairs were counted and are those of the run.

    Raises
    ------
    InputError
        Where the run has no such patient or visit, a name is unknown, its parameters are not at hand, or its readings
        are not met.
    """
    row = _patient_row(contents, patient, replicate)
    sitting = sitting_of(
        contents, replicate, weeks=weeks, view=view, days=days, hair=hair, skin=skin, parameters=parameters
    )
    usual, least, most = SCALES[view]
    if scale is not None and not least <= scale <= most:
        allowed = (f"{least:g} to {most:g} um",)
        raise InputError([Problem(None, None, None, "scale", f"{scale:g} um a pixel is out of bounds", allowed)])
    names = sitting.scene.protocol.arms
    all_of_them = twins or sitting.scene.protocol.split_scalp
    drawn = sitting.drawn(row, [name for name in names if all_of_them or name == str(row["arm"])])
    what = f"{view}, {drawn.look.hair} hair, {NOTE}"
    if view == VERTEX:
        what = f"from above, {drawn.look.hair} hair, {how_drawn(sitting.scene, row)}"
    title = f"{sitting.scene.protocol.study.study}, patient {patient}: {what}"
    sheet = page(drawn.rows, title, sitting.about(f"patient {patient}"))
    return ScalpPicture(sheet, drawn.truth, drawn.counts, drawn.site, usual if scale is None else scale)


def _patient_row(contents: ResultContents, patient: int, replicate: int) -> pd.Series:
    patients = contents.patients
    trials = sorted({int(number) for number in patients["replicate"]})
    if replicate not in trials:
        message = f"the run keeps no patients of trial {replicate}"
        raise InputError([Problem(None, None, None, "replicate", message, tuple(map(str, trials)))])
    of_trial = patients[patients["replicate"] == replicate]
    mine = of_trial[of_trial["patient"] == patient]
    if not len(mine):
        numbers = sorted({int(number) for number in of_trial["patient"]})
        nearest = str(min(numbers, key=lambda number: abs(number - patient)))
        message = f"trial {replicate} has no patient {patient}; candidates who were not admitted have no picture"
        raise InputError([Problem(None, None, None, "patient", message, tuple(map(str, numbers)), nearest)])
    return mine.iloc[0]
