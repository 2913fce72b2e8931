"""What patients report without any active substance."""

from __future__ import annotations

from anagen.therapies.safety import MEN, AdverseEvent, weeks

BACKGROUND_EVENTS: dict[str, AdverseEvent] = {
    event.name: event
    for event in (
        weeks("background_events.decreased_libido", 52, "decreased_libido", "decreased libido", "sexual"),
        weeks(
            "background_events.erectile_dysfunction",
            52,
            "erectile_dysfunction",
            "erectile dysfunction",
            "sexual",
            **MEN,
        ),
        weeks(
            "background_events.ejaculation_disorder",
            52,
            "ejaculation_disorder",
            "ejaculation disorder",
            "sexual",
            **MEN,
        ),
        weeks("background_events.headache", 24, "headache", "headache", "systemic"),
        weeks("background_events.diarrhoea", 24, "diarrhoea", "diarrhoea", "systemic"),
        weeks("background_events.acne", 24, "acne", "acne", "skin_irritation"),
        weeks(
            "background_events.upper_respiratory_infection",
            24,
            "upper_respiratory_infection",
            "upper respiratory infection",
            "infection",
        ),
        weeks("background_events.dizziness", 24, "dizziness", "dizziness", "systemic"),
        weeks("background_events.nausea", 24, "nausea", "nausea", "systemic"),
        weeks("background_events.fatigue", 24, "fatigue", "fatigue", "systemic"),
        weeks("background_events.dyspepsia", 24, "dyspepsia", "dyspepsia", "systemic"),
        weeks(
            "background_events.raised_transaminases",
            24,
            "raised_transaminases",
            "raised transaminases",
            "laboratory",
        ),
    )
}
"""Event -> what patients report without any active substance, in every arm of a study that asks for it.

A study asks for the events that any of its arms can have: informed consent names them to everybody.
"""
