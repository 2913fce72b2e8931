"""Finasteride: inhibits 5-alpha-reductase type II; less DHT, less androgen drive."""

from anagen.therapies.therapy import Occupancy, RegimenSchedule, Therapy, actions

FINASTERIDE = Therapy(
    name="finasteride",
    title="finasteride",
    routes=("oral",),
    occupies=(Occupancy("DHT_BLOCK"),),
    actions=actions("finasteride", "androgen_drive"),
    kinetics={"oral": "finasteride-oral"},
    dose_unit="mg",
    default_dose=1.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="finasteride.response_cv",
    source=(
        "Van Neste 2000, Br J Dermatol 143:804; Drake 1999, J Am Acad Dermatol 41:550; Price 2002/2006, PMID 16781295"
    ),
    evidence="Randomised, double blind, to 5 years: +17 hairs/cm2 against placebo at 48 weeks.",
)
