"""One published value: what was measured of whom, when, how large it was and how exactly it is known.

Every part of the package that reads published values reads them here: the table of published trials, the comparison
with predictions, validation, calibration and credibility.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal, Self

from pydantic import Field, StrictStr, model_validator

from anagen.core.fields import broken
from anagen.core.measures import RESPONDERS
from anagen.core.reading import share_of
from anagen.scalp import ENDPOINTS
from anagen.study.values import Model, NonNegative, Number, Patients, Share, Text, Week
from anagen.study.vocabulary import ADVERSE_EVENT

ObservedMeasure = Literal[
    "change", "percent_change", "value", "responder", "responder_percent", "responder_value", "share"
]
Read = Literal["full text", "abstract", "secondary source", "memory", "derived"]
Use = Literal["calibrate", "check", "exclude"]
Z95 = 1.959964
LEAST_P, MOST_P = 1e-12, 0.95
"""p values from which an error follows: below, they were rounded; above, the difference is as good as none."""


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
    p: Share | None = Field(
        default=None, description="Two-sided p value of a difference, where no error was printed.", examples=[0.03]
    )
    n: Patients | None = Field(
        default=None, description="Patients behind the number; of both arms together for a contrast."
    )
    threshold: Number | None = Field(default=None, description="Threshold of measure responder.")
    source: Text = Field(description="DOI, PMID or registry number.", examples=["doi:10.1067/mjd.2002.124088"])
    read: Read = Field(description="Where the number was read; derived where it was computed from printed ones.")
    note: Text | None = Field(default=None, description="Formula of a derived value, and what a reader should know.")
    use: Use | None = Field(
        default=None,
        description="calibrate: may inform parameters; check: is compared only; exclude: is shown only. Where left out "
        "a number from memory, or one that its arms give already, is for checking, and others for calibrating.",
    )
    reason: Text | None = Field(default=None, description="Why a value is only checked, or excluded.")

    @property
    def arms(self) -> tuple[str, ...]:
        """The arm, or the two arms of a contrast."""
        return (self.arm,) if self.arm is not None else self.contrast or ()

    @property
    def subject(self) -> str:
        """The arm, or the two arms of a contrast, in one text.

        Examples
        --------
        >>> Observed(contrast=("drug", "placebo"), endpoint="salt", week=8.0, measure="change", mean=1.0,
        ...     source="here", read="abstract").subject
        'drug - placebo'
        """
        return " - ".join(self.arms)

    @property
    def is_contrast(self) -> bool:
        """Whether it is a difference between two arms."""
        return self.contrast is not None

    @property
    def outcome(self) -> tuple[str, float | None, str, float | None]:
        """What was measured, when and how: endpoint, week, measure and threshold; the same for arms to be compared."""
        return self.endpoint, self.week, self.measure, self.threshold

    @property
    def is_responders(self) -> bool:
        """Whether it is a share of patients with at least a given change or value."""
        return self.measure in RESPONDERS

    @property
    def is_share(self) -> bool:
        """Whether it is a share of patients, 0 to 1 (-1 to 1 for a contrast)."""
        return self.measure == "share" or self.is_responders

    @property
    def is_event(self) -> bool:
        """Whether it is about an adverse event."""
        return self.endpoint.startswith(ADVERSE_EVENT)

    @property
    def is_median(self) -> bool:
        """Whether only a median was printed."""
        return self.mean is None

    @property
    def value(self) -> float:
        """The mean, or the median where no mean was printed, in `unit`."""
        value = self.median if self.mean is None else self.mean
        assert value is not None
        return value

    @property
    def unit(self) -> str:
        """Unit of the value: that of the endpoint, "%", or "1" for shares; empty for what the package does not know."""
        if self.measure == "percent_change":
            return "%"
        if self.is_share:
            return "1"
        return ENDPOINTS[self.endpoint].unit if self.endpoint in ENDPOINTS else ""

    @property
    def standard_error(self) -> float:
        """Standard error as printed, or from sd and n, the 95 % interval or the p value; NaN where none was printed.

        A p value tells |value| / z with z the deviate beyond which p lies on both sides together.

        Examples
        --------
        >>> row = Observed(contrast=("drug", "placebo"), endpoint="salt", week=8.0, measure="change", mean=-9.8, p=0.05,
        ...     source="here", read="abstract")
        >>> round(row.standard_error, 2)
        5.0
        """
        if self.se is not None:
            return self.se
        if self.sd is not None and self.n is not None:
            return self.sd / math.sqrt(self.n)
        if self.ci is not None:
            return (self.ci[1] - self.ci[0]) / (2.0 * Z95)
        if self.p is not None:
            return abs(self.value) / NormalDist().inv_cdf(1.0 - 0.5 * self.p)
        return math.nan

    @model_validator(mode="after")
    def _use_has_a_reason(self) -> Self:
        if self.use in ("check", "exclude") and self.reason is None:
            raise broken("reason", f"is missing: use is {self.use}, so the file says why")
        if self.use == "calibrate" and self.read == "memory":
            raise broken("use", "is calibrate, but the number was recalled, not read; nothing is fitted to it")
        return self

    @model_validator(mode="after")
    def _belongs_to_arms(self) -> Self:
        if self.arm is not None and self.contrast is not None:
            raise broken("contrast", "stands beside `arm`; a result belongs to one arm or to one contrast")
        if self.arm is None and self.contrast is None:
            raise broken("", "needs `arm`, or `contrast` with two arms")
        if self.contrast is not None and self.contrast[0] == self.contrast[1]:
            raise broken("contrast", f"{self.contrast[0]!r} is compared with itself")
        return self

    @model_validator(mode="after")
    def _has_a_number(self) -> Self:
        if self.mean is None and self.median is None:
            raise broken("", "needs `mean` or `median`")
        self._check_p()
        if self.ci is None:
            return self
        low, high = self.ci
        if low > high:
            raise broken("ci", f"the lower limit {low:g} is above the upper limit {high:g}")
        if self.mean is not None and not low <= self.mean <= high:
            raise broken("mean", f"{self.mean:g} lies outside its confidence interval ({low:g} to {high:g})")
        return self

    def _check_p(self) -> None:
        if self.p is not None and not (self.is_contrast and self.value != 0.0):
            raise broken("p", "tells the error of a difference of two arms that is not 0")
        if self.p is not None and not LEAST_P <= self.p <= MOST_P:
            raise broken("p", f"is outside {LEAST_P:g} to {MOST_P:g}, where it tells an error; print se or ci")
        printed = self.se is not None or self.ci is not None or (self.sd is not None and self.n is not None)
        if self.p is not None and printed:
            raise broken("p", "stands beside an error that was printed; leave p out, the printed error counts")

    @model_validator(mode="after")
    def _share_is_a_share(self) -> Self:
        lowest = -1.0 if self.is_contrast else 0.0
        for key, value in (("mean", self.mean), ("median", self.median)):
            if self.is_share and value is not None and not lowest <= value <= 1.0:
                meant = share_of(abs(value))
                meant = None if meant is None else f"-{meant}" if value < lowest else meant
                told = f"a share lies between {lowest:g} and 1" if meant is None else f"write {value:g} % as {meant}"
                raise broken(key, f"{value:g} is not a share; {told}", meant)
        return self

    @model_validator(mode="after")
    def _threshold_fits(self) -> Self:
        check_threshold(self.measure, self.threshold)
        return self


def check_threshold(measure: str, threshold: float | None) -> None:
    """Check that a share of responders has a threshold, and nothing else has one.

    Parameters
    ----------
    measure : str
        What is computed of the endpoint.
    threshold : float or None
        From which change or value a patient counts as a responder.

    Raises
    ------
    PydanticCustomError
        Where a threshold is missing, or does not belong there.
    """
    if measure in RESPONDERS and threshold is None:
        raise broken(
            "threshold", "is missing: measure responder needs the least change that counts, e.g. threshold: 10"
        )
    if measure not in RESPONDERS and threshold is not None:
        raise broken("threshold", f"belongs to measure responder only, and the measure is {measure}")
