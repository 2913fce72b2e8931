"""Treatments and controls a study can name, one file each."""

from anagen.core.registry import Registry
from anagen.therapies.dutasteride import DUTASTERIDE
from anagen.therapies.exosome import EXOSOME
from anagen.therapies.finasteride import FINASTERIDE
from anagen.therapies.hair_transplantation import HAIR_TRANSPLANTATION
from anagen.therapies.minoxidil import MINOXIDIL
from anagen.therapies.none import NONE
from anagen.therapies.placebo import PLACEBO
from anagen.therapies.prp import PRP
from anagen.therapies.saline_injection import SALINE_INJECTION
from anagen.therapies.therapy import LEVERS, Action, Lever, Occupancy, RegimenSchedule, Therapy
from anagen.therapies.vehicle import VEHICLE

THERAPIES: Registry[Therapy] = Registry(
    "therapy",
    {
        therapy.name: therapy
        for therapy in (
            NONE,
            PLACEBO,
            VEHICLE,
            SALINE_INJECTION,
            FINASTERIDE,
            DUTASTERIDE,
            MINOXIDIL,
            PRP,
            EXOSOME,
            HAIR_TRANSPLANTATION,
        )
    },
)

__all__ = ["LEVERS", "THERAPIES", "Action", "Lever", "Occupancy", "RegimenSchedule", "Therapy"]
