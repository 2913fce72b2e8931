"""How a trial is analysed: method, missing outcomes, the claim that is tested, multiplicity, interim looks, doses.

Every key beyond method, estimand and alpha is optional, and a study that states none of them is written, hashed and
analysed as before there were any.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, StrictBool, StrictStr, model_validator

from anagen.core.fields import Whole, broken
from anagen.study.amounts import Amount
from anagen.study.conduct import unsaid
from anagen.study.values import ArmName, Finite, Model, Number, Share

LEAST_ALPHA = 1e-9
MOST_LOOKS, MOST_IMPUTATIONS, MOST_DOSE_ARMS = 10, 1000, 8
IMPUTATIONS = 50
"""Data sets where a study states none."""
Stratum = Literal["severity", "sex", "ethnicity", "age", "centre"]
Estimand = Literal["treatment_policy", "hypothetical", "composite", "while_on_treatment"]
Missing = Literal[
    "complete_cases",
    "non_response",
    "last_observation",
    "multiple_imputation",
    "jump_to_reference",
    "copy_increments",
    "copy_reference",
]
Claim = Literal["superiority", "non_inferiority", "equivalence", "dual_criterion"]
Adjustment = Literal["bonferroni", "holm", "hochberg", "hommel", "dunnett", "fixed_sequence", "co_primary", "graph"]
Spending = Literal["obrien_fleming", "pocock", "hwang_shih_decani"]
Efficacy = Literal["obrien_fleming", "pocock", "hwang_shih_decani", "none"]


def _named(key: str) -> BeforeValidator:
    """A name alone stands for a section that holds it under `key`."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class Hypothesis(Model):
    """What is claimed of every arm over its control at the primary endpoint."""

    type: Claim = Field(
        default="superiority",
        description="superiority: a difference in the wanted direction; non_inferiority: not worse by the margin; "
        "equivalence: within the margin either way; dual_criterion: significant, and estimated at the margin or more.",
    )
    margin: Amount | None = Field(
        default=None,
        description="Difference with its unit, that of the primary measure: what just cannot be accepted, or with "
        "dual_criterion the least that matters.",
        examples=["8 hairs/cm^2"],
    )

    @model_validator(mode="after")
    def _has_margin(self) -> Self:
        if self.type == "superiority" and self.margin is not None and self.margin.value == 0.0:
            raise broken("margin", "of 0 is no margin; leave it out")
        if self.type != "superiority" and (self.margin is None or self.margin.value == 0.0):
            raise broken("margin" if self.margin else "", f'{self.type} needs a margin, e.g. margin: "8 hairs/cm^2"')
        return self


