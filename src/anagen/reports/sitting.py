"""Patients of a run simulated once more from what its folder holds, checked against it, and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.provenance import package_version
from anagen.parameters import Source, parameter_source
from anagen.patients import Population
from anagen.reports.courses import Course, courses_between, courses_under
from anagen.reports.overhead import above, how_simulated
from anagen.reports.sameness import not_alike, weeks_alike
from anagen.reports.sheets import Followed, close_up
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.looks import DAYS, VERTEX, Look, look_of
from anagen.scalp.picture.page import Panel
from anagen.study import Study
from anagen.trials.area_states import area_states
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Scene
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of

if TYPE_CHECKING:
    from anagen.results import ResultContents


@dataclass(frozen=True, slots=True)
class Drawn:
    """One patient, drawn.

    Attributes
    ----------
    rows : list[tuple[str, list[Panel]]]
        Name of each arm and its pictures.
    truth : pandas.DataFrame
        As in `ScalpPicture`.
    counts : pandas.DataFrame
        As in `ScalpPicture`.
    site : Site
        Address of the draws.
    look : Look
        Hair and skin.
    """

    rows: list[tuple[str, list[Panel]]]
    truth: pd.DataFrame
    counts: pd.DataFrame
    site: Site
    look: Look


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the pictures of one trial of a run share.

    Attributes
    ----------
    contents : ResultContents
        Of the run.
    scene : Scene
        The study under the parameter values of the trial.
    replicate : int
        Number of the trial.
    weeks : list[float]
        Visits that are drawn.
    days : tuple[int, ...]
        Days after shaving; 0 alone for grown hair.
    view : str
        As in `picture_of`.
    hair : str or None
        As in `picture_of`.
    skin : str or None
        As in `picture_of`.
    """

    contents: ResultContents
    scene: Scene
    replicate: int
    weeks: list[float]
    days: tuple[int, ...]
    view: str
    hair: str | None = None
    skin: str | None = None

    def about(self, who: str) -> str:
        """What the metadata of a picture says."""
        plan, weeks = self.scene.protocol, ", ".join(f"{week:g}" for week in self.weeks)
        from_above = f". From above: {how_simulated(self.scene)}" if self.view == VERTEX else ""
        return (
            f"{self.view} of simulated {who}, study {plan.study.study}, seed {self.scene.seed}, trial "
            f"{self.replicate}, weeks {weeks}, target area {plan.area:g} cm2, parameters "
            f"{self.contents.manifest['parameters_sha256'][:12]}, drawn by anagen {package_version()}{from_above}"
        )

    def drawn(self, row: pd.Series, arms: Sequence[str]) -> Drawn:
        """Simulate a patient under arms, check every number against the run, and draw.

        Parameters
        ----------
        row : pandas.Series
            Of the table `patients`.
        arms : Sequence[str]
            Names of the arms.

        Returns
        -------
        Drawn
            A row of pictures for each arm.

        Raises
        ------
        InputError
            Where the run holds other readings.
        """
        scene, patient = self.scene, int(row["patient"])
        look = look_of(
            view=self.view,
            condition=scene.spec.condition,
            ethnicity=str(row["ethnicity"]),
            hair=self.hair,
            skin=self.skin,
        )
        people = candidates(scene, np.array([patient]), self.replicate)
        rows: list[tuple[str, list[Panel]]] = []
        truth: list[pd.DataFrame] = []
        counts: list[dict[str, Any]] = []
        for arm in arms:
            followed = self.followed(people, row, arm)
            if self.view == VERTEX:
                sheet = above(scene, people, followed, self.weeks, look)
            else:
                sheet = close_up(scene, followed, self.weeks, self.days, look)
            rows.append((arm, sheet.panels))
            truth += sheet.truth
            counts += sheet.counts
        site = Site(scene.seed, patient, self.replicate)
        return Drawn(rows, pd.concat(truth, ignore_index=True), pd.DataFrame(counts), site, look)

    def followed(self, people: Population, row: pd.Series, arm: str) -> Followed:
        """Simulate a patient under an arm and check every number against the run.

        Parameters
        ----------
        people : Population
            The patient.
        row : pandas.Series
            Of the table `patients`.
        arm : str
            Name of the arm.

        Returns
        -------
        Followed
            His target area.

        Raises
        ------
        InputError
            Where the run holds other readings.
        """
        scene, plan, number = self.scene, self.scene.protocol, self.scene.protocol.arms.index(arm)
        stored = self.contents.rows["visits"]
        table = stored.first if self.replicate == 0 else stored.whole
        patient = int(people.patient[0])
        mine = table[(table["replicate"] == self.replicate) & (table["patient"] == patient) & (table["arm"] == arm)]
        site = 1 + number if plan.split_scalp else 0
        courses = courses_under(scene, people, row, number)
        tried = [self._again(people, arm, course, site, mine) for course in courses]
        weeks = plan.weeks.tolist()
        if tried[0].course.last == np.inf and not any(len(one.seen) == len(weeks) for one in tried):
            # an event that no table names changes the course between the last visit that is met and the next
            wrong = [week not in tried[0].seen for week in weeks].index(True)
            further = courses_between(scene, people, number, weeks[max(wrong - 1, 0)], weeks[wrong])
            tried += [self._again(people, arm, course, site, mine) for course in further]
        best = max(tried, key=lambda one: len(one.seen))
        if all(week in best.seen for week in self.weeks):
            return best
        raise not_alike(plan, patient, arm, self.weeks, courses)

    def _again(self, people: Population, arm: str, course: Course, site: int, rows: pd.DataFrame) -> Followed:
        """Simulate a patient on a course, and tell in which weeks he is the one of the run."""
        scene, area = self.scene, self.scene.protocol.area
        # a visit keeps its place among all visits: which hairs are followed is decided at the first
        days = (course.start + np.array(self.weeks) + day / DAYS_PER_WEEK for day in self.days)
        visits = np.unique(np.concatenate([course.weeks, *days]))
        states = area_states(scene, people, [course.given], weeks=visits, area=area, site=site)[0][0]
        seen = weeks_alike(scene, people, course, states, visits, rows, site)
        return Followed(
            arm, course, visits, states, seen, Site(scene.seed, int(people.patient[0]), self.replicate, site)
        )


