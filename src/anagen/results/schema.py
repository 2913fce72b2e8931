"""Columns of every table in a result folder: name, type and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from anagen.core.errors import AnagenError

SCHEMA_VERSION = 3
Kind = Literal["integer", "number", "short number", "text", "category", "flag", "flag or missing"]
Format = Literal["parquet", "csv"]

SQL_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        "integer": "INTEGER",
        "number": "DOUBLE",
        "short number": "FLOAT",
        "text": "VARCHAR",
        "category": "VARCHAR",
        "flag": "BOOLEAN",
        "flag or missing": "BOOLEAN",
    }
)


OF_ENDPOINT = "unit of the endpoint"
"""Unit of a column whose rows are of different endpoints."""


class SchemaError(AnagenError):
    """A table does not have the columns or types of the schema."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        As it stands in the file.
    kind : Kind
        "integer" is 32 bits, "number" 64, "short number" 32; "category" is text from a short list.
    description : str
        What it holds, with its unit.
    missing : bool, default False
        Whether values may be missing (numbers: NaN).
    unit : str, default ""
        What a parquet file tells as the unit of the column; empty for text, flags and numbers that only count.
    """

    name: str
    kind: Kind
    description: str
    missing: bool = False
    unit: str = ""


@dataclass(frozen=True)
class TableSchema:
    """One table of a result folder.

    Attributes
    ----------
    name : str
        Name of the table and of its file.
    format : Format
        How it is kept on the disk.
    description : str
        What one row is.
    columns : tuple[Column, ...]
        In the order in which they are written.
    extra : bool, default False
        Whether further columns may follow.
    optional : bool, default False
        Whether a folder may be without it, as where a study asks for nothing that it holds.
    """

    name: str
    format: Format
    description: str
    columns: tuple[Column, ...]
    extra: bool = False
    optional: bool = False

    @property
    def file(self) -> str:
        """Name of the file that holds the table."""
        return f"{self.name}.{self.format}"


_ENDPOINT = Column("endpoint", "category", "registered name of what is measured")
_WEEK = Column("week", "number", "weeks since the first treatment; 0 is baseline", unit="week")
_MEASURE = Column(
    "measure", "category", "value, change or percent_change from baseline, responder (_percent, _value), share"
)

VISITS = TableSchema(
    "visits",
    "parquet",
    "One patient under one arm at one visit, one endpoint.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0; each has its own patients"),
        Column(
            "draw",
            "integer",
            "parameter draw; 0: central values, for expected rows the mean over the draws where there are enough",
        ),
        Column("arm", "category", "arm of the study"),
        Column("patient", "integer", "patient within the replicate; twins under other arms have the same number"),
        Column("assigned", "flag", "whether this is the arm that the patient was randomised to"),
        Column("zone", "category", "zone of the scalp"),
        _WEEK,
        _ENDPOINT,
        Column(
            "true",
            "short number",
            "state of the follicles, in the unit of the endpoint; missing where there is no hair to have it",
            missing=True,
            unit=OF_ENDPOINT,
        ),
        Column(
            "expected",
            "short number",
            "what the instrument would read on average, without random error; missing as `true` is",
            missing=True,
            unit=OF_ENDPOINT,
        ),
        Column(
            "measured",
            "short number",
            "what was read; missing where the patient was not seen",
            missing=True,
            unit=OF_ENDPOINT,
        ),
    ),
)
PATIENTS = TableSchema(
    "patients",
    "parquet",
    "One randomised patient; further columns hold covariates and measured baselines.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0"),
        Column("patient", "integer", "patient within the replicate"),
        Column("arm", "category", "arm that the patient was randomised to"),
        Column("age", "number", "age at baseline, years", unit="year"),
        Column("sex", "category", "male or female"),
        Column("ethnicity", "category", "registered name of the group"),
        Column("severity", "category", "grade on the scale of the condition", missing=True),
        Column("years_since_onset", "number", "years between onset and baseline", missing=True, unit="year"),
        Column(
            "dropout_week",
            "number",
            "week of dropping out; missing where the patient completed",
            missing=True,
            unit="week",
        ),
        Column(
            "dropout_reason", "category", "adverse event or other; missing where the patient completed", missing=True
        ),
    ),
    extra=True,
)
EFFECTS = TableSchema(
    "effects",
    "csv",
    "One contrast of an arm with its control, as a trial of measured data or as the mean difference between twins.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0"),
        Column(
            "draw",
            "integer",
            "parameter draw; 0: central values, for expected rows the mean over the draws where there are enough",
        ),
        Column("kind", "category", "trial: analysis of measured data; expected: mean difference between twins"),
        Column("role", "category", "primary or secondary endpoint"),
        _ENDPOINT,
        _WEEK,
        _MEASURE,
        Column(
            "threshold", "number", "what makes a responder: change [unit], change [%] or value [unit]", missing=True
        ),
        Column("arm", "category", "treated arm"),
        Column("control", "category", "arm it is compared with", missing=True),
        Column(
            "estimate",
            "number",
            "arm minus control, in the unit of the measure; of draws, with the spread of the parameters alone",
            missing=True,
        ),
        Column(
            "standard_error",
            "number",
            "standard error of the estimate; for expected rows that of the simulation (Monte Carlo)",
            missing=True,
        ),
        Column("ci_low", "number", "lower end of the confidence interval (patients)", missing=True),
        Column("ci_high", "number", "upper end of the confidence interval (patients)", missing=True),
        Column("p_value", "number", "two-sided p", missing=True),
        Column("n_arm", "number", "patients analysed in the arm", missing=True),
        Column("n_control", "number", "patients analysed in the control arm", missing=True),
        Column("method", "category", "statistical method", missing=True),
        Column("estimand", "category", "how dropping out and stopping treatment count", missing=True),
    ),
)
CLAIMS = TableSchema(
    "claims",
    "csv",
    "One claim of a trial whose analysis states a hypothesis, an adjustment for several claims, or interim looks.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0"),
        Column("draw", "integer", "parameter draw of the trial; 0: central values"),
        Column("family", "integer", "claims with the same number share a significance level"),
        Column("claim", "category", "arm, endpoint and week, or both"),
        Column("hypothesis", "category", "superiority, non_inferiority, equivalence or dual_criterion"),
        Column("margin", "number", "margin, in the unit of the measure (a share where patients are counted)", True),
        Column("arm", "category", "treated arm"),
        Column("control", "category", "arm it is compared with"),
        _ENDPOINT,
        _WEEK,
        _MEASURE,
        Column("look", "integer", "analysis at which it was decided, from 1"),
        Column("information", "number", "share of the planned patients at that analysis"),
        Column("estimate", "number", "arm minus control at that analysis, in the unit of the measure", missing=True),
        Column("standard_error", "number", "standard error of the estimate", missing=True),
        Column("p_value", "number", "p of the claim; of a two-sided test twice that of the wanted direction"),
        Column("adjusted_p", "number", "p adjusted for the family; missing where looks have boundaries", missing=True),
        Column("level", "number", "the adjusted p (else p) at or below which the claim is shown"),
        Column("shown", "flag", "whether the claim is shown"),
        Column("verdict", "category", "shown, not shown, futile, dropped; go, consider or no-go"),
        Column("method", "category", "statistical method of the estimate", missing=True),
    ),
    optional=True,
)
DOSE_RESPONSE = TableSchema(
    "dose_response",
    "csv",
    "One candidate shape of the dose-response of a trial (MCP-Mod), where the study's analysis states doses.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0"),
        Column("draw", "integer", "parameter draw of the trial; 0: central values"),
        _ENDPOINT,
        _WEEK,
        Column("shape", "category", "candidate shape"),
        Column("statistic", "number", "t of its optimal contrast", missing=True),
        Column("p_value", "number", "one-sided p, adjusted for the number of shapes"),
        Column("level", "number", "p at or below which a dose-response is shown"),
        Column("shown", "flag", "whether it is shown by this shape"),
        Column("aic", "number", "Akaike's criterion of the fitted curve; missing where nothing was fitted", True),
        Column("target_dose", "number", "dose with the target effect, in the unit of the study's doses", True),
        Column("target_low", "number", "lower 95 % limit of it (trial 0 alone)", True),
        Column("target_high", "number", "upper 95 % limit of it; infinite where the curve stays below", True),
    ),
    optional=True,
)
ARMS = TableSchema(
    "arms",
    "csv",
    "One arm, endpoint, visit and measure.",
    (
        Column("arm", "category", "arm of the study"),
        _ENDPOINT,
        _WEEK,
        _MEASURE,
        Column("n", "integer", "patients measured (replicate 0)"),
        Column("mean", "number", "mean of the measured values", missing=True),
        Column("sd", "number", "standard deviation of the measured values", missing=True),
        Column("se", "number", "standard error of the mean", missing=True),
        Column(
            "expected",
            "number",
            "what the model expects: mean over parameter draws; at central values where draws are few; of patients "
            "admitted on a measured baseline (inclusion) with the regression to the mean",
            missing=True,
        ),
        Column("expected_error", "number", "Monte-Carlo standard error of the expected mean", missing=True),
        Column("parameter_low", "number", "5 % point of the expected mean over parameter draws", missing=True),
        Column("parameter_high", "number", "95 % point of the expected mean over parameter draws", missing=True),
    ),
)
COMPARISON = TableSchema(
    "comparison",
    "csv",
    "One published result beside what the model predicts for it.",
    (
        Column("subject", "text", "arm, or arm - control"),
        Column("endpoint", "text", "registered name, or adverse_event:<name>"),
        Column("week", "number", "weeks since the first treatment", missing=True),
        _MEASURE,
        Column("observed", "number", "published value", missing=True),
        Column("observed_se", "number", "standard error of the published value", missing=True),
        Column("observed_n", "number", "patients behind the published value", missing=True),
        Column("predicted", "number", "median of the prediction, bias included", missing=True),
        Column("se_patients", "number", "standard error from who the patients are", missing=True),
        Column("sd_parameters", "number", "standard deviation over parameter draws", missing=True),
        Column("sd_study", "number", "standard deviation of the offset that the arms of a study share", missing=True),
        Column("sd_gain", "number", "standard deviation between trials of the gain of the treatment", missing=True),
        Column("bias", "number", "what a publication of this design and size says too much", missing=True),
        Column("low50", "number", "lower end of the 50 % prediction interval", missing=True),
        Column("high50", "number", "upper end of the 50 % prediction interval", missing=True),
        Column("inside50", "flag or missing", "whether the published value lies in the 50 % interval", missing=True),
        Column("low90", "number", "lower end of the 90 % prediction interval", missing=True),
        Column("high90", "number", "upper end of the 90 % prediction interval", missing=True),
        Column("inside", "flag or missing", "whether the published value lies in the 90 % interval", missing=True),
        Column("z", "number", "distance in standard deviations of the prediction", missing=True),
        Column("crps", "number", "continuous ranked probability score, in the unit of the measure", missing=True),
        Column("comparable", "flag", "whether prediction and publication measure the same thing"),
        Column("use", "category", "calibrate: may inform parameters; check: compared; exclude: shown only"),
        Column("reason", "text", "why it is only compared or shown", missing=True),
        Column("remark", "text", "why not comparable, or what to bear in mind", missing=True),
        Column("source", "text", "DOI or reference", missing=True),
        Column("read", "text", "how the source was read (full text, abstract, ...)", missing=True),
    ),
)
EVENTS = TableSchema(
    "events",
    "parquet",
    "One adverse event of a patient: the first of its name.",
    (
        Column("replicate", "integer", "number of the repeated trial, from 0"),
        Column("patient", "integer", "patient within the replicate"),
        Column("arm", "category", "arm that the patient was given"),
        Column("event", "category", "registered name of the event"),
        Column("title", "category", "the event in words"),
        Column("cause", "category", "therapy, route (needle, vehicle) or background; a trial does not see it"),
        Column("source", "category", "name of the therapy or route, or background"),
        Column("scenario", "flag", "whether it belongs to a rare-event scenario that the study switched on"),
        Column("onset_week", "number", "weeks since the first treatment", unit="week"),
        Column("severity", "category", "mild, moderate or severe"),
        Column(
            "resolution_week",
            "number",
            "week in which it is over; missing where it persists",
            missing=True,
            unit="week",
        ),
        Column("resolved", "flag", "whether it is over by the last visit"),
        Column("discontinued", "flag", "whether the patient stopped and left because of it"),
    ),
)
SAFETY = TableSchema(
    "safety",
    "csv",
    "One arm and adverse event in replicate 0, whatever its cause, against the control arm.",
    (
        Column("arm", "category", "arm of the study"),
        Column("event", "category", "registered name, any_adverse_event, any_severe_event or discontinuation"),
        Column("title", "category", "the event in words"),
        Column("scenario", "flag", "whether it belongs to a rare-event scenario that the study switched on"),
        Column("n", "integer", "patients of the arm"),
        Column("with_event", "integer", "patients with the event"),
        Column("severe", "integer", "patients with a severe one"),
        Column("discontinued", "integer", "patients who left because of it"),
        Column("share", "number", "share of patients with the event"),
        Column("share_low", "number", "lower end of the exact interval (Clopper-Pearson)"),
        Column("share_high", "number", "upper end of the exact interval"),
        Column("zero_upper", "number", "rule of three, 3/n, where no patient had it", missing=True),
        Column("patient_years", "number", "time from the start to the event, to leaving or to the last visit"),
        Column("rate", "number", "patients with the event per 100 patient-years", missing=True),
        Column("rate_low", "number", "lower end of the exact Poisson interval", missing=True),
        Column("rate_high", "number", "upper end of the exact Poisson interval", missing=True),
        Column("control", "category", "arm it is compared with; missing for the control itself", missing=True),
        Column("difference", "number", "share in the arm minus share in the control", missing=True),
        Column("difference_low", "number", "lower end of its interval", missing=True),
        Column("difference_high", "number", "upper end of its interval", missing=True),
        Column("method", "category", "method of the interval of the difference", missing=True),
        Column(
            "expected",
            "number",
            "share that the model expects of patients who go on with what their arm is given: mean over parameter "
            "draws, or at central values",
            missing=True,
        ),
        Column("parameter_low", "number", "5 % point of the expected share over parameter draws", missing=True),
        Column("parameter_high", "number", "95 % point of the expected share over parameter draws", missing=True),
    ),
)
PARAMETERS = TableSchema(
    "parameters",
    "csv",
    "One parameter of the model.",
    (
        Column("name", "text", "file and entry"),
        Column("value", "number", "central value as used: of the posterior where there is one"),
        Column("unit", "text", "unit of the value"),
        Column("low", "number", "5 % point as used", missing=True),
        Column("high", "number", "95 % point as used", missing=True),
        Column("distribution", "text", "shape of the prior"),
        Column("grade", "text", "how well the value is known"),
        Column("hand_set", "flag", "whether the value was set by hand, not estimated from data"),
        Column("source", "text", "DOI or reference"),
        Column("note", "text", "what to bear in mind", missing=True),
        Column("used", "flag", "whether this study used it"),
        Column("informed_by", "text", "prior or posterior: what value, low and high come from"),
        Column("prior_value", "number", "central value of the prior"),
        Column("prior_low", "number", "5 % point of the prior", missing=True),
        Column("prior_high", "number", "95 % point of the prior", missing=True),
    ),
)

TABLES: Mapping[str, TableSchema] = MappingProxyType(
    {
        table.name: table
        for table in (
            *(VISITS, PATIENTS, EFFECTS, CLAIMS, DOSE_RESPONSE),
            *(ARMS, COMPARISON, EVENTS, SAFETY, PARAMETERS),
        )
    }
)
