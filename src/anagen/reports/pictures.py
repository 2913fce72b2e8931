"""Patients of a run drawn again: simulated once more from what the folder holds, checked against it, and drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.provenance import package_version
from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.follicles.follicle_states import CLASSES, PHASES, FollicleStates
from anagen.parameters import Source, parameter_source
from anagen.scalp.picture.layout import Site, layout
from anagen.scalp.picture.looks import DAYS, look_of
from anagen.scalp.picture.page import Panel, page
from anagen.scalp.picture.picture import SCALE, TRUTH, ScalpPicture
from anagen.scalp.picture.shapes import Hair, drawing
from anagen.study import Study
from anagen.trials.area_states import area_states
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Place, Scene, arm_responses, observe
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of

if TYPE_CHECKING:
    from anagen.results import ResultContents

SCALES = (4.0, 100.0)
STATES = [i for i in range(2 * N_SUMS) if SUMS[i % N_SUMS] != "shed"]
"""Sums that are made of states; hairs shed fell between visits."""
TERMINAL = CLASSES.index("terminal")


def picture_of(
    contents: ResultContents,
    patient: int,
    *,
    weeks: Sequence[float] | None = None,
    twins: bool = False,
    view: str = "phototrichogram",
    days: Sequence[int] = (3,),
    replicate: int = 0,
    hair: str | None = None,
    skin: str | None = None,
    scale: float = SCALE,
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
    view : {"phototrichogram", "trichoscopy"}
        Hair shaved on the day of the visit, or grown.
    days : Sequence[int]
        Days after shaving, 0 and 3; a phototrichogram has one picture for each.
    replicate : int
        Number of the trial.
    hair : {"black", "brown", "blond", "grey"}, optional
        Colour; by ethnicity where left out.
    skin : {"light", "medium", "dark"}, optional
        Colour; by ethnicity where left out.
    scale : float
        Skin to a pixel of the PNG [um], 4 to 100.
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
    study = Study.from_dict(contents.study)
    plan = protocol(study)
    row = _patient_row(contents, patient, replicate)
    shown = _weeks(weeks, plan.weeks.tolist(), study)
    after = _days(days) if view == "phototrichogram" else (0,)
    look = look_of(
        view=view, condition=study.population.condition, ethnicity=str(row["ethnicity"]), hair=hair, skin=skin
    )
    if not SCALES[0] <= scale <= SCALES[1]:
        allowed = (f"{SCALES[0]:g} to {SCALES[1]:g} um",)
        raise InputError([Problem(None, None, None, "scale", f"{scale:g} um a pixel is out of bounds", allowed)])

    scene = _scene(contents, study, replicate, parameters)
    arms = [number for number, name in enumerate(plan.arms) if twins or plan.split_scalp or name == str(row["arm"])]
    given = [plan.prescriptions[number] for number in arms]
    people = candidates(scene, np.array([patient]), replicate)
    # a visit keeps its place among all visits: which hairs are followed is decided at the first
    visits = np.unique(np.concatenate([plan.weeks, *(np.array(shown) + day / DAYS_PER_WEEK for day in after)]))
    rows: list[tuple[str, list[Panel]]] = []
    truth: list[pd.DataFrame] = []
    counts: list[dict[str, Any]] = []
    site = Site(scene.seed, patient, replicate)
    side = 10.0 * math.sqrt(plan.area)
    stored = contents.rows["visits"]
    visits_table = stored.first if replicate == 0 else stored.whole
    for place, number in enumerate(arms):
        area_site = 1 + number if plan.split_scalp else 0
        states = area_states(scene, people, [given[place]], weeks=visits, area=plan.area, site=area_site)[0][0]
        own = Site(scene.seed, patient, replicate, area_site)
        placed = layout([len(part.follicle) for part in states], side, own, look.ethnicity)
        seen = _checked(scene, people, given[place], states, visits, visits_table, plan.arms[number], shown, area_site)
        panels: list[Panel] = []
        for week in shown:
            at = int(np.searchsorted(visits, week))
            before = _hair(states, at)
            hairs = float(before.shown.sum()) / plan.area
            terminal = float((before.hair_class == TERMINAL).sum()) / plan.area
            mean = float(before.diameter[before.shown].mean()) if before.shown.any() else math.nan
            counts.append(
                {"arm": plan.arms[number], "week": week, "hairs": hairs, "terminal": terminal, "diameter": mean}
            )
            thick = f", mean {mean:.0f} um" if before.shown.any() else ""
            missed = "" if seen[week] else "; visit missed"
            foot = f"{hairs:.0f} hairs/cm\u00b2, {terminal:.0f} terminal{thick}{missed}"
            for day in after:
                then = _hair(states, int(np.argmin(np.abs(visits - week - day / DAYS_PER_WEEK))))
                drawn = drawing(then, before if view == "phototrichogram" else None, float(day), placed, own, look)
                head = f"week {week:g}" + (f", {day} days after shaving" if day else "")
                head += ", shaved" if view == "phototrichogram" and not day else ""
                panels.append(Panel(drawn, head, foot))
                truth.append(_truth(plan.arms[number], week, day, states, then, placed, drawn.length))
        rows.append((plan.arms[number], panels))
    about = (
        f"{view} of simulated patient {patient}, study {study.study}, seed {scene.seed}, trial {replicate}, "
        f"weeks {', '.join(f'{week:g}' for week in shown)}, target area {plan.area:g} cm2, parameters "
        f"{contents.manifest['parameters_sha256'][:12]}, drawn by anagen {package_version()}"
    )
    title = (
        f"{study.study}, patient {patient}: {view}, {look.hair} hair, true to scale. Counts are true values at the "
        "visit, before any error of reading."
    )
    return ScalpPicture(
        page(rows, title, about), pd.concat(truth, ignore_index=True), pd.DataFrame(counts), site, scale
    )


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


def _days(days: Sequence[int]) -> tuple[int, ...]:
    wrong = [day for day in days if day not in DAYS]
    if wrong or not days:
        message = f"a phototrichogram is not drawn on day {wrong[0]:g} after shaving" if wrong else "no day is given"
        raise InputError([Problem(None, None, None, "day", message, tuple(map(str, DAYS)))])
    return tuple(sorted(set(days)))


def _scene(contents: ResultContents, study: Study, replicate: int, parameters: Source | None) -> Scene:
    """The study under the parameter values of the run."""
    manifest = contents.manifest
    named = "posterior" if "posterior" in manifest else "prior"
    found = study_parameters(study, parameter_source(named if parameters is None else parameters).load())
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
    people: Any,
    given: Any,
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