def sitting_of(
    contents: ResultContents,
    replicate: int,
    *,
    weeks: Sequence[float] | None,
    view: str,
    days: Sequence[float],
    hair: str | None = None,
    skin: str | None = None,
    parameters: Source | None = None,
) -> Sitting:
    """What is drawn, checked; arguments as those of `picture_of`.

    Raises
    ------
    InputError
        Where a name is unknown, a week is no visit, or the run's parameters are not at hand.
    """
    study = Study.from_dict(contents.study)
    shown = _weeks(weeks, protocol(study).weeks.tolist(), study)
    after = _days(days) if view == "phototrichogram" else (0,)
    look_of(view=view, condition=study.population.condition, ethnicity="", hair=hair, skin=skin)
    scene = _scene(contents, study, replicate, parameters)
    return Sitting(contents, scene, replicate, shown, after, view, hair, skin)


def _weeks(weeks: Sequence[float] | None, visits: list[float], study: Study) -> list[float]:
    if weeks is None:
        return sorted({visits[0], float(study.endpoints.primary.week)})
    wrong = [week for week in weeks if week not in visits]
    if wrong or not weeks:
        named = tuple(f"{week:g}" for week in visits)
        nearest = f"{min(visits, key=lambda visit: abs(visit - wrong[0])):g}" if wrong else None
        message = f"week {wrong[0]:g} is no visit" if wrong else "no week is given"
        raise InputError([Problem(None, None, None, "week", message, named, nearest)])
    return sorted({float(week) for week in weeks})


def _days(days: Sequence[float]) -> tuple[int, ...]:
    wrong = [day for day in days if day not in DAYS]
    if wrong or not days:
        message = f"a phototrichogram is not drawn on day {wrong[0]:g} after shaving" if wrong else "no day is given"
        raise InputError([Problem(None, None, None, "day", message, tuple(map(str, DAYS)))])
    return tuple(sorted({int(day) for day in days}))


def _scene(contents: ResultContents, study: Study, replicate: int, parameters: Source | None) -> Scene:
    """The study under the parameter values of the run."""
    manifest = contents.manifest
    named = "posterior" if "posterior" in manifest else "prior"
    # the run has told what there is to tell of its source; here its hash must be met
    source = parameter_source(named if parameters is None else parameters, tell=lambda _message: None)
    found = study_parameters(study, source.load())
    if found.sha256() != manifest["parameters_sha256"]:
        message = (
            f"the run used the {manifest['parameter_source']}, which are not those of this version; name the file of "
            "the posterior, or run the study again"
        )
        raise InputError([Problem(None, None, None, "parameters", message)])
    seed = int(manifest["seed"])
    if "trials_at" in manifest:
        return matched_scene(protocol(study), found.draw(seed, replicate + 1), seed=seed, pilots=PILOTS[:1])
    return scene_of(study, found.draw(seed, 0), seed=seed)
