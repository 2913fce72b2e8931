"""How much of the scalp is bare: a few follicles of every diseased plot of the map, followed and added up.

bare = sum over plots of share * cover * max(0, 1 - terminal hairs / terminal hairs of a healthy plot)

Only terminal hair of some length counts as hair, as in the Severity of Alopecia Tool. A plot stands for a piece of
scalp and its patch; its follicles share the course of that patch. Plots that the disease does not reach are never bare.

References
----------
.. [1] Olsen 2004, doi:10.1016/j.jaad.2003.09.032.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles import FollowUp, TargetArea, hair_sums, share_with_hair
from anagen.follicles.engine import LeverSource, in_blocks
from anagen.follicles.kernel import SUMS
from anagen.patients import Population
from anagen.patients.scalp_map import plot_shares
from anagen.signalling import Levers
from anagen.signalling.disease import Disease, of_patients

FIRST_SITE = 32
"""Plot p of the map draws as target area FIRST_SITE + p of the patient."""
TERMINAL = SUMS.index("terminal")


def bare_scalp(population: Population, levers: LeverSource, disease: Disease, follow_up: FollowUp) -> FloatArray:
    """Share of the scalp without terminal hair.

    Parameters
    ----------
    population : Population
        Patients.
    levers : LeverSource
        Levers of therapies alone.
    disease : Disease
        The condition, which has patches.
    follow_up : FollowUp
        On the table times of the disease; area and detection do not matter.

    Returns
    -------
    FloatArray, shape (n_patients, n_twins, n_visits)
        Share, 0 to 1.

    Raises
    ------
    ValueError
        Where the condition has no patches.
    """

    def run(rows: IntArray) -> FloatArray:
        patients = population.take(rows)
        return _block(patients, levers(patients), disease, follow_up)

    return in_blocks(len(population), run, follow_up.threads)


def _block(patients: Population, twins: list[Levers], disease: Disease, follow_up: FollowUp) -> FloatArray:
    here = counted_in_plots(disease, follow_up)
    bare = np.zeros((len(patients), len(twins), len(follow_up.reading.visits)))
    for plot in diseased_plots(patients, twins, disease, here):
        sums = hair_sums(plot.target, plot.levers, here)
        bare[plot.rows] += plot.bare(sums[..., TERMINAL], here.reading.visits)
    return np.minimum(bare, 1.0)


@dataclass(frozen=True, slots=True)
class DiseasedPlot:
    """A plot of the map in the patients whom the disease reaches there.

    Attributes
    ----------
    plot : int
        Its number.
    share : float
        Of the scalp.
    rows : IntArray, shape (n_rows,)
        Patients.
    covered : FloatArray, shape (n_rows,)
        Share of the plot under its patch, or that is taken.
    begins : FloatArray, shape (n_rows,)
        Day on which it is taken.
    healthy : FloatArray, shape (n_rows,)
        Terminal hairs of a healthy plot.
    target : TargetArea
        Its follicles.
    levers : LeverSource
        Therapies and disease.
    """

    plot: int
    share: float
    rows: IntArray
    covered: FloatArray
    begins: FloatArray
    healthy: FloatArray
    target: TargetArea
    levers: LeverSource

    def bare(self, terminal: FloatArray, visits: FloatArray) -> FloatArray:
        """Share of the scalp that is bare here.

        Parameters
        ----------
        terminal : FloatArray, shape (n_rows, n_twins, n_visits)
            Terminal hairs.
        visits : FloatArray, shape (n_visits,)
            Days from baseline.

        Returns
        -------
        FloatArray, shape (n_rows, n_twins, n_visits)
            0 to 1.
        """
        lost = np.clip(1.0 - terminal / self.healthy[:, None, None], 0.0, 1.0)
        # Until it is taken a plot is one like those that never are, whose hairs nobody counts.
        lost = np.where(visits >= self.begins[:, None, None], lost, 0.0)
        return self.share * self.covered[:, None, None] * lost


def counted_in_plots(disease: Disease, follow_up: FollowUp) -> FollowUp:
    """How plots are looked at: hairs of some length, a number of follicles whatever the area."""
    counted = replace(follow_up.process, emergence_length=disease.values["salt.least_length"])
    return replace(follow_up, process=counted, reading=replace(follow_up.reading, area=1.0), threads=1)


def diseased_plots(
    patients: Population, twins: list[Levers], disease: Disease, here: FollowUp
) -> Iterator[DiseasedPlot]:
    """Plots of the map that the disease reaches by the last visit, in their order.

    Parameters
    ----------
    patients : Population
        Patients.
    twins : list[Levers]
        Levers of therapies alone.
    disease : Disease
        The condition, which has patches.
    here : FollowUp
        From `counted_in_plots`.

    Returns
    -------
    Iterator[DiseasedPlot]
        Those with a patient.

    Raises
    ------
    ValueError
        Where the condition has no patches.
    """
    if disease.condition.patches is None:
        raise ValueError(f"{disease.condition.title} has no patches")
    values, grid = disease.values, here.grid
    map_of = disease.condition.patches(patients, values, disease.seed, float(here.reading.visits[-1]))
    follicles = round(values["salt.follicles_per_plot"])
    z = np.array([values[disease.condition.sensitivity[sex]] for sex in patients.sex])
    # follicles of a plot are counted, not measured per area: the same number for everybody
    even = replace(patients, follicle_density=np.full(len(patients), float(follicles)))
    pairs = zip(z.tolist(), patients.growth_rate.tolist(), strict=True)
    healthy = follicles * np.array(
        [share_with_hair(here.process, 1.0 / (1.0 + s**here.process.calibre_hill), rate) for s, rate in pairs]
    )
    for plot, share in enumerate(plot_shares().tolist()):
        rows = np.flatnonzero(map_of.attacked[:, plot])
        if len(rows) == 0:
            continue
        people = even.take(rows)
        target = TargetArea(
            population=people,
            sensitivity=z[rows, None],
            within_patient_sd=values["population.shaft_diameter_within_patient"],
            starts_terminal=False,
            site=FIRST_SITE + plot,
            run_in=disease.run_in(people, grid),
            lost_at_once=disease.condition.loses_hair_at_once,
        )
        plots = np.full(len(rows), plot, dtype=np.int64)

        def diseased(block: Population, rows: IntArray = rows, plots: IntArray = plots) -> list[Levers]:
            return [disease.levers(of_patients(lever, rows), block, grid, plots) for lever in twins]

        covered = np.where(map_of.cover[rows, plot] > 0.0, map_of.cover[rows, plot], 1.0)
        yield DiseasedPlot(plot, share, rows, covered, map_of.begins[rows, plot], healthy[rows], target, diseased)
