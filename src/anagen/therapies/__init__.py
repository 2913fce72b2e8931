"""Treatments and controls a study can name, one file each."""

from anagen.core.registry import Registry
from anagen.therapies.baricitinib import BARICITINIB
from anagen.therapies.bicalutamide import BICALUTAMIDE
from anagen.therapies.botulinum_toxin import BOTULINUM_TOXIN
from anagen.therapies.cetirizine import CETIRIZINE
from anagen.therapies.clascoterone import CLASCOTERONE
from anagen.therapies.conditioned_medium import CONDITIONED_MEDIUM
from anagen.therapies.diet import DIET
from anagen.therapies.dutasteride import DUTASTERIDE
from anagen.therapies.erbium_glass import ERBIUM_GLASS
from anagen.therapies.excimer import EXCIMER
from anagen.therapies.exosome import EXOSOME
from anagen.therapies.finasteride import FINASTERIDE
from anagen.therapies.fractional_co2 import FRACTIONAL_CO2
from anagen.therapies.ginseng import GINSENG
from anagen.therapies.hair_transplantation import HAIR_TRANSPLANTATION
from anagen.therapies.intralesional_steroid import INTRALESIONAL_STEROID
from anagen.therapies.lllt import LLLT
from anagen.therapies.microneedling import MICRONEEDLING
from anagen.therapies.minoxidil import MINOXIDIL
from anagen.therapies.none import NONE
from anagen.therapies.placebo import PLACEBO
from anagen.therapies.prp import PRP
from anagen.therapies.radiofrequency import RADIOFREQUENCY
from anagen.therapies.ritlecitinib import RITLECITINIB
from anagen.therapies.saline_injection import SALINE_INJECTION
from anagen.therapies.sham_light import SHAM_LIGHT
from anagen.therapies.sham_procedure import SHAM_PROCEDURE
from anagen.therapies.shampoo import SHAMPOO
from anagen.therapies.spironolactone import SPIRONOLACTONE
from anagen.therapies.therapy import (
    EVIDENCE_GRADES,
    LEVERS,
    Action,
    EvidenceGrade,
    Form,
    Lever,
    Occupancy,
    RegimenSchedule,
    Therapy,
)
from anagen.therapies.threads import THREADS
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
            SHAM_LIGHT,
            SHAM_PROCEDURE,
            MINOXIDIL,
            FINASTERIDE,
            DUTASTERIDE,
            BICALUTAMIDE,
            SPIRONOLACTONE,
            CETIRIZINE,
            CLASCOTERONE,
            MICRONEEDLING,
            RADIOFREQUENCY,
            FRACTIONAL_CO2,
            ERBIUM_GLASS,
            LLLT,
            EXCIMER,
            THREADS,
            BOTULINUM_TOXIN,
            PRP,
            CONDITIONED_MEDIUM,
            EXOSOME,
            HAIR_TRANSPLANTATION,
            BARICITINIB,
            RITLECITINIB,
            INTRALESIONAL_STEROID,
            GINSENG,
            DIET,
            SHAMPOO,
        )
    },
)

__all__ = [
    "EVIDENCE_GRADES",
    "LEVERS",
    "THERAPIES",
    "Action",
    "EvidenceGrade",
    "Form",
    "Lever",
    "Occupancy",
    "RegimenSchedule",
    "Therapy",
]
