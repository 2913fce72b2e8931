"""Adverse events of routes, whatever is given by them."""

from __future__ import annotations

from anagen.therapies.harms.entry import sessions, weeks
from anagen.therapies.safety import Registered

ROUTE_EVENTS: Registered = {
    "none": (),
    "oral": (),
    "graft": (),
    "light": (),
    "thread": (),
    "sham": (),
    "topical": (
        weeks("topical_events.pruritus", 48, "pruritus", "itching", "skin_irritation", local=True),
        weeks("topical_events.dryness", 48, "dryness", "dryness or scaling", "skin_irritation", local=True),
        weeks("topical_events.erythema", 48, "erythema", "redness", "skin_irritation", local=True),
    ),
    "intradermal": (
        sessions("intradermal_events.injection_pain", 3, "injection_pain", "pain at the injection", "procedure_pain"),
        sessions(
            "intradermal_events.injection_erythema",
            3,
            "injection_erythema",
            "redness at the injection",
            "skin_after_procedure",
        ),
        sessions("intradermal_events.bruising", 3, "bruising", "bruising", "bruise"),
        sessions("intradermal_events.headache", 3, "headache", "headache", "systemic", local=False),
        sessions(
            "intradermal_events.injection_infection",
            3,
            "injection_infection",
            "infection at the injection",
            "infection",
        ),
    ),
    "microneedle": (
        sessions("microneedling_events.procedure_pain", 4, "procedure_pain", "pain of the procedure", "procedure_pain"),
        sessions("microneedling_events.erythema", 4, "erythema", "redness", "skin_after_procedure"),
        sessions(
            "microneedling_events.serious_adverse_event",
            4,
            "serious_adverse_event",
            "serious adverse event",
            "serious",
        ),
    ),
    "radiofrequency": (
        sessions(
            "radiofrequency_events.procedure_pain", 4, "procedure_pain", "pain of the procedure", "procedure_pain"
        ),
        sessions("radiofrequency_events.erythema", 4, "erythema", "redness", "skin_after_procedure"),
        sessions("radiofrequency_events.burn", 4, "burn", "burn", "surgical"),
    ),
    "fractional-co2": (
        sessions("laser_events.co2_erythema", 5, "erythema", "redness", "skin_after_procedure"),
        sessions("laser_events.co2_pain", 5, "procedure_pain", "pain of the procedure", "procedure_pain"),
        sessions("laser_events.co2_crusting", 5, "crusting", "crusting", "surgical"),
        sessions("laser_events.co2_hyperpigmentation", 5, "hyperpigmentation", "hyperpigmentation", "skin_atrophy"),
    ),
    "erbium-glass": (
        sessions("laser_events.erbium_pruritus", 5, "pruritus", "itching", "procedure_pain"),
        sessions("laser_events.erbium_erythema", 5, "erythema", "redness", "skin_after_procedure"),
    ),
}
"""Route -> what giving anything by it does by itself, and so to its control as well."""
