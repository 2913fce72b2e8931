"""What an arm is given: therapies with route, dose, settings and schedule, in weeks from baseline."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    Field,
    StrictBool,
    StrictStr,
    model_validator,
)

from anagen.core.fields import Whole, broken
from anagen.delivery.adherence import greatest_sd, is_possible
from anagen.study.values import (
    MOST_WEEKS,
    ArmName,
    Attachment,
    Model,
    NonNegative,
    Patients,
    Positive,
    Quantity,
    Share,
    Week,
)

FILLED_IN = ("product_file", "called", "follows")
"""Keys of a therapy that the loader fills in; nobody is told to write them."""
LEAST_INTERVAL = 0.142
"""Least time between two sessions [weeks]: a day, as it is written with three digits."""


class Schedule(Model):
    """When a therapy is given, in weeks from baseline: either sessions, or so many times a day."""

    start: Week = Field(default=0.0, description="Week of the first session or dose.")
    every: Annotated[Positive, Field(le=MOST_WEEKS)] | None = Field(default=None, description="Weeks between sessions.")
    sessions: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(default=None, description="Number of sessions.")
    per_day: Annotated[Positive, Field(le=24.0)] | None = Field(default=None, description="Times a day.")
    until: Week | None = Field(default=None, description="Week in which it ends; the last visit where left out.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.per_day is not None and self.sessions is not None:
            raise broken(
                "sessions", "cannot stand together with per_day: a therapy is given in sessions or so many times a day"
            )
        if self.per_day is not None and self.every is not None:
            raise broken(
                "every", "cannot stand together with per_day: a therapy is given in sessions or so many times a day"
            )
        if self.sessions is not None and self.sessions > 1 and self.every is None:
            raise broken("sessions", f"{self.sessions} sessions need `every`, the weeks between them, e.g. every: 2")
        if self.every is not None and self.every < LEAST_INTERVAL:
            raise broken(
                "every", f"{self.every:g} weeks is less than a day; sessions are at least a day apart (0.143 weeks)"
            )
        if self.until is not None and self.until <= self.start:
            raise broken("until", f"week {self.until:g} is not after start (week {self.start:g})")
        if self.until is not None and self.sessions is not None:
            last = self.start + (self.every or 0.0) * (self.sessions - 1)
            if last > self.until:
                raise broken(
                    "until", f"week {self.until:g} is before the last of the {self.sessions} sessions (week {last:g})"
                )
        return self

    def session_weeks(self) -> tuple[float, ...]:
        """Weeks of the sessions; empty where it is given daily or never.

        Examples
        --------
        >>> Schedule(start=0, every=2, sessions=3).session_weeks()
        (0.0, 2.0, 4.0)
        """
        return tuple(self.start + (self.every or 0.0) * number for number in range(self.sessions or 0))


class Adherence(Model):
    """Share of the daily doses that patients take."""

    mean: Share = Field(description="Mean share of doses taken, 0 to 1.")
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
        default_factory=Schedule, description="When; the therapy's usual schedule where left out."
    )
    adherence: Adherence | None = Field(
        default=None, description="Share of daily doses taken; all of them where left out."
    )
    called: StrictStr | None = Field(
        default=None, description="Other name by which the file called the therapy; filled in by the loader."
    )
    follows: dict[StrictStr, StrictStr] = Field(
        default_factory=dict,
        description="What a control takes from the arm that it is the control of, where the file leaves it out; "
        "filled in by the loader.",
    )


class Arm(Model):
    """A group of patients (or, in a split-scalp trial, one side of every patient) and what it is given."""

    name: ArmName = Field(description="Name of the arm, used once.", examples=["exosome"])
    patients: Patients = Field(description="Patients randomised to the arm.", examples=[30])
    control: StrictBool = Field(default=False, description="True for an arm that others are compared with.")
    comparator: ArmName | None = Field(
        default=None, description="Arm that this one is compared with; the first control arm where left out."
    )
    therapies: tuple[TherapyUse, ...] = Field(default=(), description="What the arm is given; empty for no treatment.")
