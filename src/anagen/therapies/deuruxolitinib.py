"""Deuruxolitinib by mouth: inhibits JAK 1 and 2, so that interferon gamma is not heard; for severe alopecia areata."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_jak_inhibitor
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import STOP, weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

DEURUXOLITINIB = Therapy(
    name="deuruxolitinib",
    title="deuruxolitinib",
    aliases={
        "Leqselvi": Alias("a brand of deuruxolitinib"),
        "CTP-543": Alias("deuruxolitinib before it was named"),
    },
    routes=("oral",),
    occupies=(Occupancy("JAK_BLOCK", reference_occupancy="deuruxolitinib.reference_occupancy"),),
    actions=actions("deuruxolitinib", "immune_attack", reference=True),
    kinetics={"oral": Inhibitor("deuruxolitinib_kinetics", "JAK1 and JAK2")},
    dose_unit="mg",
    default_dose=8.0,
    per=("application",),
    default_schedule=RegimenSchedule(per_day=2.0),
    control="placebo",
    response="deuruxolitinib.response_cv",
    source=(
        "THRIVE-AA1, NCT04518995 (706 patients; read as reported by ajmc.com and physiciansweekly.com); a second "
        "trial, THRIVE-AA2, was not read"
    ),
    evidence=(
        "A randomised trial of 706 adults with severe alopecia areata: SALT of at most 20 at week 24 in 29.6 % (8 mg "
        "twice a day), 41.5 % (12 mg) and 0.8 % (placebo)."
    ),
    grade="A",
    corrects="Missing from the review, which offers exosomes for alopecia areata without a study.",
    cost_per_year=(9000.0, 40000.0),
    harms=(
        weeks("deuruxolitinib_events.headache", 24, "headache", "headache", "systemic"),
        weeks("deuruxolitinib_events.acne", 24, "acne", "acne", "skin_irritation"),
        weeks(
            "deuruxolitinib_events.raised_creatine_kinase",
            24,
            "raised_creatine_kinase",
            "raised creatine kinase",
            "laboratory",
        ),
        weeks("deuruxolitinib_events.raised_ldl", 24, "raised_ldl", "raised LDL cholesterol", "laboratory", **STOP),
        weeks("deuruxolitinib_events.herpes_zoster", 24, "herpes_zoster", "herpes zoster", "infection"),
        weeks("deuruxolitinib_events.serious_infection", 24, "serious_infection", "serious infection", "serious"),
    ),
    contraindications=of_jak_inhibitor("deuruxolitinib"),
    studied=Studied(
        "aa",
        ("female", "male"),
        (18.0, 65.0),
        "SALT of 50 and more, mean 86",
        source="THRIVE-AA1, NCT04518995: 61.9 % women, median 37 years; the oldest age was not read",
    ),
    certainty=Certainty("moderate", ("imprecision (one trial was read)",), 1, 706),
)
