"""The scalp of one patient from above: the target area that is counted, and all other zones or plots of the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.follicles.follicle_states import FollicleStates
from anagen.patients import CONDITIONS, Population
from anagen.patients.scalp_map import PLOTS
from anagen.reports.sheets import Followed, Sheet, count_of, hair_of, states_table
from anagen.scalp.picture.above import plots_from_above, zone_hair, zones_from_above
from anagen.scalp.picture.head import ZONES_ABOVE
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.looks import Look, number
from anagen.scalp.picture.page import Panel
from anagen.scalp.picture.picture import ZONE_TRUTH
from anagen.scalp.picture.shapes import Drawing
from anagen.signalling import Response
from anagen.trials.observation import Scene
from anagen.trials.whole_scalp import ZONE_AREA, PlotStates, has_patches, plot_states, zone_states

SPARED = "spared"


@dataclass(frozen=True, slots=True)
class Part:
    """A zone or plot.

    Attributes
    ----------
    states : tuple[FollicleStates, ...]
        Its follicles.
    area : float
        Scalp on which as many stand [cm2].
    """

    states: tuple[FollicleStates, ...]
    area: float


@dataclass(frozen=True, slots=True)
class WholeScalp:
    """Follicles all over the scalp of one patient under one course.

    Attributes
    ----------
    parts : Mapping[str, Part]
        Zones, or plots and spared scalp, by name.
    plots : PlotStates or None
        Where the condition has patches.
    numbers : Mapping[str, int]
        Of the plots, by name.
    """

    parts: Mapping[str, Part]
    plots: PlotStates | None = None
    numbers: Mapping[str, int] = field(default_factory=dict[str, int])

    def drawing(self, at: int, site: Site, look: Look) -> Drawing:
        """The scalp on one visit.

        Parameters
        ----------
        at : int
            Place of the visit.
        site : Site
            Address of the patient's draws.
        look : Look
            Hair and skin.

        Returns
        -------
        Drawing
            From above.
        """
        hairs = {name: zone_hair(hair_of(part.states, at), part.area) for name, part in self.parts.items()}
        if self.plots is None:
            return zones_from_above(hairs, site, look)
        plots = {plot: hairs[name] for name, plot in self.numbers.items()}
        return plots_from_above(plots, self.plots.covered, hairs[SPARED], self.plots.centres, site, look)

    def counts(self, at: int) -> dict[str, dict[str, float]]:
        """Hairs, terminal hairs [1/cm2] and mean diameter [um] of every part on one visit; share of a plot covered."""
        counts = {name: count_of(hair_of(part.states, at), part.area) for name, part in self.parts.items()}
        if self.plots is not None:
            for name, plot in self.numbers.items():
                counts[name] |= {"covered": self.plots.covered[plot]}
        return counts

    def foot(self, at: int) -> str:
        """What stands below a picture of one visit."""
        if self.plots is not None:
            of_regions = (
                f"{name}\u00a0{100.0 * bare[at]:.0f}\u00a0%".replace(" ", "\u00a0")
                for name, bare in self.plots.regions.items()
            )
            return f"SALT {100.0 * float(self.plots.bare[at]):.0f}; bare: {', '.join(of_regions)}"
        hairs = (f"{name}\u00a0{count['hairs']:.0f}" for name, count in self.counts(at).items())
        return f"hairs/cm\u00b2: {', '.join(hairs)}"


def whole_scalp(
    scene: Scene,
    patient: Population,
    given: Sequence[Prescription],
    states: tuple[FollicleStates, ...],
    *,
    weeks: FloatArray,
    again: Callable[[Scene], Population] | None = None,
    responses: Sequence[Response] | None = None,
) -> WholeScalp:
    """Simulate a patient's scalp beside the target area.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    patient : Population
        One patient.
    given : Sequence[Prescription]
        What he is given, without sessions that are missed.
    states : tuple[FollicleStates, ...]
        His target area on the visits.
    weeks : FloatArray, shape (n_visits,)
        Visits [week].
    again : callable, optional
        Draws the same patient for the scene of another zone; as a candidate of the trial where left out.
    responses : Sequence[Response] or None
        Response of what is given, without surgery, where it is known; None to work it out.

    Returns
    -------
    WholeScalp
        On the same visits.
    """
    if has_patches(scene):
        plots = plot_states(scene, patient, given, weeks=weeks, responses=responses)
        numbers = {f"plot {plot}, {PLOTS[plot].region}": plot for plot in plots.states}
        density = float(patient.follicle_density[0])
        found = {**{name: plots.states[plot] for name, plot in numbers.items()}, SPARED: plots.spared}
        # follicles of a plot are counted, not measured per area
        parts = {name: Part((of_part,), len(of_part.follicle) / density) for name, of_part in found.items()}
        return WholeScalp(parts, plots, numbers)
    zones = zone_states(scene, patient, given, weeks=weeks, again=again, responses=responses)
    parts = {zone: Part((of_zone,), ZONE_AREA) for zone, of_zone in zones.items()}
    parts[scene.spec.zone] = Part(states, scene.protocol.area)
    return WholeScalp({zone: parts[zone] for zone in ZONES_ABOVE})


def above(scene: Scene, patient: Population, followed: Followed, weeks: Sequence[float], look: Look) -> Sheet:
    """Draw the whole scalp of a patient of a run.

    Parameters
    ----------
    scene : Scene
        Of the run.
    patient : Population
        The patient.
    followed : Followed
        The same under an arm.
    weeks : Sequence[float]
        Of the arm.
    look : Look
        Hair and skin.

    Returns
    -------
    Sheet
        One picture for each week.
    """
    site = Site(followed.site.seed, followed.site.patient, followed.site.replicate)
    scalp = whole_scalp(scene, patient, followed.course.given, followed.states, weeks=followed.visits)
    sheet = Sheet([], [], [])
    for week in weeks:
        at = followed.at(week)
        missed = "" if followed.seen[week] else "; visit missed"
        sheet.panels.append(Panel(scalp.drawing(at, site, look), f"week {week:g}", scalp.foot(at) + missed))
        for name, count in scalp.counts(at).items():
            sheet.counts.append({"arm": followed.arm, "week": week, "zone": name, **count})
            sheet.truth.append(_rows(followed.arm, week, name, scalp.parts[name].states, at))
    return sheet


def how_simulated(scene: Scene) -> str:
    """Which parts of a view from above are simulated and which are drawn, in words for title and metadata."""
    if has_patches(scene):
        told = "plots of the SALT map that the disease reaches are simulated one by one, spared scalp as one more"
        return f"{told}; where a patch ends within a plot is drawn"
    told = f"all six zones are simulated; the {scene.spec.zone} is the one that the run counted"
    return f"{told}, the others have follicles of their own; where zones end is drawn"


def how_drawn(scene: Scene, row: pd.Series) -> str:
    """The same with the grade of a patient and what a strand is."""
    strand = f"a strand is one simulated follicle and stands for {number('follicles_a_strand'):.0f}"
    return f"{_graded(scene, row)}{how_simulated(scene)}; {strand}. Counts are true values at the visit."


def _graded(scene: Scene, row: pd.Series) -> str:
    """Scale and grade of a patient; nothing with patches, which the score below the picture tells."""
    grade, scales = row["severity"], CONDITIONS[scene.spec.condition].scales_of(str(row["sex"]))
    if has_patches(scene) or not scales or not isinstance(grade, str):
        return ""
    scale = next((name for name in scales if name in scene.spec.severity), scales[0])
    return f"{scale.capitalize()} {grade}; "


def _rows(arm: str, week: float, zone: str, states: Sequence[FollicleStates], at: int) -> pd.DataFrame:
    columns: dict[str, Any] = {"arm": arm, "week": week, "zone": zone, **states_table(states, hair_of(states, at))}
    return pd.DataFrame(columns)[list(ZONE_TRUTH)]
