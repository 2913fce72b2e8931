"""Patients of a run simulated once more from what its folder holds, checked against it, and drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.provenance import package_version
from anagen.delivery import Prescription
from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.follicles.follicle_states import CLASSES, PHASES, FollicleStates
from anagen.parameters import Source, parameter_source
from anagen.patients import Population
from anagen.scalp.picture.layout import Site, layout
from anagen.scalp.picture.looks import DAYS, Look, look_of
from anagen.scalp.picture.page import Panel
from anagen.scalp.picture.picture import TRUTH
from anagen.scalp.picture.shapes import Hair, drawing
from anagen.study import Study
from anagen.trials.area_states import area_states
from anagen.trials.attendance import courses_attended
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Place, Scene, arm_responses, observe
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of

if TYPE_CHECKING:
    from anagen.results import ResultContents

STATES = [i for i in range(2 * N_SUMS) if SUMS[i % N_SUMS] != "shed"]
"""Sums that are made of states; hairs shed fell between visits."""
TERMINAL = CLASSES.index("terminal")


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
        return (
            f"{self.view} of simulated {who}, study {plan.study.study}, seed {self.scene.seed}, trial "
            f"{self.replicate}, weeks {weeks}, target area {plan.area:g} cm2, parameters "
            f"{self.contents.manifest['parameters_sha256'][:12]}, drawn by anagen {package_version()}"
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
        scene, plan, patient = self.scene, self.scene.protocol, int(row["patient"])
        shaved = self.view == "phototrichogram"
        look = look_of(
            view=self.view,
            condition=scene.spec.condition,
            ethnicity=str(row["ethnicity"]),
            hair=self.hair,
            skin=self.skin,
        )
        people = candidates(scene, np.array([patient]), self.replicate)
        # a visit keeps its place among all visits: which hairs are followed is decided at the first
        visits = np.unique(np.concatenate([plan.weeks, *(np.array(self.weeks) + d / DAYS_PER_WEEK for d in self.days)]))
        side = 10.0 * math.sqrt(plan.area)
        stored = self.contents.rows["visits"]
        table = stored.first if self.replicate == 0 else stored.whole
        rows: list[tuple[str, list[Panel]]] = []
        truth: list[pd.DataFrame] = []
        counts: list[dict[str, Any]] = []
        for arm in arms:
            number = plan.arms.index(arm)
            area_site = 1 + number if plan.split_scalp else 0
            given = _attended(plan.prescriptions[number], people, scene.seed)
            states = area_states(scene, people, [given], weeks=visits, area=plan.area, site=area_site)[0][0]
            own = Site(scene.seed, patient, self.replicate, area_site)
            placed = layout([len(part.follicle) for part in states], side, own, look.ethnicity)
            seen = _checked(scene, people, given, states, visits, table, arm, self.weeks, area_site)
            panels: list[Panel] = []
            for week in self.weeks:
                before = _hair(states, int(np.searchsorted(visits, week)))
                count = _count(before, plan.area)
                counts.append({"arm": arm, "week": week, **count})
                foot = _foot(count) + ("" if seen[week] else "; visit missed")
                for day in self.days:
                    then = _hair(states, int(np.argmin(np.abs(visits - week - day / DAYS_PER_WEEK))))
                    drawn = drawing(then, before if shaved else None, float(day), placed, own, look)
                    panels.append(Panel(drawn, _head(week, day, shaved=shaved), foot))
                    truth.append(_truth(arm, week, day, states, then, placed, drawn.length))
            rows.append((arm, panels))
        site = Site(scene.seed, patient, self.replicate)
        return Drawn(rows, pd.concat(truth, ignore_index=True), pd.DataFrame(counts), site, look)


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


def _attended(given: Sequence[Prescription], people: Population, seed: int) -> Sequence[Prescription]:
    """What a patient is given of an arm: sessions that he misses are left out."""
    split = courses_attended([given], people, np.zeros(1, dtype=np.int64), seed=seed)
    if split is None:
        return given
    ((courses, which),) = split
    return courses[int(which[0])]


def _count(hair: Hair, area: float) -> dict[str, float]:
    shown = hair.shown
    return {
        "hairs": float(shown.sum()) / area,
        "terminal": float((hair.hair_class == TERMINAL).sum()) / area,
        "diameter": float(hair.diameter[shown].mean()) if shown.any() else math.nan,
    }


def _foot(count: dict[str, float]) -> str:
    thick = "" if math.isnan(count["diameter"]) else f", mean {count['diameter']:.0f} um"
    return f"{count['hairs']:.0f} hairs/cm\u00b2, {count['terminal']:.0f} terminal{thick}"


def _head(week: float, day: int, *, shaved: bool) -> str:
    when = f", {day} days after shaving" if day else (", shaved" if shaved else "")
    return f"week {week:g}{when}"


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


def _checked(
    scene: Scene,
    people: Population,
    given: Sequence[Prescription],
    states: tuple[FollicleStates, ...],
    visits: FloatArray,
    table: pd.DataFrame,
    arm: str,
    shown: Sequence[float],
    site: int,
) -> dict[float, bool]:
    """Whether the patient was seen in each week; refuses what is not what the run has written.

    The patient is simulated once more as the run does it. What is drawn must add up to the same sums, and the readings
    of every endpoint must be those of the folder.
    """
    plan = scene.protocol
    place = Place(scene, plan.reading(scene.values, plan.weeks, plan.area), plan.area, site)
    sums = place.simulated(people, [given], arm_responses(scene, [given], float(plan.weeks[-1])), None)[0][0, 0]
    drawn = sum_of(states, place.reading.detection)[np.searchsorted(visits, plan.weeks)]
    patient, replicate = int(people.patient[0]), int(people.replicate[0])
    (read,) = observe(scene, people, [given], weeks=plan.weeks, area=plan.area, site=site)
    mine = table[(table["replicate"] == replicate) & (table["patient"] == patient) & (table["arm"] == arm)]
    names = [endpoint.name for endpoint in plan.endpoints]
    seen: dict[float, bool] = {}
    for week in shown:
        v = int(np.searchsorted(plan.weeks, week))
        rows = mine[mine["week"] == week].set_index("endpoint")
        # twins are written for the first trial of some runs only
        own = rows.loc[names, "true"].to_numpy(dtype=np.float32) if len(rows) else read.true[0, v].astype(np.float32)
        same = np.array_equal(own, read.true[0, v].astype(np.float32), equal_nan=True)
        same = same and np.array_equal(drawn[v, STATES], sums[v, STATES])
        if "total_density" in names:
            same = same and np.float32(drawn[v, SUMS.index("hairs")] / plan.area) == own[names.index("total_density")]
        if not same:
            why = "it was written by another version of anagen or on another kind of machine; run the study again"
            if plan.rescues or plan.study.intercurrent:
                why = "after a rescue or other event the patient is on another course; draw an earlier week"
            if plan.study.design.layout == "crossover":
                why = "in a crossover an arm can be drawn where the patient began with it, and not after another arm"
            message = f"patient {patient} under {arm} at week {week:g} is not what the run holds: {why}"
            raise InputError([Problem(None, None, None, "patient", message)])
        assigned = bool(len(rows)) and bool(rows["assigned"].iloc[0])
        seen[week] = not assigned or bool(rows["measured"].notna().any())
    return seen


def sum_of(states: tuple[FollicleStates, ...], detection: FloatArray) -> FloatArray:
    """Sums over native follicles and grafts, in the order in which the engine adds them; those of shed hairs are none.

    Returns
    -------
    FloatArray, shape (n_days, 2 * N_SUMS)
        As in `follicles.engine.hair_sums`.
    """
    native, *grafts = states
    sums = native.sums(detection)
    if not grafts:
        return sums
    of_grafts = np.zeros_like(sums)
    for part in grafts:
        part.sums(detection, of_grafts)
    return sums + of_grafts


def _hair(states: tuple[FollicleStates, ...], at: int) -> Hair:
    def together(name: str) -> Any:
        return np.concatenate([getattr(part, name)[:, at] for part in states])

    return Hair(*(together(name) for name in ("phase", "diameter", "growth", "length", "hair_class")))


def _truth(
    arm: str, week: float, day: int, states: tuple[FollicleStates, ...], hair: Hair, placed: Any, drawn: FloatArray
) -> pd.DataFrame:
    columns = {
        "arm": arm,
        "week": week,
        "day": day,
        "follicle": np.concatenate([part.follicle for part in states]),
        "graft_session": np.repeat(np.arange(len(states)), [len(part.follicle) for part in states]),
        "unit": placed.unit,
        "x": placed.exit[:, 0].round(4),
        "y": placed.exit[:, 1].round(4),
        "phase": np.array(PHASES)[hair.phase],
        "class": np.array(CLASSES)[hair.hair_class],
        "diameter": hair.diameter.round(3),
        "growth": hair.growth.round(4),
        "length": hair.length.round(3),
        "drawn": drawn.round(3),
    }
    return pd.DataFrame(columns)[list(TRUTH)]
