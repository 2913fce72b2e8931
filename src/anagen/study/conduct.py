"""How a trial is carried out beyond its arms: intercurrent events, who leaves and why, centres, enrolment, price.

Every key is optional, and a study that states none of them is written, hashed and simulated as before there were any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from anagen.core.fields import Whole, broken
from anagen.study.treatment import TherapyUse
from anagen.study.values import MOST_WEEKS, ArmName, Finite, Model, Number, Positive, Quantity, Share

ODDS_RATIO = 2.0
"""Odds ratio per standard deviation where a study says that leaving depends on something, and not how much: assumption;
no published trial of hair loss was found that tells it."""
HAIRS = "hairs/cm^2"
MOST_CENTRES = 500
_NUMBER = r"(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)"
_HAIRS = re.compile(rf"\s*{_NUMBER}\s*hairs?\s*(?:/|per)\s*cm\s*(?:\^|\*\*)?\s*[2²]\s*")
_TIME = re.compile(rf"\s*{_NUMBER}\s*(?P<unit>day|week|month|year)s?\s*")
_MONEY = re.compile(rf"\s*{_NUMBER}\s*(?P<currency>[A-Z]{{3}})\s*")
_ODDS = re.compile(rf"\s*(?:odds ratio\s*)?{_NUMBER}(?:\s*per SD)?\s*", re.IGNORECASE)
WEEKS = {"day": 1.0 / 7.0, "week": 1.0, "month": 365.25 / 84.0, "year": 365.25 / 7.0}
"""Weeks in a unit of time."""


def _kept(value: object) -> Quantity | None:
    """A quantity as it was read before, or as it was dumped; None for anything else."""
    if isinstance(value, Quantity):
        return value
    return Quantity.model_validate(value) if isinstance(value, dict) else None


def _hairs(value: object) -> Quantity:
    kept = _kept(value)
    if kept is not None:
        return kept
    match = _HAIRS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        meant = None if number is None else f"{number:g} {HAIRS}"
        raise broken("", f'is not a density of hairs; expected text with a unit, e.g. "4 {HAIRS}"', meant)
    return Quantity(value=float(match["number"]), unit=HAIRS, text=" ".join(str(value).split()))


def _time(value: object) -> Quantity:
    kept = _kept(value)
    if kept is not None:
        return kept
    if isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value <= MOST_WEEKS:
        return Quantity(value=float(value), unit="week", text=f"{value:g} weeks")
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise broken("", 'is not a time; expected weeks, or text with a unit, e.g. "3 months"')
    weeks = float(f"{float(match['number']) * WEEKS[match['unit']]:.12g}")
    return Quantity(value=weeks, unit="week", text=" ".join(str(value).split()))


def hairs_in(value: object) -> float | None:
    """Hairs/cm2 of a written density; None where it is none, which is told elsewhere.

    Examples
    --------
    >>> hairs_in("4 hairs/cm^2"), hairs_in("many")
    (4.0, None)
    """
    return _read(_hairs, value)


def weeks_in(value: object) -> float | None:
    """Weeks of a written time; None where it is none, which is told elsewhere."""
    return _read(_time, value)


def _read(read: Callable[[object], Quantity], value: object) -> float | None:
    if value is None:
        return None
    try:
        return read(value).value
    except (PydanticCustomError, ValidationError):
        return None


def _money(value: object) -> Quantity:
    kept = _kept(value)
    if kept is not None:
        return kept
    match = _MONEY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise broken("", 'is not an amount of money; expected text with a currency of three letters, e.g. "3000 EUR"')
    return Quantity(value=float(match["number"]), unit=match["currency"], text=" ".join(str(value).split()))


def _odds(value: object) -> object:
    match = _ODDS.fullmatch(value) if isinstance(value, str) else None
    if match is None and isinstance(value, str):
        raise broken("", 'is not an odds ratio; expected a number, or text such as "odds ratio 2 per SD"')
    return value if match is None else float(match["number"])


def _text_or_number(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": pattern}]})


Hairs = Annotated[Quantity, BeforeValidator(_hairs)]
Time = Annotated[Quantity, BeforeValidator(_time), _text_or_number(r"^\s*[\d.]+\s*(day|week|month|year)s?\s*$")]
Money = Annotated[Quantity, BeforeValidator(_money)]
OddsRatio = Annotated[
    Finite, BeforeValidator(_odds), Field(gt=0.0, le=1000.0), _text_or_number(r"^\s*(odds ratio\s*)?[\d.]+")
]
Lost = Annotated[Number, Field(ge=0.0, lt=1.0)]


class Dropout(Model):
    """Who is lost to follow-up for reasons other than an adverse event, and on what that depends."""

    share: Lost = Field(description="Share of patients lost by the last visit.", examples=[0.15])
    by_arm: dict[ArmName, Lost] = Field(
        default_factory=dict, description="Arm -> share lost, where it is another one.", examples=[{"vehicle": 0.2}]
    )
    mechanism: Literal["mcar", "mar", "mnar"] | None = Field(
        default=None,
        description="mcar: at random; mar: by what was measured before; mnar: by the change that is then not seen. "
        "Where left out, mar with depends_on and mcar without.",
    )
    depends_on: Literal["change", "adverse_event", "baseline"] | None = Field(
        default=None, description="What makes leaving more likely: too little change, an adverse event, a low baseline."
    )
    strength: OddsRatio | None = Field(
        default=None,
        description="Odds ratio of leaving between two visits, for a patient who is one standard deviation worse off "
        f"(or had an adverse event); {ODDS_RATIO:g} where left out.",
        examples=["odds ratio 2 per SD"],
    )

    @model_validator(mode="after")
    def _one_mechanism(self) -> Self:
        if self.depends_on is None and self.mechanism in ("mar", "mnar"):
            raise broken("mechanism", f"{self.mechanism} needs depends_on: change, adverse_event or baseline")
        if self.depends_on is not None and self.mechanism == "mcar":
            raise broken("mechanism", "mcar depends on nothing; leave depends_on out, or write mar", "mar")
        if self.mechanism == "mnar" and self.depends_on != "change":
            what = "what is known" if self.depends_on == "baseline" else "an adverse event, which is reported,"
            raise broken("mechanism", f"leaving by {what} is missing at random: write mar", "mar")
        if self.depends_on is None and self.strength is not None:
            raise broken("strength", "belongs to depends_on: change, adverse_event or baseline")
        return self

    @property
    def missing(self) -> Literal["mcar", "mar", "mnar"]:
        """Mechanism, filled in."""
        return self.mechanism or ("mcar" if self.depends_on is None else "mar")

    @property
    def odds_ratio(self) -> float:
        """Strength, filled in."""
        return ODDS_RATIO if self.strength is None else self.strength

    def of(self, arm: str) -> float:
        """Share lost in an arm."""
        return self.by_arm.get(arm, self.share)


def _dropout_kind(value: object) -> str:
    """Which of the two forms is meant: one share, or shares and on what leaving depends."""
    return "rule" if isinstance(value, dict | Dropout) else "share"


LostOrDropout = Annotated[
    Annotated[Dropout, Tag("rule")] | Annotated[Lost, Tag("share")],
    Discriminator(_dropout_kind),
]


class Intercurrent(Model):
    """What happens to some patients after they were randomised and bears on their outcome (ICH E9(R1))."""

    event: Literal["stops_treatment", "switch", "transplant"] = Field(
        description="stops_treatment: takes nothing more and stays in follow-up; switch: goes on with other therapies; "
        "transplant: has hair transplanted, so that counts no longer show the therapy."
    )
    share: Share | None = Field(
        default=None,
        description="Share of patients with the event by the last visit; of those whom an adverse event makes stop, "
        "the share that stays in follow-up.",
    )
    by_arm: dict[ArmName, Share] = Field(default_factory=dict, description="Arm -> share, where it is another one.")
    because: Literal["no_effect", "adverse_event", "other"] = Field(
        default="other",
        description="no_effect: those whose measured change is too little are more likely; adverse_event: whom an "
        "adverse event makes stop; other: anybody.",
    )
    strength: OddsRatio | None = Field(
        default=None,
        description="With no_effect: odds ratio of the event at a visit for a patient whose change is one standard "
        f"deviation worse; {ODDS_RATIO:g} where left out.",
    )
    therapies: tuple[TherapyUse, ...] = Field(
        default=(), description="With switch: what these patients go on with; weeks count from the switch."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.share is None and not self.by_arm:
            raise broken("share", "is missing (share of patients with the event, e.g. 0.1)")
        if self.strength is not None and self.because != "no_effect":
            raise broken("strength", "belongs to because: no_effect")
        if (self.event == "switch") != bool(self.therapies):
            fault = "is missing: what do they go on with?" if self.event == "switch" else "belongs to event: switch"
            raise broken("therapies", fault)
        if self.because == "adverse_event" and self.event != "stops_treatment":
            raise broken("because", "an adverse event makes patients stop: write event: stops_treatment")
        return self

    @property
    def odds_ratio(self) -> float:
        """Strength, filled in; 1 where the event depends on nothing."""
        if self.because != "no_effect":
            return 1.0
        return ODDS_RATIO if self.strength is None else self.strength

    def of(self, arm: str) -> float:
        """Share of an arm."""
        return self.by_arm.get(arm, 0.0 if self.share is None else self.share)


class Unblinding(Model):
    """Which patients of an arm notice what they were given, and what that does to what they expect: a scenario."""

    share: Share = Field(description="Share of patients, or of those with an adverse event, who notice.")
    expectation: Annotated[Number, Field(ge=0.0, le=10.0)] = Field(
        description="Factor on what these patients expect of being treated: 0 nothing, 1 as if they had not noticed, 2 "
        "twice as much."
    )
    because: Literal["adverse_event", "other"] = Field(
        default="other",
        description="adverse_event: those with an adverse event of the therapy or its route, from then on; other: "
        "anybody, from the first dose on.",
    )


def _unblinding(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        message = "needs what those who notice expect as well, as a factor: nothing published tells it"
        raise broken("", message, f"{{share: {value:g}, expectation: 2}}")
    return value


Noticed = Annotated[Unblinding, BeforeValidator(_unblinding)]


class Centres(Model):
    """Centres that recruit, and how much they differ."""

    number: Annotated[Whole, Field(ge=2, le=MOST_CENTRES)] = Field(description="Number of centres.", examples=[8])
    sd: Hairs = Field(
        description="Standard deviation between centres of what they measure in the same patients.",
        examples=[f"4 {HAIRS}"],
    )
    sizes: Literal["equal"] | tuple[Positive, ...] = Field(
        default="equal", description="Patients that centres recruit, relative to each other."
    )
    effect_sd: Hairs | None = Field(
        default=None,
        description="Standard deviation between centres of the effect of an arm over its control; none where left out.",
        exclude_if=lambda value: value is None,
    )

    change_sd: Hairs | None = Field(
        default=None,
        description="Standard deviation between centres of the change that they measure, in every arm; none where left "
        "out.",
        exclude_if=lambda value: value is None,
    )

    @model_validator(mode="after")
    def _one_size_each(self) -> Self:
        if self.sizes != "equal" and len(self.sizes) != self.number:
            raise broken("sizes", f"names {len(self.sizes)} centres; there are {self.number}")
        return self


class Enrolment(Model):
    """How fast patients are randomised: a Poisson process whose rate rises to a plateau."""

    per_month: Annotated[Positive, Field(le=100_000.0)] = Field(
        description="Patients randomised a month, all centres together, once recruitment is under way.", examples=[5]
    )
    ramp: Time = Field(
        default=Quantity(value=0.0, unit="week", text="0 weeks"),
        description="Time in which the rate rises from nothing to that, in a straight line; none where left out.",
        examples=["3 months"],
    )


class Price(Model):
    """What a trial costs per item; all amounts in one currency, none of them converted."""

    patient: Money | None = Field(default=None, description="Per patient randomised.", examples=["3000 EUR"])
    screening: Money | None = Field(default=None, description="Per candidate screened, admitted or not.")
    visit: Money | None = Field(default=None, description="Per visit attended, baseline included.")
    session: Money | None = Field(default=None, description="Per session of treatment in the clinic.")
    centre: Money | None = Field(default=None, description="Per centre opened.")
    month: Money | None = Field(default=None, description="Per month of the trial, from first patient in to last out.")

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        amounts = self.amounts
        if not amounts:
            raise broken("", "is empty; name what costs something, e.g. {patient: 3000 EUR}")
        first = next(iter(amounts))
        unit = amounts[first].unit
        for key, amount in amounts.items():
            if amount.unit != unit:
                message = f"is in {amount.unit} and {first} in {unit}; nothing is converted: write one currency"
                raise broken(key, message)
        return self

    @property
    def amounts(self) -> dict[str, Quantity]:
        """What is named."""
        found = {name: cast("Quantity | None", getattr(self, name)) for name in type(self).model_fields}
        return {name: amount for name, amount in found.items() if amount is not None}


def unsaid(value: Any) -> bool:
    """Whether a key says nothing beyond its default, so that a study is written without it.

    Examples
    --------
    >>> unsaid(None), unsaid(()), unsaid({}), unsaid(False), unsaid(0.1)
    (True, True, True, True, False)
    """
    return value is None or value is False or (isinstance(value, tuple | Mapping) and not value)
