"""Dutasteride on the scalp, alone or after needling: less of it reaches the blood than from a capsule.

How much reaches the papilla was never measured, so that it acts beside the network.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import harms_a_fetus, warning
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy

DUTASTERIDE_TOPICAL = Therapy(
    name="dutasteride-topical",
    title="topical dutasteride",
    aliases={
        "dutasteride solution": Alias("dutasteride on the scalp"),
    },
    routes=("topical", "microneedle"),
    actions=direct("dutasteride_topical", "androgen_drive"),
    kinetics=dict.fromkeys(
        ("topical", "microneedle"), Depot("dutasteride_topical", elsewhere=("topical", "microneedle"))
    ),
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"solution-0.05%": 0.5, "solution-0.01%": 0.1, "solution-0.1%": 1.0},
    default_schedule=RegimenSchedule(per_day=1.0),
    forms={
        "microneedle": Form(
            per=("session",),
            default_schedule=RegimenSchedule(every=4.0, sessions=3),
            control="vehicle",
        )
    },
    control="placebo",
    response="dutasteride_topical.response_cv",
    source=(
        "Sanchez-Meza 2022, Microneedling Plus Topical Dutasteride Solution for Androgenetic Alopecia (34 men; summary "
        "read)"
    ),
    evidence=(
        "Laid on after needling in 34 men, against saline after needling: marked improvement on photographs at week 16 "
        "in 52.9 against 17.6 %; no count could be read. Alone on intact skin no controlled trial was found."
    ),
    grade="B",
    corrects="Not in the review's table.",
    cost_per_year=(200.0, 900.0),
    harms=(weeks("dutasteride_topical_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),),
    contraindications=(
        harms_a_fetus("dutasteride-topical"),
        warning(
            "dutasteride-topical-in-blood-donors",
            "how much topical dutasteride reaches the blood is not known: the precautions of the capsule hold",
            "blood_donors",
        ),
    ),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 60.0),
        "not told",
        zones=("vertex", "frontal"),
        routes=("microneedle",),
        source="Sanchez-Meza 2022 (34 men; ages were not read)",
    ),
    certainty=Certainty("very low", ("risk of bias", "imprecision"), 1, 34),
)