class Multiplicity(Model):
    """How several claims together keep the significance level."""

    method: Adjustment = Field(
        description="How p values are adjusted. co_primary: all claims have to be met; fixed_sequence: in the order "
        "given, until one is not met; graph: weights and transitions."
    )
    over: Literal["arms", "endpoints", "arms_and_endpoints"] = Field(
        default="arms",
        description="The claims: every arm at the primary endpoint, every endpoint of each arm by itself, or all.",
    )
    order: tuple[StrictStr, ...] = Field(
        default=(),
        description="With fixed_sequence: claims in the order of testing, by arm, by endpoint and week "
        '("total_density 24"), or by both ("high: total_density 24"). That of the file where left out.',
        examples=[["high", "low"]],
    )
    weights: dict[StrictStr, Share] = Field(
        default_factory=dict, description="With graph: claim -> share of the level at the start; in all at most 1."
    )
    transitions: dict[StrictStr, dict[StrictStr, Share]] = Field(
        default_factory=dict, description="With graph: claim -> claim -> share of its level that goes there."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.order and self.method != "fixed_sequence":
            raise broken("order", "belongs to method: fixed_sequence")
        for key in ("weights", "transitions"):
            if getattr(self, key) and self.method != "graph":
                raise broken(key, "belongs to method: graph")
        if self.method == "graph" and not self.weights:
            raise broken("method", "graph needs weights, e.g. weights: {high: 0.5, low: 0.5}")
        if self.method == "dunnett" and self.over != "arms":
            raise broken("over", "dunnett compares arms with one control; write over: arms, or another method", "arms")
        return self


class Interim(Model):
    """Looks at the data before the end, at which the trial or an arm may stop."""

    at: Annotated[
        tuple[Annotated[Number, Field(gt=0.0, lt=1.0)], ...], Field(min_length=1, max_length=MOST_LOOKS - 1)
    ] = Field(
        description="Shares of the patients, in the order of admission, whose primary visit is over; increasing.",
        examples=[[0.5]],
    )
    efficacy: Efficacy = Field(
        default="obrien_fleming",
        description="Spending of the significance level (Lan and DeMets; Hwang, Shih and DeCani); none: no look can "
        "show an effect.",
    )
    gamma: Annotated[Number, Field(ge=-40.0, le=40.0)] = Field(
        default=-4.0, description="With hwang_shih_decani: its parameter."
    )
    futility: Spending | Annotated[Number, Field(ge=-10.0, le=10.0)] | None = Field(
        default=None,
        description="Spending of the type II error, or z below which the trial stops at a look; none where left out.",
    )
    power: Annotated[Number, Field(gt=0.5, lt=1.0)] = Field(
        default=0.8, description="With a spending for futility: 1 less the type II error."
    )
    binding: StrictBool = Field(
        default=False, description="Whether the trial must stop where it is futile, so that efficacy bounds are lower."
    )
    keep_arms: Annotated[Whole, Field(ge=1, le=MOST_DOSE_ARMS)] | None = Field(
        default=None,
        description="At the one look, so many arms with the largest effects go on; claims are tested with both stages "
        "combined (inverse normal, closed testing with Dunnett).",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if list(self.at) != sorted(set(self.at)):
            raise broken("at", "looks must increase, e.g. [0.33, 0.67]")
        if self.keep_arms is not None:
            if len(self.at) > 1:
                raise broken("at", "arms are dropped at one look, e.g. [0.5]")
            if self.efficacy != "none" or self.binding or isinstance(self.futility, str):
                raise broken(
                    "keep_arms",
                    "arms are dropped without early success; write efficacy: none, and futility as a z or not at all",
                )
        if self.binding and not isinstance(self.futility, str):
            raise broken("binding", f"belongs to futility: {', '.join(get_args(Spending))}")
        return self


class Shape(Model):
    """A shape that the dose-response may have, with its parameters guessed before the trial."""

    shape: StrictStr = Field(description="Name of the shape.", examples=["emax"])
    parameters: dict[StrictStr, Finite] = Field(
        default_factory=dict, description="Name -> guess; doses in the unit of `doses`.", examples=[{"ed50": 1e9}]
    )


class DoseResponse(Model):
    """Multiple comparison procedure and modelling (MCP-Mod) over arms with doses of one treatment."""

    doses: Annotated[dict[ArmName, Amount], Field(min_length=2, max_length=MOST_DOSE_ARMS)] = Field(
        description="Arm -> dose with its unit, the same for all; the control has 0.",
        examples=[{"low": "1e9 particles", "high": "1e10 particles"}],
    )
    shapes: Annotated[tuple[Shape, ...], Field(min_length=1, max_length=10)] = Field(
        description="Candidate shapes.",
        examples=[[{"shape": "linear"}, {"shape": "emax", "parameters": {"ed50": 1e9}}]],
    )
    target: Amount | None = Field(
        default=None, description="Effect over the control whose dose is estimated.", examples=["8 hairs/cm^2"]
    )


class Analysis(Model):
    """How the trial is analysed."""

    method: StrictStr = Field(default="ancova", description="Analysis of means; shares of patients have their own.")
    estimand: Estimand = Field(
        default="treatment_policy",
        description="What the effect means: how values after an intercurrent event count.",
    )
    worst: dict[StrictStr, Number] = Field(
        default_factory=dict,
        description="With estimand composite: endpoint -> outcome of a patient with an intercurrent event, as the "
        "measure gives it. Of shares of responders it is no response.",
        examples=[{"total_density": 0}],
        exclude_if=unsaid,
    )
    alpha: Annotated[Number, Field(ge=LEAST_ALPHA, le=0.5)] = Field(
        default=0.05, description="Significance level, of both sides together unless `sided` is 1."
    )
    sided: Literal[1, 2] = Field(
        default=2,
        description="2: tests and intervals of level alpha; 1: tests of level alpha in the wanted direction, intervals "
        "of level 2 alpha.",
        exclude_if=lambda value: value == 2,
    )
    covariates: tuple[Stratum, ...] = Field(
        default=(), description="Covariates beside the baseline.", examples=[["severity", "centre"]], exclude_if=unsaid
    )
    variance: Literal["classical", "hc3"] = Field(
        default="classical",
        description="With ancova_all_arms: one residual variance, or standard errors that do not assume one.",
        exclude_if=lambda value: value == "classical",
    )
    covariance: Literal["unstructured", "heterogeneous_toeplitz", "heterogeneous_ar1", "compound_symmetry"] = Field(
        default="unstructured",
        description="With mmrm: how the visits of a patient covary; simpler ones are tried where it cannot be fitted.",
        exclude_if=lambda value: value == "unstructured",
    )
    degrees_of_freedom: Literal["satterthwaite", "kenward_roger"] = Field(
        default="satterthwaite", description="With mmrm.", exclude_if=lambda value: value == "satterthwaite"
    )
    missing: Missing = Field(
        default="complete_cases",
        description="Outcomes that were not measured: left out; no response (shares of patients); the last one before; "
        "or drawn many times, at random or as those of the control after leaving.",
        exclude_if=lambda value: value == "complete_cases",
    )
    imputations: Annotated[Whole, Field(ge=2, le=MOST_IMPUTATIONS)] | None = Field(
        default=None,
        description=f"Data sets where outcomes are drawn; {IMPUTATIONS} where left out.",
        exclude_if=lambda value: value in (None, IMPUTATIONS),
    )
    delta: Amount | None = Field(
        default=None,
        description="Taken from what is drawn for patients who left an arm other than the control.",
        examples=["3 hairs/cm^2"],
        exclude_if=unsaid,
    )
    hypothesis: Annotated[Hypothesis, _named("type")] | None = Field(
        default=None, description="The claim; superiority where left out.", exclude_if=unsaid
    )
    multiplicity: Annotated[Multiplicity, _named("method")] | None = Field(
        default=None, description="Adjustment for several claims; none where left out.", exclude_if=unsaid
    )
    interim: Interim | None = Field(default=None, description="Interim looks; none where left out.", exclude_if=unsaid)
    dose_response: DoseResponse | None = Field(
        default=None, description="Test of a dose-response and the dose for an effect.", exclude_if=unsaid
    )

    @property
    def two_sided_alpha(self) -> float:
        """Level of intervals and of two-sided p values."""
        return self.alpha if self.sided == 2 else 2.0 * self.alpha

    @property
    def decides(self) -> bool:
        """Whether claims are tested beyond each contrast by itself."""
        return any(
            section is not None for section in (self.hypothesis, self.multiplicity, self.interim, self.dose_response)
        )

    @property
    def imputes(self) -> bool:
        """Whether missing outcomes are drawn."""
        return self.missing in ("multiple_imputation", "jump_to_reference", "copy_increments", "copy_reference")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.sided == 1 and self.alpha > 0.25:
            raise broken(
                "alpha", f"{self.alpha:g} of one side is {2 * self.alpha:g} of both; at most 0.25 with sided: 1"
            )
        for key in ("imputations", "delta"):
            if getattr(self, key) is not None and not self.imputes:
                raise broken(key, "belongs to missing: multiple_imputation, jump_to_reference, copy_increments or "
                             "copy_reference")  # fmt: skip
        return self
