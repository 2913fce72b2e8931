"""Adverse events of every therapy, of every route, and of a placebo that is taken seriously.

What needle, channel, laser or vehicle does belongs to the route and so to its control as well; a therapy holds only
what the substance adds. To add a therapy: one file of rates in `parameters/adverse_events/` and one entry here. Names
are plain text, so that an entry can be here before its therapy is.
"""

from __future__ import annotations

from anagen.therapies.harms.background import BACKGROUND_EVENTS
from anagen.therapies.harms.drugs import (
    BARICITINIB,
    BICALUTAMIDE,
    CETIRIZINE,
    CLASCOTERONE,
    DUTASTERIDE,
    FINASTERIDE,
    MINOXIDIL,
    RITLECITINIB,
    SPIRONOLACTONE,
)
from anagen.therapies.harms.procedures import (
    BOTULINUM_TOXIN,
    CONDITIONED_MEDIUM,
    EXCIMER,
    EXOSOME,
    GINSENG,
    HAIR_TRANSPLANTATION,
    INTRALESIONAL_STEROID,
    LLLT,
    PRP,
    SHAMPOO,
    THREADS,
)
from anagen.therapies.harms.routes import ROUTE_EVENTS
from anagen.therapies.safety import Registered

ADVERSE_EVENTS: Registered = {
    "none": (),
    "placebo": (),
    "vehicle": (),
    "sham-light": (),
    "sham-procedure": (),
    "saline-injection": (),
    "finasteride": FINASTERIDE,
    "dutasteride": DUTASTERIDE,
    "minoxidil": MINOXIDIL,
    "prp": PRP,
    "exosome": EXOSOME,
    "conditioned-medium": CONDITIONED_MEDIUM,
    "bicalutamide": BICALUTAMIDE,
    "spironolactone": SPIRONOLACTONE,
    "cetirizine": CETIRIZINE,
    "clascoterone": CLASCOTERONE,
    "baricitinib": BARICITINIB,
    "ritlecitinib": RITLECITINIB,
    "intralesional-steroid": INTRALESIONAL_STEROID,
    "botulinum-toxin": BOTULINUM_TOXIN,
    "threads": THREADS,
    "lllt": LLLT,
    "excimer": EXCIMER,
    "hair-transplantation": HAIR_TRANSPLANTATION,
    "microneedling": (),
    "radiofrequency": (),
    "fractional-co2": (),
    "erbium-glass": (),
    "ginseng": GINSENG,
    "diet": (),
    "shampoo": SHAMPOO,
}
"""Therapy -> what its substance adds; empty where the act of giving it does all."""


__all__ = ["ADVERSE_EVENTS", "BACKGROUND_EVENTS", "ROUTE_EVENTS"]
