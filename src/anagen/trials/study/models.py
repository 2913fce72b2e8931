"""The study as it is simulated: frozen models with the names of the study file, every default filled in.

Weeks count from baseline. A `Quantity` carries its value in the unit that the package uses. Rules that need only the
model itself are here; rules across sections are in `population_rules`, `arm_rules` and `trial_rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    StrictBool,
    StrictStr,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from anagen.results.schema import RESPONDERS

MOST_PATIENTS = 1_000_000
MOST_WEEKS = 1040.0
"""Twenty years: nothing longer has been published for hair, and tables of the simulation are daily."""

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[Number, Field(gt=0.0)]
NonNegative = Annotated[Number, Field(ge=0.0)]
Share = Annotated[Number, Field(ge=0.0, le=1.0)]
Week = Annotated[Number, Field(ge=0.0, le=MOST_WEEKS)]
Patients = Annotated[int, Strict(), Field(ge=1, le=MOST_PATIENTS)]
Text = Annotated[StrictStr, StringConstraints(min_length=1, max_length=2000)]
StudyName = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ArmName = Annotated[
    StrictStr, StringConstraints(pattern=r"^[^\s\x00-\x1f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$", max_length=60)
]

Season = Literal[
    False,
    True,
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS: tuple[str, ...] = tuple(month for month in get_args(Season) if isinstance(month, str))
Measure = Literal["change", "percent_change", "value", "responder", "responder_percent", "responder_value"]
ObservedMeasure = Literal[
    "change", "percent_change", "value", "responder", "responder_percent", "responder_value", "share"
]
Read = Literal["full text", "abstract", "secondary source", "memory", "derived"]


def broken(key: str, message: str) -> PydanticCustomError:
    """A rule of a model that is broken: the wrong key (empty for the model itself) and the words for the user."""
    return PydanticCustomError("rule", "{words}", {"words": message, "key": key})


class Model(BaseModel):
    """What all models share: they cannot be changed and know all their keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(Model):
    """A quantity with a unit; in the file it is text such as "1e10 particles"."""

    value: NonNegative = Field(description="Value in `unit`.")
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
    """A normal distribution cut off at both ends."""

    mean: NonNegative = Field(description="Mean.")
    sd: NonNegative = Field(description="Standard deviation.")
    min: NonNegative = Field(description="Least value that occurs.")
    max: NonNegative = Field(description="Greatest value that occurs.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise broken("min", f"{self.min:g} is above max ({self.max:g})")
        if not self.min <= self.mean <= self.max:
            raise broken("mean", f"{self.mean:g} is not between min ({self.min:g}) and max ({self.max:g})")
        return self


class MeanSd(Model):
    """A published mean with its standard deviation between patients."""

    mean: Positive = Field(description="Published mean, in the endpoint's unit.")
    sd: Positive | None = Field(default=None, description="Published standard deviation between patients, if printed.")


def _severity_kind(value: object) -> str:
    """Which of the two forms of a severity is meant: a range of numbers, or a list of grades."""
    return "range" if isinstance(value, dict | Range) else "grades"


Severity = Annotated[
    Annotated[tuple[StrictStr, ...], Tag("grades"), Field(min_length=1)] | Annotated[Range, Tag("range")],
    Discriminator(_severity_kind),
]


class Population(Model):
    """Who is screened: covariates, inclusion criteria on measured baselines, and a published baseline to match."""

    condition: StrictStr = Field(description="Hair disease, or healthy.", examples=["aga"])
    sex: dict[str, Share] = Field(description="Share of each sex; the shares add up to 1.", examples=[{"male": 1.0}])
    age: Spread = Field(description="Age in years.", examples=[{"mean": 38, "sd": 9, "min": 20, "max": 60}])
    ethnicity: dict[str, Share] = Field(description="Share of each; the shares add up to 1.", examples=[{"asian": 1.0}])
    severity: dict[str, Severity] = Field(
        default_factory=dict,
        description="Grading scale -> grades admitted (a range on a scale of numbers). The usual mix where left out.",
        examples=[{"norwood": ["III", "IIIv", "IV", "V"]}],
    )
    years_since_onset: Spread | None = Field(
        default=None, description="Years of untreated loss before baseline; drawn where left out."
    )
    onset_week: Annotated[Number, Field(ge=-MOST_WEEKS, le=MOST_WEEKS)] | None = Field(
        default=None, description="Week from baseline in which a triggered condition begins; negative is before it."
    )
    season: Season = Field(
        default=False, description="Whether hair has seasons: true for a start in any month, or the month of baseline."
    )
    inclusion: dict[str, Range] = Field(
        default_factory=dict,
        description="Endpoint -> range that the measured baseline must lie in.",
        examples=[{"total_density": {"min": 60, "max": 190}}],
    )
    baseline: dict[str, MeanSd] = Field(
        default_factory=dict,
        description="One hair density and its published baseline, to which the simulated patients are matched.",
        examples=[{"total_density": {"mean": 121.7, "sd": 30}}],
    )
    exclusions: tuple[StrictStr, ...] = Field(
        default=(),
        description="Who is not admitted for safety, by name; it answers contraindications and changes no covariate.",
        examples=[["pregnancy_potential"]],
    )


class Schedule(Model):
    """When a therapy is given, in weeks from baseline: either sessions, or so many times a day."""

    start: Week = Field(default=0.0, description="Week of the first session or dose.")
    every: Annotated[Positive, Field(le=MOST_WEEKS)] | None = Field(default=None, description="Weeks between sessions.")
    sessions: Annotated[int, Strict(), Field(ge=1, le=1000)] | None = Field(
        default=None, description="Number of sessions."
    )
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

        Example:
            >>> Schedule(start=0, every=2, sessions=3).session_weeks()
            (0.0, 2.0, 4.0)
        """
        return tuple(self.start + (self.every or 0.0) * number for number in range(self.sessions or 0))


class Adherence(Model):
    """Share of the daily doses that patients take."""

    mean: Share = Field(description="Mean share of doses taken, 0 to 1.")
    sd: Annotated[NonNegative, Field(le=0.5)] = Field(default=0.0, description="Standard deviation between patients.")


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


class Arm(Model):
    """A group of patients (or, in a split-scalp trial, one side of every patient) and what it is given."""

    name: ArmName = Field(description="Name of the arm, used once.", examples=["exosome"])
    patients: Patients = Field(description="Patients randomised to the arm.", examples=[30])
    control: StrictBool = Field(default=False, description="True for an arm that others are compared with.")
    comparator: ArmName | None = Field(
        default=None, description="Arm that this one is compared with; the first control arm where left out."
    )
    therapies: tuple[TherapyUse, ...] = Field(default=(), description="What the arm is given; empty for no treatment.")


class Measurement(Model):
    """Where, on how much skin, with which instrument and when hair is measured."""

    zone: StrictStr = Field(description="Zone of the scalp.", examples=["vertex"])
    target_area: Quantity = Field(description="Area in which hairs are counted.", examples=["1 cm^2"])
    method: StrictStr = Field(description="Instrument.", examples=["phototrichogram"])
    visits: Annotated[tuple[Week, ...], Field(min_length=2, max_length=400)] = Field(
        description="Weeks of the visits, increasing; the first is 0, the baseline.", examples=[[0, 12, 24]]
    )


class EndpointChoice(Model):
    """What is compared between arms, when, and as which measure."""

    endpoint: StrictStr = Field(description="What is measured.", examples=["total_density"])
    week: Annotated[Number, Field(gt=0.0, le=MOST_WEEKS)] = Field(
        description="Week of a visit after baseline.", examples=[24]
    )
    measure: Measure = Field(
        description="Change from baseline in the endpoint's unit, change in per cent, value, or share of responders: "
        "by change, by change in per cent, or by value."
    )
    threshold: Number | None = Field(
        default=None,
        description="Change (in the endpoint's unit, or in per cent) or value from which a patient is a responder.",
    )

    @model_validator(mode="after")
    def _threshold_fits(self) -> Self:
        if self.measure in RESPONDERS and self.threshold is None:
            raise broken(
                "threshold", "is missing: measure responder needs the least change that counts, e.g. threshold: 10"
            )
        if self.measure not in RESPONDERS and self.threshold is not None:
            raise broken("threshold", f"belongs to measure responder only, and the measure is {self.measure}")
        return self


class Endpoints(Model):
    """The question of the trial: one primary endpoint, and secondary ones."""

    primary: EndpointChoice = Field(description="The endpoint that decides.")
    secondary: tuple[EndpointChoice, ...] = Field(default=(), description="Further endpoints.")


class Randomisation(Model):
    """How patients are allocated to arms."""

    method: Literal["block", "simple"] = Field(default="block", description="Permuted blocks, or one shuffled list.")
    block: Annotated[int, Strict(), Field(ge=1, le=MOST_PATIENTS)] = Field(description="Size of a block.", examples=[4])
    strata: tuple[Literal["severity", "sex", "ethnicity"], ...] = Field(
        default=(), description="Covariates with a list each."
    )


class Design(Model):
    """How the trial is run."""

    layout: Literal["parallel", "split_scalp"] = Field(
        default="parallel", description="Arms are patients, or sides of the same patients."
    )
    randomisation: Randomisation = Field(description="How patients are allocated to arms.")
    blinding: Literal["none", "assessor", "double"] = Field(
        default="none", description="Who does not know what was given."
    )
    dropout: Annotated[Number, Field(ge=0.0, lt=1.0)] = Field(
        default=0.0, description="Share of patients lost by the last visit for reasons other than an adverse event."
    )


class Analysis(Model):
    """How the trial is analysed."""

    method: Literal["ancova"] = Field(
        default="ancova", description="Analysis of covariance with the baseline as covariate."
    )
    estimand: Literal["treatment_policy"] = Field(default="treatment_policy", description="What the effect means.")
    alpha: Annotated[Number, Field(gt=0.0, le=0.5)] = Field(default=0.05, description="Two-sided significance level.")


class Safety(Model):
    """Rare adverse events to simulate on top, and contraindications that the study departs from on purpose."""

    scenarios: tuple[StrictStr, ...] = Field(
        default=(), description="Rare events without a known rate, by name; off where left out."
    )
    accepted: tuple[StrictStr, ...] = Field(
        default=(), description="Contraindications, by name, that the study departs from on purpose."
    )


class Observed(Model):
    """One published result of an arm, or of the difference between two arms."""

    arm: StrictStr | None = Field(default=None, description="Arm that the result belongs to.")
    contrast: tuple[StrictStr, StrictStr] | None = Field(
        default=None, description="Two arms: the first minus the second."
    )
    endpoint: StrictStr = Field(description="What was measured, or adverse_event:<name>.", examples=["total_density"])
    week: Week | None = Field(default=None, description="Week of a visit; only adverse events can do without.")
    measure: ObservedMeasure = Field(description="As for endpoints; share (0 to 1) for adverse events.")
    mean: Number | None = Field(default=None, description="Mean as printed.")
    median: Number | None = Field(default=None, description="Median as printed.")
    sd: NonNegative | None = Field(default=None, description="Standard deviation between patients.")
    se: NonNegative | None = Field(default=None, description="Standard error.")
    ci: tuple[Number, Number] | None = Field(default=None, description="95 % confidence interval.")
    iqr: NonNegative | None = Field(default=None, description="Width of the interquartile range.")
    n: Patients | None = Field(
        default=None, description="Patients behind the number; of both arms together for a contrast."
    )
    threshold: Number | None = Field(default=None, description="Threshold of measure responder.")
    source: Text = Field(description="DOI, PMID or registry number.", examples=["doi:10.1067/mjd.2002.124088"])
    read: Read = Field(description="Where the number was read; derived where it was computed from printed ones.")
    note: Text | None = Field(default=None, description="Formula of a derived value, and what a reader should know.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.arm is not None and self.contrast is not None:
            raise broken("contrast", "stands beside `arm`; a result belongs to one arm or to one contrast")
        if self.arm is None and self.contrast is None:
            raise broken("", "needs `arm`, or `contrast` with two arms")
        if self.mean is None and self.median is None:
            raise broken("", "needs `mean` or `median`")
        if self.ci is not None and self.ci[0] > self.ci[1]:
            raise broken("ci", f"the lower limit {self.ci[0]:g} is above the upper limit {self.ci[1]:g}")
        if self.ci is not None and self.mean is not None and not self.ci[0] <= self.mean <= self.ci[1]:
            raise broken(
                "mean", f"{self.mean:g} lies outside its confidence interval ({self.ci[0]:g} to {self.ci[1]:g})"
            )
        if self.contrast is not None and self.contrast[0] == self.contrast[1]:
            raise broken("contrast", f"{self.contrast[0]!r} is compared with itself")
        if self.measure == "share" or self.measure in RESPONDERS:
            for key, value in (("mean", self.mean), ("median", self.median)):
                if value is not None and not (-1.0 if self.contrast else 0.0) <= value <= 1.0:
                    raise broken(key, f"{value:g} is not a share; write 12 % as 0.12")
        if self.measure in RESPONDERS and self.threshold is None:
            raise broken(
                "threshold", "is missing: measure responder needs the least change that counts, e.g. threshold: 10"
            )
        if self.measure not in RESPONDERS and self.threshold is not None:
            raise broken("threshold", f"belongs to measure responder only, and the measure is {self.measure}")
        return self


class Mechanism(Model):
    """Edits of the signalling network for this study; the shipped network where left out."""

    without: tuple[StrictStr, ...] = Field(
        default=(), description="Edges, nodes or inputs to silence.", examples=[["AR->DKK1", "FIBROSIS"]]
    )
    network: Attachment | None = Field(
        default=None, description="File with nodes and edges that are added to the network or replace those there."
    )


class Study(Model):
    """A virtual trial: question, population, arms, measurement, endpoints, design, analysis, published results."""

    study: StudyName = Field(
        description="Unique name: lower-case letters, digits, hyphens.", examples=["exosome-vs-saline"]
    )
    title: Text = Field(description="The trial in one line.", examples=["Intradermal exosomes against saline"])
    question: Text | None = Field(default=None, description="The question that the trial answers.")
    source: Text | None = Field(
        default=None, description="DOI, PMID or registry number of the trial described, if any."
    )
    uncontrolled: Text | None = Field(default=None, description="Why the study has no control arm, where it has none.")
    population: Population
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=20)]
    measurement: Measurement
    endpoints: Endpoints
    design: Design
    analysis: Analysis = Field(default_factory=Analysis)
    safety: Safety = Field(default_factory=Safety)
    observed: tuple[Observed, ...] = ()
    mechanism: Mechanism | None = Field(default=None, description="Edits of the signalling network, if any.")
