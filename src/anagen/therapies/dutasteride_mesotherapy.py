"""Mesotherapy with dutasteride: many small injections of a solution into the scalp, so that little reaches the blood.

Mesotherapy is a way of injecting; dutasteride is the one substance that was tried against saline. No concentration in
the papilla was measured, so that it acts beside the network.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import harms_a_fetus, warning
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

DUTASTERIDE_MESOTHERAPY = Therapy(
    name="dutasteride-mesotherapy",
    title="mesotherapy with dutasteride",
    aliases={
        "mesotherapy": Alias("many small injections; dutasteride is the substance that was tried against saline"),
    },
    routes=("intradermal",),
    actions=direct("dutasteride_mesotherapy", "androgen_drive"),
    kinetics={"intradermal": Depot("dutasteride_mesotherapy")},
    dose_unit="mg",
    default_dose=1.0,
    default_schedule=RegimenSchedule(every=2.0, sessions=6),
    control="saline-injection",
    response="dutasteride_mesotherapy.response_cv",
    source=(
        "Systematic review, Herz-Ruelas 2020, doi:10.1159/000510697 (abstract); Abdallah 2009 (28 men, congress "
        "abstract); Moftah 2013, doi:10.1111/j.1468-3083.2012.04535.x (126 women, abstract)"
    ),
    evidence=(
        "28 men, seven sessions against saline: 7.9 (7.1 to 8.7) hairs more, in a field of unstated "
        "size, with an interval too narrow for 28 men; 126 women: better photographs in 62.8 against 17.5 %. The "
        "solutions held other substances too."
    ),
    grade="B",
    corrects="Not in the review's table.",
    cost_per_year=(600.0, 3000.0),
    harms=(sessions("dutasteride_mesotherapy_events.headache", 6, "headache", "headache", "systemic", local=False),),
    contraindications=(
        harms_a_fetus("dutasteride-mesotherapy"),
        warning(
            "dutasteride-mesotherapy-in-blood-donors",
            "how much injected dutasteride reaches the blood is not known: the precautions of the capsule hold",
            "blood_donors",
        ),
    ),
    studied=Studied(
        "aga",
        ("female", "male"),
        (18.0, 60.0),
        "Norwood III vertex to V; women not told",
        source="Abdallah 2009; Moftah 2013, doi:10.1111/j.1468-3083.2012.04535.x; ages were not read",
    ),
    certainty=Certainty(
        "very low", ("risk of bias", "indirectness (other substances in the syringe)", "imprecision"), 2, 154
    ),
)
