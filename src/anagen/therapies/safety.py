"""What an adverse event is, as data: how often, when, how bad, how long, and who leaves because of it.

    P(event within exposure x) = 1 - exp(-H(x)),   H(x) = -ln(1 - p) (x / R)^k

p is the share of patients with the event within the reference exposure R (weeks of use, or sessions), k the Weibull
shape. An event that depends on the dose d has H times (d / d0)^q, where d0 is the dose of p. Every number is a
parameter, with its source and grade beside it. Events of a kind share their course.

References
----------
.. [1] Weibull 1951, doi:10.1115/1.4010337.
.. [2] Exposure-adjusted rates after Zhou & Ke 2015, doi:10.1002/pst.1686.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Unit = Literal["weeks", "sessions"]
Resolution = Literal["by itself", "after stopping", "never"]

SCENARIOS: dict[str, str] = {
    "unregulated-vesicles": "granuloma, skin necrosis and infection after uncontrolled products; no denominator",
    "post-finasteride": "sexual complaints that last after stopping; no denominator, cause unresolved",
    "prp-anaphylaxis": "anaphylaxis after platelet-rich plasma; no denominator",
}
"""Rare events on record without a denominator: off unless a study asks for them under `safety: {scenarios: [...]}`."""


@dataclass(frozen=True, slots=True)
class EventCourse:
    """How events of a kind run, as names of parameters.

    Attributes
    ----------
    lag : str
        [day] from the exposure to the first sign.
    shape : str
        Weibull shape of the time to the event.
    duration : str
        Median [day].
    moderate : str
        Shares of events; the rest is mild.
    severe : str
        Shares of events; the rest is mild.
    discontinuation : str
        Share of events after which the patient stops and leaves.
    """

    lag: str
    shape: str
    duration: str
    moderate: str
    severe: str
    discontinuation: str

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter of the course."""
        return (self.lag, self.shape, self.duration, self.moderate, self.severe, self.discontinuation)


def course(kind: str) -> EventCourse:
    """The course of events of a kind, by the naming "event_courses.<kind>_<field>".

    Examples
    --------
    >>> course("bruise").lag
    'event_courses.bruise_lag'
    """
    return EventCourse(
        *(
            f"event_courses.{kind}_{field}"
            for field in ("lag", "shape", "duration", "moderate", "severe", "discontinuation")
        )
    )


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One adverse event of a therapy or of a route.

    Attributes
    ----------
    name : str
        As study files and results name it.
    title : str
        In words.
    rate : str
        Parameter name of the share of patients with it within the reference exposure; its source and grade are those of
        the event. For an event that has a background the rate is the excess over it.
    reference : float
        Exposure in which the share was seen.
    unit : Unit
        Weeks of use, or sessions.
    course : EventCourse
        When it begins, how long it lasts, how bad it is, who leaves.
    local : bool, default False
        True where it sits on the treated skin: the sides of a split scalp then have events of their own.
    routes : tuple[str, ...], default ()
        Routes by which it happens; empty for any.
    formulations : tuple[str, ...], default ()
        With which it happens; empty for any.
    sex : Literal["male", "female"], optional
        The only sex that can have it, or None.
    resolution : Resolution, default "by itself"
        How it ends.
    scenario : str, optional
        Name in SCENARIOS of a rare event that is off unless a study asks for it, or None.
    dose_power : str, optional
        Parameter name of the power of the dose with which the hazard rises, or None where the dose has no part:
        H is multiplied by (dose / reference_dose)^power.
    reference_dose : float, optional
        Dose at which the share was seen, in the unit of the therapy's dose; None where the dose has no part.

    Examples
    --------
    >>> AdverseEvent("pain", "pain", "x_events.pain", 3.0, "sessions", course("procedure_pain")).scenario is None
    True
    """

    name: str
    title: str
    rate: str
    reference: float
    unit: Unit
    course: EventCourse
    local: bool = False
    routes: tuple[str, ...] = ()
    formulations: tuple[str, ...] = ()
    sex: Literal["male", "female"] | None = None
    resolution: Resolution = "by itself"
    scenario: str | None = None
    dose_power: str | None = None
    reference_dose: float | None = None

    def __post_init__(self) -> None:
        if (self.dose_power is None) != (self.reference_dose is None):
            raise ValueError(f"{self.name}: dose_power and reference_dose belong together")
        if self.reference_dose is not None and self.reference_dose <= 0.0:
            raise ValueError(f"{self.name}: the reference dose must be positive, got {self.reference_dose}")
        if self.reference <= 0.0:
            raise ValueError(f"{self.name}: the reference exposure must be positive, got {self.reference}")
        if self.scenario is not None and self.scenario not in SCENARIOS:
            raise ValueError(f"{self.name}: scenario {self.scenario!r} is not one of {', '.join(SCENARIOS)}")

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that the event reads."""
        power = () if self.dose_power is None else (self.dose_power,)
        return (self.rate, *self.course.parameter_names(), DURATION_SPREAD, *power)


DURATION_SPREAD = "event_courses.duration_spread"
"""Parameter of the log standard deviation of an event's duration between patients."""

ORAL: dict[str, Any] = {"routes": ("oral",)}
TOPICAL: dict[str, Any] = {"routes": ("topical",)}
MEN: dict[str, Any] = {"sex": "male"}
WOMEN: dict[str, Any] = {"sex": "female"}
STOP: dict[str, Any] = {"resolution": "after stopping"}


def event(rate: str, name: str, title: str, reference: float, unit: Unit, kind: str, **more: Any) -> AdverseEvent:
    """An event by the name of its rate, its reference exposure and the kind of its course."""
    return AdverseEvent(name, title, rate, reference, unit, course(kind), **more)


def weeks(rate: str, reference: float, name: str, title: str, kind: str, **more: Any) -> AdverseEvent:
    """An event of weeks of use."""
    return event(rate, name, title, reference, "weeks", kind, **more)


def sessions(rate: str, reference: float, name: str, title: str, kind: str, **more: Any) -> AdverseEvent:
    """An event of sessions, on the treated skin unless said otherwise."""
    return event(rate, name, title, reference, "sessions", kind, **{"local": True, **more})
