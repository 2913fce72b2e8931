"""Short forms of an adverse event, for the tables of this folder."""

from __future__ import annotations

from typing import Any

from anagen.therapies.safety import AdverseEvent, Unit, course

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
