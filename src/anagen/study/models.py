"""The study as it is simulated: frozen models with the names of the study file, every default filled in.

Weeks count from baseline. A `Quantity` carries its value in the unit that the package uses. Rules that need only the
model itself are here; rules across sections are in `population_rules`, `arm_rules` and `trial_rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictStr,
    Tag,
    model_validator,
)

from anagen.core.fields import Whole
from anagen.study.analysis import Analysis, Stratum
from anagen.study.conduct import (
    Centres,
    Dropout,
    Enrolment,
    Hairs,
    Intercurrent,
    LostOrDropout,
    Noticed,
    Price,
    Time,
    unsaid,
)
from anagen.study.covariates import Blinding, Sham, Sponsor
from anagen.study.observed import Observed, check_threshold
from anagen.study.treatment import Arm, TherapyUse
from anagen.study.values import (
    MOST_PATIENTS,
    MOST_WEEKS,
    ArmName,
    Attachment,
    Counted,
    MeanSd,
    Model,
    Number,
    Quantity,
    Range,
    Share,
    Spread,
    StudyName,
    Text,
    Title,
    Week,
    Years,
)

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
        description="One hair density, the mean diameter or SALT with its published baseline, to which the simulated "
        "patients are matched.",
        examples=[{"total_density": {"mean": 121.7, "sd": 30}}],
    )
    empirical: Attachment | None = Field(
        default=None,
        description="File with the age, sex, ethnicity, grade and years since onset of patients, from whom simulated "
        "ones are drawn.",
        exclude_if=unsaid,
    )
    exclusions: tuple[StrictStr, ...] = Field(
        default=(),
        description="Who is not admitted for safety, by name; it answers contraindications and changes no covariate.",
        examples=[["pregnancy_potential"]],
    )


class Measurement(Model):
    """Where, on how much skin, with which instrument and when hair is measured."""

    zone: StrictStr = Field(description="Zone of the scalp.", examples=["vertex"])
    target_area: Quantity = Field(description="Area in which hairs are counted.", examples=["1 cm^2"])
    method: StrictStr = Field(description="Instrument.", examples=["phototrichogram"])
    visits: Annotated[tuple[Week, ...], Field(min_length=2, max_length=400)] = Field(
        description="Weeks of the visits, increasing; the first is 0, the baseline.", examples=[[0, 12, 24]]
    )
    counted: tuple[Counted, ...] = Field(
        default=(), description="Visits that the file does not count from baseline; filled in by the loader."
    )
    window: Time | None = Field(
        default=None,
        description="How far before or after its week a visit may take place; it moves the calendar of the trial.",
        examples=["1 week"],
        exclude_if=unsaid,
    )


class EndpointChoice(Model):
    """What is compared between arms, when, and as which measure."""

    endpoint: StrictStr = Field(description="What is measured.", examples=["total_density"])
    week: Annotated[Number, Field(gt=0.0, le=MOST_WEEKS)] = Field(
        description="Week of a visit after baseline.", examples=[24]
    )
    counted: Counted | None = Field(
        default=None, description="How the file counts the week, where not from baseline; filled in by the loader."
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
        check_threshold(self.measure, self.threshold)
        return self


class Endpoints(Model):
    """The question of the trial: one primary endpoint, and secondary ones."""

    primary: EndpointChoice = Field(description="The endpoint that decides.")
    secondary: tuple[EndpointChoice, ...] = Field(default=(), description="Further endpoints.")


class Randomisation(Model):
    """How patients are allocated to arms."""

    method: Literal["block", "simple", "minimisation", "cluster"] = Field(
        default="block",
        description="Permuted blocks, one shuffled list, minimisation over the strata, or whole centres.",
    )
    block: Annotated[Whole, Field(ge=1, le=MOST_PATIENTS)] = Field(description="Size of a block.", examples=[4])
    strata: tuple[Stratum, ...] = Field(default=(), description="Covariates with a list each.")
    age_bands: tuple[Years, ...] = Field(
        default=(),
        description="Ages at which a new band begins, where age is a stratum; the mean age where left out.",
        examples=[[30, 45]],
        exclude_if=unsaid,
    )
    exact: StrictBool = Field(
        default=False,
        description="With blocks within strata: every arm gets exactly its patients, as those of incomplete blocks are "
        "dealt together.",
        exclude_if=unsaid,
    )
    probability: Annotated[Number, Field(gt=0.0, le=1.0)] | None = Field(
        default=None,
        description="With minimisation: probability of the arm that balances best; 0.8 where left out.",
        exclude_if=unsaid,
    )


class Design(Model):
    """How the trial is run."""

    layout: Literal["parallel", "split_scalp", "crossover"] = Field(
        default="parallel",
        description="Arms are patients, sides of the same patients, or two periods of the same patients.",
    )
    washout: Annotated[Number, Field(ge=0.0, le=MOST_WEEKS)] | None = Field(
        default=None,
        description="With layout crossover: weeks without treatment between the last visit of the first period and "
        "the baseline of the second.",
        exclude_if=unsaid,
    )
    randomisation: Randomisation = Field(description="How patients are allocated to arms.")
    blinding: Literal["none", "assessor", "double"] = Field(
        default="none", description="Who does not know what was given."
    )
    dropout: LostOrDropout = Field(
        default=0.0,
        description="Share of patients lost by the last visit for reasons other than an adverse event, or that with "
        "arms and with what leaving depends on.",
    )
    centres: Centres | None = Field(
        default=None, description="Centres that recruit; one where left out.", exclude_if=unsaid
    )
    enrolment: Enrolment | None = Field(
        default=None, description="How fast patients are randomised; all at once where left out.", exclude_if=unsaid
    )
    wash_in: Annotated[Number, Field(gt=0.0, le=MOST_WEEKS)] | None = Field(
        default=None,
        description="Weeks without treatment between enrolment and baseline: they move the calendar.",
        exclude_if=unsaid,
    )
    cost: Price | None = Field(default=None, description="What the trial costs per item.", exclude_if=unsaid)
    placebo_response: dict[ArmName, Hairs] = Field(
        default_factory=dict,
        description="Arm -> what is counted more in it after baseline because patients and raters expect it, on top of "
        "the model's own.",
        exclude_if=unsaid,
    )

    unblinding: dict[ArmName, Noticed] = Field(
        default_factory=dict,
        description="Arm -> how many of its patients notice what they were given, and what they then expect.",
        examples=[{"exosome": {"share": 0.4, "expectation": 2, "because": "adverse_event"}}],
        exclude_if=unsaid,
    )

    @property
    def leaving(self) -> Dropout:
        """Dropout with what it depends on, filled in where it is one share."""
        return self.dropout if isinstance(self.dropout, Dropout) else Dropout(share=self.dropout)


class Safety(Model):
    """Rare adverse events to simulate on top, and contraindications that the study departs from on purpose."""

    scenarios: tuple[StrictStr, ...] = Field(
        default=(), description="Rare events without a known rate, by name; off where left out."
    )
    accepted: tuple[StrictStr, ...] = Field(
        default=(), description="Contraindications, by name, that the study departs from on purpose."
    )


class Mechanism(Model):
    """Edits of the signalling network for this study; the shipped network where left out."""

    without: tuple[StrictStr, ...] = Field(
        default=(), description="Edges, nodes or inputs to silence.", examples=[["AR->DKK1", "FIBROSIS"]]
    )
    network: Attachment | None = Field(
        default=None, description="File with nodes and edges that are added to the network or replace those there."
    )


class Credibility(Model):
    """How much a decision leans on the model, and what a wrong one would cost: for the credibility assessment."""

    influence: Literal["low", "medium", "high"] | None = Field(
        default=None, description="Weight of the model in the decision beside other evidence; medium where left out."
    )
    consequence: Literal["low", "medium", "high"] | None = Field(
        default=None, description="Harm that a wrong decision would do; medium where left out."
    )
    context: Text | None = Field(default=None, description="Context of use: what the prediction is to be used for.")


class StudyFields(Model):
    """A virtual trial: question, population, arms, measurement, endpoints, design, analysis, published results."""

    model_config = ConfigDict(title="Study")

    study: StudyName = Field(
        description="Unique name: lower-case letters, digits, hyphens.", examples=["exosome-vs-saline"]
    )
    title: Title = Field(description="The trial in one line.", examples=["Intradermal exosomes against saline"])
    question: Text | None = Field(default=None, description="The question that the trial answers.")
    source: Text | None = Field(
        default=None, description="DOI, PMID or registry number of the trial described, if any."
    )
    cohort: Text | None = Field(
        default=None, description="A word shared by study files whose patients are the same: a trial and its extension."
    )
    sponsor: Sponsor | None = Field(
        default=None, description="Who paid for the published trial: a maker, an academic centre, or nobody named."
    )
    blinding: Blinding | None = Field(
        default=None, description="Who was blinded in the published trial; `design.blinding` is what is simulated."
    )
    sham: Sham | None = Field(default=None, description="How well the published trial's sham can have deceived.")
    add_on: StrictBool | None = Field(
        default=None, description="Whether the published trial added the therapy to one that both arms had."
    )
    uncontrolled: Text | None = Field(default=None, description="Why the study has no control arm, where it has none.")
    population: Population
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=20)]
    measurement: Measurement
    endpoints: Endpoints
    design: Design
    analysis: Analysis = Field(default_factory=Analysis)
    safety: Safety = Field(default_factory=Safety)
    intercurrent: tuple[Intercurrent, ...] = Field(
        default=(),
        description="What happens to some patients after randomisation and bears on their outcome.",
        exclude_if=unsaid,
    )
    observed: tuple[Observed, ...] = ()
    mechanism: Mechanism | None = Field(default=None, description="Edits of the signalling network, if any.")
    credibility: Credibility | None = Field(
        default=None, description="Influence of the model and consequence of a wrong decision, if stated."
    )

    @property
    def uses(self) -> tuple[TherapyUse, ...]:
        """What can be given in the study: in its arms, their rescues and to those who switch."""
        arms = tuple(use for arm in self.arms for use in arm.uses)
        return arms + tuple(use for event in self.intercurrent for use in event.therapies)
