"""Baricitinib by mouth: inhibits JAK 1 and 2, so that interferon gamma is not heard; for severe alopecia areata."""

from anagen.therapies.therapy import Occupancy, RegimenSchedule, Therapy, actions

BARICITINIB = Therapy(
    name="baricitinib",
    title="baricitinib",
    routes=("oral",),
    occupies=(Occupancy("JAK_BLOCK"),),
    actions=actions("baricitinib", "attack"),
    kinetics={"oral": "baricitinib"},
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
)
