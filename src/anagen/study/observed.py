"""One published value: what was measured of whom, when, how large it was and how exactly it is known.

Every part of the package that reads published values reads them here: the table of published trials, the comparison
with predictions, validation, calibration and credibility.
"""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field, StrictStr, model_validator

from anagen.core.fields import broken
from anagen.core.measures import RESPONDERS
from anagen.core.reading import share_of
from anagen.scalp import ENDPOINTS
from anagen.study.among import Among, check_among
from anagen.study.conduct import unsaid
from anagen.study.p_values import Stated, deviate
from anagen.study.values import Counted, Model, NonNegative, Number, Patients, Share, Text, Week
from anagen.study.vocabulary import ADVERSE_EVENT

ObservedMeasure = Literal[
    "change", "percent_change", "value", "responder", "responder_percent", "responder_value", "share"
]
Read = Literal["full text", "abstract", "secondary source", "memory", "derived"]
Use = Literal["calibrate", "check", "exclude"]
Verdict = Literal["not_significant", "significant"]
Z95 = 1.959964
LEAST_P, MOST_P = 1e-12, 0.95
"""p values from which an error follows: below, they were rounded; above, the difference is as good as none."""
TESTED = ("change", "percent_change")
"""Measures of one arm that are tested against no change."""


class Observed(Model):
    """One published result of an arm, or of the difference between two arms."""

    arm: StrictStr | None = Field(default=None, description="Arm that the result belongs to.")
    contrast: tuple[StrictStr, StrictStr] | None = Field(
        default=None, description="Two arms: the first minus the second."
    )
    endpoint: StrictStr = Field(description="What was measured, or adverse_event:<name>.", examples=["total_density"])
    week: Week | None = Field(default=None, description="Week of a visit; only adverse events can do without.")
    zone: StrictStr | None = Field(
        default=None,
        description="Zone of the scalp, where it is not that of `measurement`; validation predicts it apart.",
        examples=["frontal"],
    )
    among: Among | None = Field(
        default=None,
        description="Patients of the arm who are meant, where not all are: those who met a condition at a visit, as "
        "responders who were randomised again.",
        exclude_if=unsaid,
    )
    counted: Counted | None = Field(
        default=None, description="How the file counts the week, where not from baseline; filled in by the loader."
    )
    measure: ObservedMeasure = Field(description="As for endpoints; share (0 to 1) for adverse events.")
    mean: Number | None = Field(default=None, description="Mean as printed.")
    median: Number | None = Field(default=None, description="Median as printed.")
    sd: NonNegative | None = Field(default=None, description="Standard deviation between patients.")
    se: NonNegative | None = Field(default=None, description="Standard error.")
    ci: tuple[Number, Number] | None = Field(default=None, description="95 % confidence interval.")
    iqr: NonNegative | None = Field(default=None, description="Width of the interquartile range.")
    p: Share | None = Field(
        default=None,
        description="Two-sided p value of a difference, or of the change of one arm, where no error was printed.",
        examples=[0.03],
    )
    p_below: Share | None = Field(
        default=None, description="The p value was printed as less than this.", examples=[0.001]
    )
    p_above: Share | None = Field(
        default=None, description="The p value was printed as more than this.", examples=[0.05]
    )
    result: Verdict | None = Field(
        default=None, description="What was said of a difference, or of the change of one arm, instead of a number."
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
    def whose(self) -> str:
        """The subject, with the condition that its patients met, where they are chosen."""
        return self.subject if self.among is None else f"{self.subject}, those {self.among.words}"

    @property
    def tabulated(self) -> str:
        """The measure as tables of expected values name it: with the condition, where patients are chosen."""
        return self.measure if self.among is None else f"{self.measure} {self.among.label}"

    @property
    def is_contrast(self) -> bool:
        """Whether it is a difference between two arms."""
        return self.contrast is not None

    @property
    def outcome(self) -> tuple[str, float | None, str, float | None, str | None]:
        """What was measured, when, how, where and of whom: endpoint, week, measure with the condition that patients
        met, threshold and another zone; the same for arms to be compared.
        """
        return self.endpoint, self.week, self.tabulated, self.threshold, self.zone

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
    def has_number(self) -> bool:
        """Whether a mean or a median was printed."""
        return self.mean is not None or self.median is not None

    @property
    def value(self) -> float:
        """The mean, or the median where no mean was printed, in `unit`; NaN where neither was."""
        value = self.median if self.mean is None else self.mean
        return math.nan if value is None else value

    def stated(self, alpha: float) -> Stated | None:
        """What was said of the result where no number was printed; None where one was.

        Parameters
        ----------
        alpha : float
            Two-sided significance level of the study, which counts where no bound of p was printed.

        Returns
        -------
        Stated or None
            On which side of which p value the result lies; an exact p is set against `alpha`.

        Examples
        --------
        >>> row = Observed(contrast=("drug", "placebo"), endpoint="salt", week=8.0, measure="change", p_below=0.001,
        ...     source="here", read="abstract")
        >>> row.stated(0.05)
        Stated(significant=True, level=0.001)
        """
        if self.has_number:
            return None
        if self.p_below is not None:
            return Stated(True, self.p_below)
        if self.p_above is not None:
            return Stated(False, self.p_above)
        if self.p is not None:
            return Stated(self.p < alpha, alpha)
        return Stated(self.result == "significant", alpha)

    @property
    def unit(self) -> str:
        """Unit of the value: that of the endpoint, "%", or "1" for shares; empty for what the package does not know."""
        if self.measure == "percent_change":
            return "%"
        if self.is_share:
            return "1"
        return ENDPOINTS[self.endpoint].unit if self.endpoint in ENDPOINTS else ""

    @property
    def freedom(self) -> float:
        """Degrees of freedom of a t test of the value; infinite for shares and where n was not printed."""
        if self.n is None or self.is_share:
            return math.inf
        return max(1.0, float(self.n - len(self.arms)))

    @property
    def standard_error(self) -> float:
        """Standard error as printed, or from sd and n, the 95 % interval or the p value; NaN where none was printed.

        A p value tells |value| / t with t the deviate beyond which p lies on both sides together: of Student's t with
        `freedom`, of the Normal for shares and without n. With `p_below` that is the greatest error that there can be.

        References
        ----------
        .. [1] Cochrane Handbook, chapter 6.5.2.3, https://training.cochrane.org/handbook/current/chapter-06.

        Examples
        --------
        >>> row = Observed(contrast=("drug", "placebo"), endpoint="salt", week=8.0, measure="change", mean=-9.8, p=0.05,
        ...     source="here", read="abstract")
        >>> round(row.standard_error, 2), row.error_from
        (5.0, 'derived from p = 0.05 by the Normal distribution')
        """
        if self.se is not None:
            return self.se
        if self.sd is not None and self.n is not None:
            return self.sd / math.sqrt(self.n)
        if self.ci is not None:
            return (self.ci[1] - self.ci[0]) / (2.0 * Z95)
        p = self.p if self.p is not None else self.p_below
        if p is not None and self.has_number:
            return abs(self.value) / deviate(p, self.freedom)
        return math.nan

    @property
    def error_from(self) -> str:
        """How a standard error was derived where none was printed, in words; empty where one was, or where none is."""
        printed = self.se is not None or (self.sd is not None and self.n is not None) or self.ci is not None
        if printed or not self.has_number or (self.p is None and self.p_below is None):
            return ""
        law = "the Normal distribution" if math.isinf(self.freedom) else f"Student's t with {self.freedom:g} degrees"
        exact = f"p = {self.p:g}" if self.p is not None else f"p < {self.p_below:g}, so the greatest there can be,"
        return f"derived from {exact} by {law}"

    @model_validator(mode="after")
    def _use_has_a_reason(self) -> Self:
        if self.use in ("check", "exclude") and self.reason is None:
            raise broken("reason", f"is missing: use is {self.use}, so the file says why")
        if self.use == "calibrate" and not self.has_number:
            raise broken("use", "is calibrate, but no number was printed; nothing is fitted to a result in words")
        if self.use == "calibrate" and self.read == "memory":
            raise broken("use", "is calibrate, but the number was recalled, not read; nothing is fitted to it")
        return self

    @model_validator(mode="after")
    def _of_patients(self) -> Self:
        check_among(self.among, self.endpoint, self.use)
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
        self._check_p()
        if self.error_from and self.n is not None and not self.is_share and self.n <= len(self.arms):
            arms = "one arm" if len(self.arms) == 1 else "two arms"
            message = f"{self.n} in {arms} leave a t test no degree of freedom, so that p tells no error"
            raise broken("n", f"{message}; write the patients of {arms} together, or leave p out")
        if not self.has_number:
            self._check_words()
        if self.ci is None:
            return self
        low, high = self.ci
        if low > high:
            raise broken("ci", f"the lower limit {low:g} is above the upper limit {high:g}")
        if self.mean is not None and not low <= self.mean <= high:
            raise broken("mean", f"{self.mean:g} lies outside its confidence interval ({low:g} to {high:g})")
        return self

    def _check_words(self) -> None:
        """A result without a number says what a test found, and of what."""
        if all(said is None for said in (self.p, self.p_below, self.p_above, self.result)):
            raise broken(
                "",
                "needs `mean` or `median`; where the paper says in words what a test found, write "
                "result: not_significant, with p_above: 0.05 where that is printed, or p, or p_below",
            )
        for key, value in (("sd", self.sd), ("se", self.se), ("ci", self.ci), ("iqr", self.iqr)):
            if value is not None:
                raise broken(key, "is the spread of a number that is missing; print mean or median, or leave it out")

    def _check_p(self) -> None:
        said = {"p": self.p, "p_below": self.p_below, "p_above": self.p_above}
        printed = [key for key, value in said.items() if value is not None]
        if len(printed) > 1:
            raise broken(printed[1], f"stands beside {printed[0]}; a result has one p value")
        key = printed[0] if printed else "result"
        if not printed and self.result is None:
            return
        if self.is_event:
            raise broken(key, "is no result of an adverse event; print the shares of patients who had it, as `mean`")
        if not self.is_contrast and self.measure not in TESTED:
            raise broken(key, f"tests a difference of two arms, or a change from baseline; measure is {self.measure}")
        if self.result == "not_significant" and self.p_below is not None:
            raise broken("p_below", f"p < {self.p_below:g} is significant, and the result is not_significant")
        if self.result == "significant" and self.p_above is not None:
            raise broken("p_above", f"p > {self.p_above:g} is not significant, and the result is significant")
        bound = said[key] if printed else None
        if key in ("p_below", "p_above") and bound is not None and not 0.0 < bound < 1.0:
            raise broken(key, f"{bound:g} says nothing; a bound of p lies between 0 and 1")
        if self.p is None and self.p_below is None:
            return
        if not self.has_number:
            return
        if self.value == 0.0:
            raise broken(key, "tells the error of a difference that is not 0")
        if bound is not None and not LEAST_P <= bound <= MOST_P:
            raise broken(key, f"is outside {LEAST_P:g} to {MOST_P:g}, where it tells an error; print se or ci")
        if self.p is not None and (
            self.se is not None or self.ci is not None or (self.sd is not None and self.n is not None)
        ):
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
