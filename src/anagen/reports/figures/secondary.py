"""Small multiples of the secondary endpoints over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from anagen.reports import style
from anagen.reports.figures.panels import MOST_ARMS, Panel, draw_grid, marks_explained, shown_measure
from anagen.reports.style import ArmLook
from anagen.reports.wording import EndpointName, measure_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def secondary_figure(
    panels: Sequence[tuple[EndpointName, str, pd.DataFrame]],
    looks: Mapping[str, ArmLook],
    *,
    confidence_text: str = "95 %",
) -> Figure:
    """One panel per secondary endpoint.

    With more than three arms only means are drawn: bars and bands of many arms hide each other, and the effect plot
    shows both intervals of every contrast.

    Parameters
    ----------
    panels : Sequence[tuple[EndpointName, str, pd.DataFrame]]
        Of (printed name, measure, `trajectory_data`), at least one.
    looks : Mapping[str, ArmLook]
        Arm -> how it is drawn.
    confidence_text : str, default "95 %"
        Confidence level as printed.
    """
    intervals = len(looks) <= MOST_ARMS
    about = (
        marks_explained([data for _, _, data in panels], confidence_text, _unit(panels[0]))
        if intervals
        else "Dots: measured mean. Line: mean the model expects. With this many arms the intervals would hide each "
        "other; the effect plot shows them."
    )
    drawn = []
    for name, measure, data in panels:
        unit = _unit((name, measure, data))
        what = "mean" if shown_measure(measure) == "value" else "mean change from baseline"
        drawn.append(Panel(name.title, f"{what} ({unit})" if unit else what, data, looks, measure))
    return draw_grid(style.heading("Secondary endpoints over time", about), drawn, looks, intervals=intervals)


def _unit(panel: tuple[EndpointName, str, pd.DataFrame]) -> str:
    name, measure, _ = panel
    return measure_unit(shown_measure(measure), name.unit)


def secondary_alt(panels: Sequence[tuple[EndpointName, str, pd.DataFrame]]) -> str:
    """Text alternative: the endpoints drawn."""
    return f"Small line charts by arm over weeks: {', '.join(name.title for name, _, _ in panels)}."
