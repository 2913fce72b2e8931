"""The scalp of a patient from above at visits: the target area that the run counts, and all other zones or plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from anagen.follicles.follicle_states import FollicleStates
from anagen.patients import Population
from anagen.patients.scalp_map import PLOTS
from anagen.reports.sheets import Followed, Sheet, count_of, hair_of, states_table
from anagen.scalp.picture.above import SPARED, ZoneHair, plots_from_above, zone_hair, zones_from_above
from anagen.scalp.picture.head import ZONES_ABOVE
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.looks import Look, number
from anagen.scalp.picture.page import Panel
from anagen.scalp.picture.picture import ZONE_TRUTH
from anagen.trials.observation import Scene
from anagen.trials.whole_scalp import ZONE_AREA, has_patches, plot_states, zone_states


def above(scene: Scene, people: Population, followed: Followed, weeks: Sequence[float], look: Look) -> Sheet:
    """Draw the whole scalp of a patient.

    Parameters
    ----------
    scene : Scene
        Of the run.
    people : Population
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
    return (
        _with_patches(scene, people, followed, weeks, look)
        if has_patches(scene)
        else _of_zones(scene, people, followed, weeks, look)
    )


def how_simulated(scene: Scene) -> str:
    """Which parts of a view from above are simulated and which are drawn, in words for title and metadata."""
    if has_patches(scene):
        told = "plots of the SALT map that the disease reaches are simulated one by one, spared scalp as one more"
        return f"{told}; where a patch ends within a plot is drawn"
    told = f"all six zones are simulated; the {scene.spec.zone} is the one that the run counted"
    return f"{told}, the others have follicles of their own; where zones end is drawn"


def how_drawn(scene: Scene, row: pd.Series) -> str:
    """The same with the grade of a patient and what a strand is."""
    grade = str(row["severity"]) if not has_patches(scene) and row["severity"] else ""
    graded = f"grade {grade}; " if grade else ""
    strand = f"a strand is one simulated follicle and stands for {number('follicles_a_strand'):.0f}"
    return f"{graded}{how_simulated(scene)}; {strand}. Counts are true values at the visit."


def _of_zones(scene: Scene, people: Population, followed: Followed, weeks: Sequence[float], look: Look) -> Sheet:
    site = Site(followed.site.seed, followed.site.patient, followed.site.replicate)
    areas = {scene.spec.zone: (followed.states, scene.protocol.area)}
    for zone, states in zone_states(scene, people, followed.course.given, weeks=followed.visits).items():
        areas[zone] = ((states,), ZONE_AREA)
    sheet = Sheet([], [], [])
    for week in weeks:
        at = followed.at(week)
        hairs = {zone: hair_of(states, at) for zone, (states, _) in areas.items()}
        zones = {zone: zone_hair(hair, areas[zone][1]) for zone, hair in hairs.items()}
        counts = {zone: count_of(hairs[zone], areas[zone][1]) for zone in ZONES_ABOVE}
        foot = "hairs/cm\u00b2: " + ", ".join(f"{zone} {count['hairs']:.0f}" for zone, count in counts.items())
        sheet.panels.append(Panel(zones_from_above(zones, site, look), f"week {week:g}", foot))
        for zone in ZONES_ABOVE:
            sheet.counts.append({"arm": followed.arm, "week": week, "zone": zone, **counts[zone]})
            sheet.truth.append(_rows(followed.arm, week, zone, areas[zone][0], at))
    return sheet


def _with_patches(scene: Scene, people: Population, followed: Followed, weeks: Sequence[float], look: Look) -> Sheet:
    site = Site(followed.site.seed, followed.site.patient, followed.site.replicate)
    found = plot_states(scene, people, followed.course.given, weeks=followed.visits)
    density = float(people.follicle_density[0])
    sheet = Sheet([], [], [])
    for week in weeks:
        at = followed.at(week)
        plots = {plot: _zone(density, states, at) for plot, states in found.states.items()}
        spared = _zone(density, found.spared, at)
        drawn = plots_from_above(plots, found.covered, spared, found.centres, site, look)
        bare = 100.0 * float(found.bare[at])
        sheet.panels.append(Panel(drawn, f"week {week:g}", f"SALT {bare:.0f}: {bare:.0f} % of the scalp is bare"))
        areas: Mapping[str, tuple[FollicleStates, float]] = {
            **{f"plot {plot}, {PLOTS[plot].region}": (states, 1.0) for plot, states in found.states.items()},
            SPARED: (found.spared, 1.0),
        }
        for zone, (states, _) in areas.items():
            # follicles of a plot are counted, not measured per area
            count = count_of(hair_of([states], at), len(states.follicle) / density)
            share = 1.0 if zone == SPARED else found.covered[int(zone.split()[1].rstrip(","))]
            sheet.counts.append({"arm": followed.arm, "week": week, "zone": zone, "covered": share, **count})
            sheet.truth.append(_rows(followed.arm, week, zone, (states,), at))
    return sheet


def _zone(density: float, states: FollicleStates, at: int) -> ZoneHair:
    return ZoneHair(density, states.diameter[:, at], states.length[:, at])


def _rows(arm: str, week: float, zone: str, states: Sequence[FollicleStates], at: int) -> pd.DataFrame:
    columns: dict[str, Any] = {"arm": arm, "week": week, "zone": zone, **states_table(states, hair_of(states, at))}
    return pd.DataFrame(columns)[list(ZONE_TRUTH)]
