"""What the models of a study are made of: bounded numbers, names, quantities with units, ranges and spreads."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictStr,
    StringConstraints,
    model_validator,
)

from anagen.core.fields import ONE_LINE, SOME_LINES, Whole, broken
from anagen.core.numbers import MOST_PATIENTS, MOST_WEEKS

LARGEST = 1e9
"""No number of a study that is not an amount with its unit comes near: a slip, or a number of particles."""
MOST_YEARS, MOST_DEVIATION = 100.0, 2.0

Finite = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Number = Annotated[Finite, Field(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[Number, Field(gt=0.0)]
NonNegative = Annotated[Number, Field(ge=0.0)]
Share = Annotated[Number, Field(ge=0.0, le=1.0)]
Years = Annotated[Number, Field(ge=0.0, le=MOST_YEARS)]
Week = Annotated[Number, Field(ge=0.0, le=MOST_WEEKS)]
Patients = Annotated[Whole, Field(ge=1, le=MOST_PATIENTS)]
Text = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2000), SOME_LINES]
Title = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2000), ONE_LINE]
STUDY_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ARM_NAME = r"^[^\s\x00-\x1f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
StudyName = Annotated[StrictStr, StringConstraints(pattern=STUDY_NAME, max_length=80)]


def _no_formula(name: str) -> str:
    if name[:1] in "=+-@":
        raise broken("", f"begins with {name[0]!r}, which makes a spreadsheet compute it; begin with a letter or digit")
    return name


ArmName = Annotated[
    StrictStr, StringConstraints(pattern=ARM_NAME, max_length=60), ONE_LINE, AfterValidator(_no_formula)
]


class Model(BaseModel):
    """What all models share: they cannot be changed and know all their keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(Model):
    """A quantity with a unit; in the file it is text such as "1e10 particles"."""

    value: Annotated[Finite, Field(ge=0.0)] = Field(description="Value in `unit`.")
    unit: StrictStr = Field(description="The unit in which the package keeps this quantity.")
    text: StrictStr = Field(description="The quantity as it was written.")


class Attachment(Model):
    """A file that the study names, kept with its text so that the study can be repeated without it."""

    file: StrictStr = Field(description="Name of the file, without its folder.")
    sha256: StrictStr = Field(description="SHA-256 of what the file says; comments and layout do not matter.")
    text: StrictStr = Field(description="Text of the file.")


class Range(Model):
    """Limits, both included; one of them can be left out."""

    min: Number | None = Field(default=None, description="Least value allowed.")
    max: Number | None = Field(default=None, description="Greatest value allowed.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is None and self.max is None:
            raise broken("", "needs min, max or both, e.g. {min: 60, max: 190}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise broken("min", f"{self.min:g} is above max ({self.max:g})")
        return self


class Spread(Model):
    """A normal distribution of years, cut off at both ends."""

    mean: Years = Field(description="Mean.")
    sd: Years = Field(description="Standard deviation.")
    min: Years = Field(description="Least value that occurs.")
    max: Years = Field(description="Greatest value that occurs.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise broken("min", f"{self.min:g} is above max ({self.max:g})")
        if not self.min <= self.mean <= self.max:
            raise broken("mean", f"{self.mean:g} is not between min ({self.min:g}) and max ({self.max:g})")
        return self


class Counted(Model):
    """How a file counts a week that is not counted from baseline; filled in by the loader."""

    after: Literal["last_session", "end_of_treatment"] = Field(description="What the weeks are counted from.")
    weeks: NonNegative = Field(description="Weeks after it.")
    arm: StrictStr | None = Field(default=None, description="Arm whose treatment counts, where the file names it.")
    week: Week = Field(description="Week from baseline.")


class MeanSd(Model):
    """A published mean with its standard deviation between patients."""

    mean: Positive = Field(description="Published mean, in the endpoint's unit.")
    sd: Positive | None = Field(default=None, description="Published standard deviation between patients, if printed.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.sd is not None and self.sd > MOST_DEVIATION * self.mean:
            raise broken(
                "sd",
                f"{self.sd:g} is impossible: values that cannot be negative and have a mean of {self.mean:g} hardly "
                f"deviate by more than {MOST_DEVIATION * self.mean:g}; is it the standard deviation, in the same unit?",
            )
        return self
