"""Baricitinib by mouth: inhibits JAK 1 and 2, so that interferon gamma is not heard; for severe alopecia areata."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_jak_inhibitor
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import STOP, weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

BARICITINIB = Therapy(
    name="baricitinib",
    title="baricitinib",
    aliases={
        "Olumiant": Alias("a brand of baricitinib"),
    },
    routes=("oral",),
    occupies=(Occupancy("JAK_BLOCK", reference_occupancy="baricitinib.reference_occupancy"),),
    actions=actions("baricitinib", "immune_attack", reference=True),
    kinetics={"oral": Inhibitor("baricitinib_kinetics", "JAK1 and JAK2")},
    dose_unit="mg",
    default_dose=4.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="baricitinib.response_cv",
    source="BRAVE-AA1 and 2, King 2022, doi:10.1056/NEJMoa2110343",
    evidence=(
        "Two randomised trials in severe alopecia areata: SALT of at most 20 at week 36 in 38.8 % (4 mg), 22.8 % (2 "
        "mg), 6.2 % (placebo)."
    ),
    grade="A",
    corrects="Missing from the review, which offers exosomes for alopecia areata without a study.",
    cost_per_year=(9000.0, 16000.0),
    harms=(
        weeks("baricitinib_events.acne", 36, "acne", "acne", "skin_irritation"),
        weeks(
            "baricitinib_events.raised_creatine_kinase",
            36,
            "raised_creatine_kinase",
            "raised creatine kinase",
            "laboratory",
        ),
        weeks("baricitinib_events.raised_ldl", 36, "raised_ldl", "raised LDL cholesterol", "laboratory", **STOP),
        weeks(
            "baricitinib_events.upper_respiratory_infection",
            36,
            "upper_respiratory_infection",
            "upper respiratory infection",
            "infection",
        ),
        weeks("baricitinib_events.headache", 36, "headache", "headache", "systemic"),
        weeks("baricitinib_events.herpes_zoster", 36, "herpes_zoster", "herpes zoster", "infection"),
        weeks("baricitinib_events.serious_infection", 36, "serious_infection", "serious infection", "serious"),
    ),
    contraindications=of_jak_inhibitor("baricitinib"),
    studied=Studied(
        "aa",
        ("female", "male"),
        (18.0, 70.0),
        "SALT of 50 and more",
        source="BRAVE-AA1 and 2, King 2022, doi:10.1056/NEJMoa2110343",
    ),
    certainty=Certainty("high", (), 2, 1200),
)
