"""Patients of an arm who met a condition at a visit: those of whom a published value is a mean, as after a second
randomisation of responders.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictStr

from anagen.core.fields import broken
from anagen.scalp import ENDPOINTS
from anagen.study.values import Model, Number, Week


class Among(Model):
    """The patients of an arm whose own measured value met a condition at a visit."""

    endpoint: StrictStr = Field(description="What decides; any registered endpoint.", examples=["salt"])
    week: Week = Field(description="Week of the visit at which it is decided.", examples=[52])
    measure: Literal["responder", "responder_percent", "responder_value"] = Field(
        description="As for endpoints: who responds is among them."
    )
    threshold: Number = Field(description="As for endpoints: what makes a responder.", examples=[20])

    @property
    def label(self) -> str:
        """The condition in one word per key, by which tables tell it apart.

        Examples
        --------
        >>> Among(endpoint="salt", week=52, measure="responder_value", threshold=20).label
        'among salt 52 responder_value 20'
        """
        return f"among {self.endpoint} {self.week:g} {self.measure} {self.threshold:g}"

    @property
    def words(self) -> str:
        """Who is among them, in words.

        Examples
        --------
        >>> Among(endpoint="salt", week=52, measure="responder_value", threshold=20).words
        'whose severity of alopecia (SALT) was 20 points or less at week 52'
        >>> Among(endpoint="total_density", week=24, measure="responder", threshold=10).words
        'whose total hair density had risen by 10 hairs/cm2 or more by week 24'
        """
        endpoint, limit = ENDPOINTS.get(self.endpoint), self.threshold
        title = self.endpoint if endpoint is None else endpoint.title
        unit = "" if endpoint is None or endpoint.unit == "1" else f" {endpoint.unit}"
        if self.measure == "responder_value":
            side = "more" if endpoint is None or endpoint.higher_is_better else "less"
            return f"whose {title} was {limit:g}{unit} or {side} at week {self.week:g}"
        moved, unit = "risen" if limit >= 0.0 else "fallen", " %" if self.measure == "responder_percent" else unit
        return f"whose {title} had {moved} by {abs(limit):g}{unit} or more by week {self.week:g}"


def check_among(among: Among | None, endpoint: str, use: str | None) -> None:
    """Check that a value of chosen patients is one that can be predicted, and that nothing is fitted to it.

    Parameters
    ----------
    among : Among or None
        Who was chosen; None where every patient of the arm counts.
    endpoint : str
        What was measured.
    use : str or None
        What the file wants the value for.

    Raises
    ------
    PydanticCustomError
        Where it is an adverse event, or is to inform parameters.
    """
    if among is None:
        return
    if endpoint not in ENDPOINTS and ":" in endpoint:
        raise broken(
            "among", "belongs to an endpoint: adverse events are not followed in patients who were chosen; leave it out"
        )
    if use == "calibrate":
        raise broken(
            "use",
            "is calibrate, but nothing is fitted to patients who were chosen by their response; write use: check "
            "with a reason, or leave use out",
        )
