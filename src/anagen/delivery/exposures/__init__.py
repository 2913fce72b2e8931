"""From doses to exposure at the follicle: one entry per kind of kinetics, named by therapies and routes."""

from anagen.core.registry import Registry
from anagen.delivery.exposures.androgens import DUTASTERIDE, FINASTERIDE_ORAL, FINASTERIDE_TOPICAL
from anagen.delivery.exposures.depot import BOTULINUM_DEPOT, MEDIUM_DEPOT, PRP_DEPOT, STEROID_DEPOT
from anagen.delivery.exposures.exposure import Exposes, Exposure, Kinetics
from anagen.delivery.exposures.inhibitors import inhibitor_kinetics
from anagen.delivery.exposures.light import LIGHT_SESSIONS, ULTRAVIOLET_SESSIONS
from anagen.delivery.exposures.minoxidil import MINOXIDIL_CHANNELS, MINOXIDIL_ORAL, MINOXIDIL_TOPICAL
from anagen.delivery.exposures.vesicles import VESICLES
from anagen.delivery.exposures.wounds import DEVICE_WOUNDS, INJECTION_WOUND

DRUGS = ("bicalutamide", "spironolactone", "clascoterone", "cetirizine", "baricitinib", "ritlecitinib")

KINETICS: Registry[Kinetics] = Registry(
    "kinetics",
    {
        entry.name: entry
        for entry in (
            FINASTERIDE_ORAL,
            FINASTERIDE_TOPICAL,
            DUTASTERIDE,
            MINOXIDIL_TOPICAL,
            MINOXIDIL_CHANNELS,
            MINOXIDIL_ORAL,
            *(inhibitor_kinetics(name) for name in DRUGS),
            VESICLES,
            PRP_DEPOT,
            BOTULINUM_DEPOT,
            MEDIUM_DEPOT,
            STEROID_DEPOT,
            LIGHT_SESSIONS,
            ULTRAVIOLET_SESSIONS,
            INJECTION_WOUND,
            *DEVICE_WOUNDS,
        )
    },
)

__all__ = ["KINETICS", "Exposes", "Exposure", "Kinetics"]
