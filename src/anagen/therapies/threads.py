"""Absorbable threads of polydioxanone: a wound that lasts until they are absorbed, all of it by their route."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

THREADS = Therapy(
    name="threads",
    title="absorbable threads",
    aliases={
        "PDO threads": Alias("threads of polydioxanone"),
    },
    routes=("thread",),
    formulations={"pdo-monofilament": 1.0},
    refused={"plla": "threads of poly-L-lactic acid are off: no study of them in hair was found"},
    default_schedule=RegimenSchedule(every=12.0, sessions=1),
    control="sham-procedure",
    source=(
        "Vedamurthy (10 men, no control); Khattab & Bessar 2020, J Cosmet Dermatol (27 women, with minoxidil); "
        "Metwalli 2020, doi:10.1080/09546634.2019.1682499"
    ),
    evidence=(
        "Small series, one of them against saline without numbers that could be read; counts start from 29/cm2, which "
        "looks like follicular units."
    ),
    grade="B",
    corrects=(
        "The review names poly-L-lactic acid as well; nothing was found for it in hair, so that it cannot be chosen."
    ),
    cost_per_year=(500.0, 3000.0),
    harms=(
        sessions(
            "threads_events.pain_and_swelling", 1, "pain_and_swelling", "pain and swelling", "skin_after_procedure"
        ),
        sessions("threads_events.infection", 1, "skin_infection", "infection of the skin", "infection"),
    ),
    studied=Studied(
        "aga",
        ("female", "male"),
        (20.0, 55.0),
        "not told",
        source="Bharti 2017; Metwalli 2020 (women)",
    ),
    certainty=Certainty("very low", ("risk of bias", "imprecision", "publication bias"), 1, 0),
)
