"""One simulated trial of a run, as its datasets are made of it: subjects with identifiers and dates, visits, events.

A run knows weeks, not dates. Dates here count from a day that was chosen: recruitment opens on 2000-01-03, a Monday, as
week 0 of a schedule begins on one; in the middle of the month where a study names its season. Without enrolment
everybody is enrolled on that day. A time within a day is cut off, so that study day 1 is the day of baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.subject import Subject
from anagen.study import Study
from anagen.study.models import MONTHS
from anagen.trials.protocol import Protocol

FIRST_DAY = "2000-01-03"
ROUNDING = 1e-9
"""Days that a week times seven can fall short of a whole day by."""


@dataclass(frozen=True)
class Trial:
    """One trial of a run.

    Attributes
    ----------
    study : Study
        As it was simulated.
    plan : Protocol
        The same, resolved.
    number : int
        Of the trial in the run, from 0: its replicate.
    draw : int
        Parameter draw under which it was simulated; 0: central values.
    manifest : dict
        Of the run.
    patients : DataFrame
        A row for each subject and arm that was given.
    visits : DataFrame
        What was measured, in the arm given; values that were not measured are left out.
    events : DataFrame
        Adverse events.
    """

    study: Study
    plan: Protocol
    number: int
    draw: int
    manifest: dict[str, Any]
    patients: pd.DataFrame
    visits: pd.DataFrame
    events: pd.DataFrame

    @property
    def identifier(self) -> str:
        """STUDYID."""
        return f"SYNTHETIC-{self.study.study}"

    @cached_property
    def arm_names(self) -> tuple[str, ...]:
        """Names of the arms in ASCII."""
        return tuple(in_ascii(arm, "arms.name") for arm in self.plan.arms)

    @cached_property
    def name_at(self) -> dict[int, str]:
        """Place of an arm -> its name in ASCII."""
        return dict(enumerate(self.arm_names))

    @cached_property
    def arm_of(self) -> dict[str, int]:
        """Arm as the tables have it -> its place."""
        return {arm: place for place, arm in enumerate(self.plan.arms)}

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row for each subject, by its number: identifiers, dates, whether and when it left."""
        first = self.first
        number = first.index.to_series()
        table = pd.DataFrame(index=first.index)
        table["SUBJID"] = [f"{patient:05d}" for patient in number]
        table["SITEID"] = (
            first["centre"].map(lambda centre: f"{int(float(str(centre))):03d}") if "centre" in first else "001"
        )
        table["USUBJID"] = self.identifier + "-" + str(self.number) + "-" + table["SITEID"] + "-" + table["SUBJID"]
        enrolled = (
            first["enrolled_week"].to_numpy(dtype=np.float64) if "enrolled_week" in first else np.zeros(len(first))
        )
        wash_in = self.study.design.wash_in or 0.0
        table["enrolled"] = self._dates(days_of(enrolled))
        table["baseline"] = self._dates(days_of(enrolled + wash_in))
        grouped = self.courses.rename(columns={"patient": "of"}).groupby("of")
        gone = np.floor(grouped["left"].max() + ROUNDING)
        between = grouped.size().lt(len(self.plan.arms)) & gone.isna() if self.plan.crossover else gone.isna() & False
        table["left"] = gone.notna() | between
        table["left_between"] = between
        reason = grouped["dropout_reason"].agg(lambda of: next((str(r) for r in of if isinstance(r, str) and r), ""))
        table["reason"] = reason
        last = np.where(between, self.last_day, self.end_day)
        table["end"] = np.where(gone.notna(), gone.fillna(0.0), last)
        return table

    @property
    def first(self) -> pd.DataFrame:
        """The first course of each subject, by its number."""
        return self.courses.drop_duplicates("patient").set_index("patient").rename_axis(None)

    @cached_property
    def courses(self) -> pd.DataFrame:
        """A row for each subject and arm given, in the order of periods: begin and leaving in days from baseline."""
        table = self.patients.copy()
        table["place"] = table["arm"].astype("object").map(self.arm_of).astype("int64")
        period = table["period"].astype("int64") if self.plan.crossover else 1
        table["period"] = period
        table["begin"] = np.where(table["period"] == 2, days_of(np.array([self.plan.second]))[0], 0)
        table["left"] = table["begin"] + table["dropout_week"] * DAYS_PER_WEEK
        return table.sort_values(["patient", "period", "place"], kind="stable", ignore_index=True)

    @property
    def last_day(self) -> int:
        """Day of the last visit of a period, from its beginning."""
        return int(days_of(self.plan.weeks[-1:])[0])

    @property
    def end_day(self) -> int:
        """Day of the last visit of the trial, from baseline."""
        return int(days_of(np.array([self.plan.duration]))[0])

    def of_people(self, patients: pd.Series, column: str) -> pd.Series:
        """A column of `people` for rows of subjects."""
        return patients.map(self.people[column])

    def course_of(self, rows: pd.DataFrame, column: str) -> pd.Series:
        """A column of `courses` for rows with `patient` and `arm`."""
        by = self.courses.assign(arm=self.courses["arm"].astype("object")).set_index(["patient", "arm"])[column]
        keys = pd.MultiIndex.from_arrays([rows["patient"], rows["arm"].astype("object")])
        return pd.Series(by.reindex(keys).to_numpy(), index=rows.index)

    def date_at(self, patients: pd.Series, day: pd.Series | FloatArray) -> pd.Series:
        """Dates, of days from baseline; missing where the day is."""
        days = pd.Series(np.asarray(day, dtype=np.float64), index=patients.index)
        baseline = self.of_people(patients, "baseline")
        return baseline + pd.to_timedelta(days.fillna(0.0), unit="D").astype("timedelta64[s]").mask(days.isna())

    def _dates(self, days: FloatArray) -> Any:
        season = self.study.population.season
        first = f"2000-{1 + MONTHS.index(season):02d}-15" if isinstance(season, str) else FIRST_DAY
        return np.datetime64(first, "s") + (days * 86_400).astype("timedelta64[s]")


