"""What an arm is given: therapies with route, dose, settings and schedule, in weeks from baseline."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, islice, pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictStr,
    model_validator,
)

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.fields import Whole, broken
from anagen.delivery.adherence import greatest_sd, is_possible
from anagen.study.values import (
    MOST_WEEKS,
    ArmName,
    Attachment,
    Model,
    NonNegative,
    Number,
    Patients,
    Positive,
    Quantity,
    Share,
    Week,
)

FILLED_IN = ("product_file", "called", "follows", "unreported", "counted")
"""Keys of a therapy that the loader fills in; nobody is told to write them."""
LEAST_INTERVAL = 0.142
"""Least time between two sessions [weeks]: a day, as it is written with three digits."""


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Week 0 and every other week begin on a Monday."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
RHYTHMS = ("per_day", "every", "days")
"""Keys of which a schedule has one: so many times a day, or a session or dose at an interval or on days of the week."""
TAKEN = ("day", "application")
"""What a dose is per where patients take it themselves, so that they can miss it."""


class Phase(Model):
    """A stretch of time in which something is given in one rhythm, in weeks from baseline; or a pause."""

    start: Week = Field(default=0.0, description="Week of the first session or dose; `from` is the same.")
    every: Annotated[Positive, Field(le=MOST_WEEKS)] | None = Field(
        default=None, description='Weeks between sessions or doses, or text such as "2 days".'
    )
    sessions: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(default=None, description="Number of sessions.")
    per_day: Annotated[Positive, Field(le=24.0)] | None = Field(default=None, description="Times a day.")
    until: Week | None = Field(default=None, description="Week in which it ends; the last visit where left out.")
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = Field(
        default=None, description="Days of the week; week 0 begins on a Monday.", examples=[["monday", "thursday"]]
    )
    dose: Quantity | None = Field(default=None, description="Dose in this phase, in place of the therapy's.")
    doses: Annotated[tuple[Quantity, ...], Field(min_length=1)] | None = Field(
        default=None, description="Dose of each session, in place of the therapy's."
    )
    pause: StrictBool = Field(default=False, description="True where nothing is given in this phase.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self._one_rhythm()
        if self.sessions is not None and self.sessions > 1 and self.every is None and not self.days:
            raise broken("sessions", f"{self.sessions} sessions need `every`, the weeks between them, e.g. every: 2")
        if self.every is not None and self.every < LEAST_INTERVAL:
            raise broken(
                "every", f"{self.every:g} weeks is less than a day; sessions are at least a day apart (0.143 weeks)"
            )
        if self.until is not None and self.until <= self.start:
            raise broken("until", f"week {self.until:g} is not after the week in which it begins (week {self.start:g})")
        if self.until is not None and self.sessions is not None:
            last = self.session_weeks()[-1]
            if last > self.until:
                raise broken(
                    "until", f"week {self.until:g} is before the last of the {self.sessions} sessions (week {last:g})"
                )
        if self.doses and self.dose is not None:
            raise broken("doses", "cannot stand together with dose: give one dose, or a dose for each session")
        if self.doses and len(self.doses) != self.sessions:
            given = "no sessions" if self.sessions is None else f"{self.sessions} sessions"
            raise broken("doses", f"{len(self.doses)} doses are given for {given}; give one for each session")
        return self

    def _one_rhythm(self) -> None:
        """A therapy is given in sessions, on days of the week or so many times a day, and in a pause not at all."""
        if self.per_day is not None and self.sessions is not None:
            raise broken(
                "sessions", "cannot stand together with per_day: a therapy is given in sessions or so many times a day"
            )
        if self.per_day is not None and self.every is not None:
            raise broken(
                "every", "cannot stand together with per_day: a therapy is given in sessions or so many times a day"
            )
        if self.days and (self.per_day is not None or self.every is not None):
            other = "per_day" if self.per_day is not None else "every"
            raise broken("days", f"cannot stand together with {other}: name days of the week, or give {other}")
        if self.pause:
            named = next((key for key in ("dose", "doses", "sessions", *RHYTHMS) if getattr(self, key)), None)
            if named is not None:
                raise broken(named, "cannot stand in a pause, in which nothing is given; leave the key or pause out")

    def session_weeks(self) -> tuple[float, ...]:
        """Weeks of the sessions; empty where it is given daily or never.

        Examples
        --------
        >>> Phase(start=0, every=2, sessions=3).session_weeks()
        (0.0, 2.0, 4.0)
        >>> Phase(start=0, days=("monday", "thursday"), sessions=3, until=4).session_weeks()
        (0.0, 0.42857142857142855, 1.0)
        """
        number = self.sessions or 0
        if not self.days:
            return tuple(self.start + (self.every or 0.0) * session for session in range(number))
        return tuple(islice(weekday_weeks(self.days, self.start), number))


def weekday_weeks(days: Sequence[str], start: float) -> Iterator[float]:
    """Weeks from baseline of days of the week, from a week on, without end.

    Parameters
    ----------
    days : Sequence[str]
        Names of days.
    start : float
        Week from which on.

    Yields
    ------
    float
        Week, with the day as its fraction; increasing.

    Examples
    --------
    >>> list(islice(weekday_weeks(["tuesday"], 0.5), 2))
    [1.1428571428571428, 2.142857142857143]
    """
    places = sorted(WEEKDAYS.index(day) for day in days)
    for week in count(math.floor(start)):
        for place in places:
            when = (DAYS_PER_WEEK * week + place) / DAYS_PER_WEEK
            if when >= start - 1e-9:
                yield when


class Schedule(Phase):
    """When a therapy is given: sessions, days of the week or so many times a day; or phases, one after the other."""

    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] | None = Field(
        default=None, description="Phases, one after the other; in a file `schedule` is their list."
    )

    @model_validator(mode="after")
    def _phases_alone(self) -> Self:
        alone = Phase.model_fields
        named = [key for key, field in alone.items() if self.phases and getattr(self, key) != field.default]
        if named:
            raise broken(named[0], "cannot stand beside phases; write it in a phase")
        if self.phases and all(phase.pause for phase in self.phases):
            raise broken("phases", "are nothing but pauses; give a phase in which something is given")
        for place, (before, after) in enumerate(pairwise(self.phases or ())):
            end = before.until if before.until is not None else max(before.session_weeks(), default=None)
            if end is None or after.start < end - 1e-9:
                raise broken(
                    "phases",
                    f"phase {place + 2} begins in week {after.start:g}, before the phase before it ends; give that one "
                    "`until`",
                )
        return self

    @property
    def parts(self) -> tuple[Phase, ...]:
        """Phases in which something is given; the schedule itself where it has no phases."""
        return tuple(phase for phase in self.phases if not phase.pause) if self.phases else (self,)

    def session_weeks(self) -> tuple[float, ...]:
        """Weeks of the sessions of all phases; empty where it is given daily or never.

        Examples
        --------
        >>> Schedule(phases=(Phase(every=1, sessions=2), Phase(start=4, sessions=1))).session_weeks()
        (0.0, 1.0, 4.0)
        """
        if not self.phases:
            return super().session_weeks()
        return tuple(week for phase in self.parts for week in phase.session_weeks())


class Adherence(Model):
    """Share of the daily doses that patients take, or of the sessions that they attend."""

    mean: Share = Field(description="Mean share of doses taken or sessions attended, 0 to 1.")
    sd: Annotated[NonNegative, Field(le=0.5)] = Field(default=0.0, description="Standard deviation between patients.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not is_possible(self.mean, self.sd):
            greatest = greatest_sd(self.mean)
            raise broken(
                "sd",
                f"{self.sd:g} is impossible: shares with a mean of {self.mean:g} deviate by less than {greatest:.3g}, "
                "as if everybody took all doses or none",
            )
        return self


class TherapyUse(Model):
    """One therapy of an arm: what, how, how much and when."""

    therapy: StrictStr = Field(description="Name of the therapy; controls are therapies too.", examples=["exosome"])
    product: StrictStr | None = Field(
        default=None, description="Library name of the product, or path of a product file from the study's folder."
    )
    product_file: Attachment | None = Field(
        default=None, description="The product file with its text; filled in where `product` is a path."
    )
    formulation: StrictStr | None = Field(default=None, description="Formulation, which sets the strength.")
    strength: Quantity | None = Field(
        default=None,
        description="Strength of what is laid on, where it is none of the formulations; per cent or mg/mL.",
        examples=["7 %"],
    )
    route: StrictStr = Field(description="How it is given; the therapy's usual route where left out.")
    dose: Quantity | None = Field(
        default=None, description="Dose with its unit; the therapy's usual dose where left out."
    )
    per: StrictStr = Field(description="What the dose is per; the therapy's usual where left out.")
    treated_area: Quantity | None = Field(
        default=None, description="Area over which a dose is spread, where a therapy is given by area; 100 cm^2."
    )
    settings: dict[str, Quantity] = Field(
        default_factory=dict, description="Settings of the route; its defaults where left out."
    )
    schedule: Schedule = Field(
        default_factory=Schedule,
        description="When: a rhythm, or a list of phases; the therapy's usual schedule where left out.",
    )
    adherence: Adherence | None = Field(
        default=None, description="Share of daily doses taken, or of sessions attended; all of them where left out."
    )
    called: StrictStr | None = Field(
        default=None, description="Other name by which the file called the therapy; filled in by the loader."
    )
    follows: dict[StrictStr, StrictStr] = Field(
        default_factory=dict,
        description="What a control takes from the arm that it is the control of, where the file leaves it out; "
        "filled in by the loader.",
    )

    unreported: tuple[Literal["dose", "schedule", "sessions", "every"], ...] = Field(
        default=(),
        description="What the file says was not reported, so that the usual was simulated; filled in by the loader.",
    )

    @property
    def taken(self) -> bool:
        """Whether patients take it themselves, so that adherence thins doses out."""
        return self.per in TAKEN or any(phase.per_day is not None for phase in self.schedule.parts)


class Rescue(Model):
    """What patients of an arm who have not responded by a visit go on with; the others go on with the arm's own."""

    week: Week = Field(description="Week of the visit that decides, between the first and the last.", examples=[24])
    endpoint: StrictStr = Field(description="What is measured to decide.", examples=["total_density"])
    change_below: Number | None = Field(
        default=None,
        description="Rescued is who has changed from baseline by less, in the endpoint's unit, where more is better.",
        examples=[5],
    )
    change_above: Number | None = Field(
        default=None,
        description="Rescued is who has changed from baseline by more, in the endpoint's unit, where less is better.",
        examples=[-20],
    )
    therapies: Annotated[tuple[TherapyUse, ...], Field(min_length=1)] = Field(
        description="What the rescued are given from that week on, in place of the arm's own therapies."
    )

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        if self.change_below is None and self.change_above is None:
            raise broken("", "needs change_below, or change_above where less is better: the change that is too little")
        if self.change_below is not None and self.change_above is not None:
            raise broken("change_above", "cannot stand together with change_below: give one of the two")
        return self


class Arm(Model):
    """A group of patients (or, in a split-scalp trial, one side of every patient) and what it is given."""

    name: ArmName = Field(description="Name of the arm, used once.", examples=["exosome"])
    patients: Patients = Field(description="Patients randomised to the arm.", examples=[30])
    control: StrictBool = Field(default=False, description="True for an arm that others are compared with.")
    comparator: ArmName | None = Field(
        default=None, description="Arm that this one is compared with; the first control arm where left out."
    )
    further_comparators: tuple[ArmName, ...] = Field(
        default=(), description="Arms that this one is compared with as well.", exclude_if=lambda value: not value
    )
    therapies: tuple[TherapyUse, ...] = Field(default=(), description="What the arm is given; empty for no treatment.")
    rescue: Rescue | None = Field(default=None, description="Switch of those who do not respond, if any.")

    @property
    def uses(self) -> tuple[TherapyUse, ...]:
        """What the arm can be given: its own therapies, then those of its rescue."""
        return self.therapies + (() if self.rescue is None else self.rescue.therapies)
