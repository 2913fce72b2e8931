"""EX: what was given, sessions as they were attended, what subjects take themselves as planned until they stop.

Which sessions a subject missed is drawn again by its number, and compared with how many the run says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.demographics import identified, numbered, with_events
from anagen.formats.cdisc.trial import ROUNDING, Trial, iso, study_day
from anagen.formats.cdisc.variables import Made, made
from anagen.study.dosing import PER_AREA
from anagen.study.treatment import Phase, TherapyUse
from anagen.study.values import Quantity
from anagen.trials.attendance import attended_days, attended_sessions
from anagen.trials.crossover import within_period
from anagen.trials.protocol import doses_of, prescription_of

TIMES_A_DAY = {1.0: "QD", 2.0: "BID", 3.0: "TID", 4.0: "QID"}


@dataclass(frozen=True)
class Numbers:
    """Subjects by their numbers, which is what draws of sessions are addressed by."""

    patient: IntArray
    replicate: IntArray

    def __len__(self) -> int:
        return len(self.patient)


def exposure(trial: Trial) -> Made | None:
    """EX.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made or None
        None where nothing is given to anybody.

    Raises
    ------
    InputError
        Where the sessions that are drawn again are not as many as the run says, or two switches cannot be told apart.
    """
    courses = with_events(trial)
    stops = courses["event"].isin(["stops_treatment", "switch", "rescue"])
    until = courses[["left"]].assign(event=courses["event_day"].where(stops)).min(axis=1).fillna(np.inf)
    parts: list[pd.DataFrame] = []
    for arm, members in courses.groupby("place", sort=True):
        uses = trial.study.arms[int(str(arm))].therapies
        _check_sessions(trial, int(str(arm)), members)
        parts += _given(trial, members, uses, members["begin"] * 1.0, until[members.index])
    for rescue in trial.plan.rescues:
        members = courses[(courses["place"] == rescue.arm) & (courses["event"] == "rescue")]
        ends = members["left"].fillna(np.inf)
        parts += _given(trial, members, rescue.rule.therapies, members["begin"] * 1.0, ends)
    switched = courses[courses["event"] == "switch"]
    if len(switched):
        begins = switched["event_week"] * DAYS_PER_WEEK
        parts += _given(trial, switched, _switch(trial), begins, switched["left"].fillna(np.inf), later=True)
    if not parts:
        return None
    table = pd.concat(parts).sort_values(["USUBJID", "start", "order"], kind="stable", ignore_index=True)
    patients = table["patient"]
    table = table.assign(
        EXSEQ=numbered(table),
        EXSTDTC=iso(trial.date_at(patients, table["start"])),
        EXENDTC=iso(trial.date_at(patients, table["end"])),
        EXSTDY=study_day(table["start"]),
        EXENDY=study_day(table["end"]),
    )
    return made("EX", table.drop(columns=["patient", "start", "end", "order"]), trial.number)


def focus(places: pd.Series) -> pd.Series:
    """FOCID of rows in a split-scalp trial: the side that has an arm, by its place; nobody calls it left or right."""
    return "SIDE " + (1 + places).astype("str")


def _switch(trial: Trial) -> Sequence[TherapyUse]:
    switches = [event.therapies for event in trial.study.intercurrent if event.event == "switch"]
    if any(uses != switches[0] for uses in switches):
        message = "the study states switches to different therapies, and the tables of a run do not tell who had which"
        raise InputError([Problem(None, None, None, "intercurrent", message)])
    return switches[0]


def _given(
    trial: Trial,
    members: pd.DataFrame,
    uses: Sequence[TherapyUse],
    begins: pd.Series,
    until: pd.Series,
    *,
    later: bool = False,
) -> list[pd.DataFrame]:
    """Records of therapies for some courses.

    `begins` is the day from which their weeks count and `until` the day of the last visit or of stopping; with `later`
    days count from an event, and end with the trial.
    """
    parts: list[pd.DataFrame] = []
    last = float(trial.plan.weeks[-1])
    # a session of a parallel trial can be on the day of the last visit; what is cut at an end stops before it
    end = members["begin"] + trial.last_day + (0.0 if later or trial.plan.crossover else 1.0)
    until = until.clip(upper=end)
    for order, use in enumerate(uses):
        if use.therapy == "none" or not len(members):
            continue
        for record in _records(trial, use, members, last, shifted=trial.plan.crossover):
            # what is due at the very moment of stopping is not given any more
            here = pd.Series(record.comes, index=members.index) & (record.first + begins < until - ROUNDING)
            starts = np.floor(record.first + begins + ROUNDING)
            ends = np.minimum(np.floor(record.last + begins + ROUNDING), np.ceil(until - ROUNDING) - 1.0)
            if not here.any():
                continue
            rows = members.iloc[np.flatnonzero(here)]
            table = identified(trial, "EX", rows["patient"]).assign(
                patient=rows["patient"],
                order=order,
                start=starts[here],
                end=ends[here],
                EXTRT=_name(use),
                EXDOSE=np.nan if record.dose is None else record.dose.value,
                EXDOSTXT="NOT STATED" if record.dose is None else "",
                EXDOSU="" if record.dose is None else _unit(use, record.dose),
                EXDOSFRM=_form(use),
                EXDOSFRQ=record.frequency,
                EXROUTE=use.route.replace("-", " ").upper(),
                EXLOC="" if use.route == "oral" else "SCALP",
                EPOCH=_epochs(trial, rows),
            )
            if trial.plan.split_scalp:
                table["FOCID"] = focus(rows["place"])
            parts.append(table)
    return parts


@dataclass(frozen=True)
class Record:
    """One session, or one interval of constant dosing: days from where its weeks count, and who has it."""

    first: float
    last: float
    dose: Quantity | None
    frequency: str
    comes: BoolArray


def _records(trial: Trial, use: TherapyUse, members: pd.DataFrame, last: float, *, shifted: bool) -> Iterator[Record]:
    everybody = np.ones(len(members), dtype=np.bool_)
    prescription = prescription_of(use, last, trial.study.population)
    place = 0
    comes = None
    for phase in use.schedule.parts:
        days: FloatArray = doses_of(use, phase, last).days
        if not len(days):
            continue
        if prescription.doses.daily:
            end = last if phase.until is None else min(phase.until, last)
            running = end * DAYS_PER_WEEK - 1.0 if phase.per_day is not None else float(days[-1])
            yield Record(float(days[0]), running, phase.dose or use.dose, _frequency(phase), everybody)
            continue
        if comes is None:
            comes = _attendance(trial, use, members, last, shifted=shifted)
        for number, day in enumerate(days):
            dose = phase.doses[number] if phase.doses else phase.dose or use.dose
            yield Record(float(day), float(day), dose, "ONCE", comes[:, place + number])
        place += len(days)


def _attendance(trial: Trial, use: TherapyUse, members: pd.DataFrame, last: float, *, shifted: bool) -> BoolArray:
    """Which sessions subjects attend, shape (n_members, n_sessions)."""
    prescription = prescription_of(use, last, trial.study.population)
    begins = members["begin"].to_numpy(dtype=np.float64) if shifted else None
    return attended_sessions(prescription, _numbers(members), seed=int(trial.manifest["seed"]), begins=begins)


def _numbers(members: pd.DataFrame) -> Numbers:
    return Numbers(members["patient"].to_numpy(dtype=np.int64), members["replicate"].to_numpy(dtype=np.int64))


def _check_sessions(trial: Trial, arm: int, members: pd.DataFrame) -> None:
    """Refuse where the sessions drawn again are not those of the run."""
    if "sessions_missed" not in members or members["sessions_missed"].isna().all():
        return
    given, begins = trial.plan.prescriptions[arm], None
    if trial.plan.crossover:
        given, begins = within_period(given, float(trial.plan.weeks[-1])), members["begin"].to_numpy(dtype=np.float64)
    days, comes = attended_days(given, _numbers(members), seed=int(trial.manifest["seed"]), begins=begins)
    if ((len(days) - comes.sum(axis=1)) != members["sessions_missed"].to_numpy()).any():
        message = "which sessions were missed cannot be told: this version draws them in another way than the run's"
        raise InputError([Problem(None, None, None, "EX", message)])


def _name(use: TherapyUse) -> str:
    name = use.therapy.replace("_", " ").upper()
    return in_ascii(name if use.product is None else f"{name} ({use.product})", "therapy")


def _form(use: TherapyUse) -> str:
    form = use.formulation or ("" if use.strength is None else use.strength.text)
    return in_ascii(form, "formulation")


def _unit(use: TherapyUse, dose: Quantity) -> str:
    return in_ascii(f"{dose.unit}/cm2" if use.per == PER_AREA else dose.unit, "unit")


def _frequency(phase: Phase) -> str:
    if phase.per_day is not None:
        return TIMES_A_DAY.get(phase.per_day, f"{phase.per_day:g} TIMES PER DAY")
    if phase.days:
        return f"EVERY {', '.join(phase.days)}".upper()
    if phase.every is None:
        return "ONCE"
    days = phase.every * DAYS_PER_WEEK
    return f"EVERY {phase.every:g} WEEKS" if days >= DAYS_PER_WEEK else f"EVERY {days:.3g} DAYS"


def _epochs(trial: Trial, rows: pd.DataFrame) -> pd.Series:
    if not trial.plan.crossover:
        return pd.Series("TREATMENT", index=rows.index)
    return "TREATMENT " + rows["period"].astype("str")