def days_of(weeks: FloatArray) -> FloatArray:
    """Whole days of weeks; missing ones stay missing.

    Examples
    --------
    >>> days_of(np.array([0.0, 24.0, 0.4, np.nan])).tolist()
    [0.0, 168.0, 2.0, nan]
    """
    return np.floor(np.asarray(weeks, dtype=np.float64) * DAYS_PER_WEEK + ROUNDING)


def iso(dates: pd.Series) -> pd.Series:
    """Dates as ISO 8601 text, missing ones as empty text."""
    return dates.dt.strftime("%Y-%m-%d").astype("object").where(dates.notna(), "")


def study_day(days: pd.Series | FloatArray) -> pd.Series:
    """Study days, of days from baseline: 1 on its day, -1 on the day before."""
    whole = pd.Series(days, dtype="float64")
    return whole + (whole >= 0.0)


def trial_of(subject: Subject) -> Trial:
    """The trial that is exported.

    Parameters
    ----------
    subject : Subject
        A run, and the number of one of its trials.

    Returns
    -------
    Trial
        The first where none is named.

    Raises
    ------
    InputError
        Where the run has no such trial, or kept no rows of it.
    """
    contents = subject.contents
    assert contents is not None  # the format takes a run
    number = subject.replicate
    rows = {
        name: contents.first(name) if number == 0 else contents.rows[name].whole
        for name in ("patients", "visits", "events")
    }
    of_trial = {name: table[table["replicate"] == number].reset_index(drop=True) for name, table in rows.items()}
    if not len(of_trial["patients"]):
        many = int(contents.manifest["replicates"])
        kept = "kept the rows of its first trial alone (--keep effects)" if number < many else f"has {many} trials"
        message = f"there are no rows of trial {number}: the run {kept}, counted from 0"
        raise InputError([Problem(str(subject.run), None, None, "--replicate", message)])
    visits = of_trial["visits"]
    visits = visits[visits["assigned"]].reset_index(drop=True)
    there = visits[visits["measured"].notna()].reset_index(drop=True)
    # the file holds 32 bits: the shortest decimal that is this value, not its binary digits
    there["value"] = np.array([float(str(value)) for value in there["measured"].to_numpy(dtype=np.float32)])
    return Trial(
        study=subject.study,
        plan=subject.protocol,
        number=number,
        draw=int(visits["draw"].iloc[0]),
        manifest=dict(contents.manifest),
        patients=of_trial["patients"],
        visits=there,
        events=of_trial["events"],
    )
