"""Spironolactone by mouth: blocks the androgen receptor; for women."""

from anagen.therapies.therapy import Occupancy, RegimenSchedule, Therapy, actions

SPIRONOLACTONE = Therapy(
    name="spironolactone",
    title="spironolactone",
    routes=("oral",),
    occupies=(Occupancy("AR_BLOCK"),),
    actions=actions("spironolactone", "androgen_drive"),
    kinetics={"oral": "spironolactone"},
    dose_unit="mg",
    default_dose=100.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="spironolactone.response_cv",
    source=(
        "Sinclair 2018, Int J Dermatol 57:104 (with minoxidil by mouth, no control); Liang 2022, "
        "doi:10.3389/fmed.2022.905140 (added to minoxidil)"
    ),
    evidence="Studied in women as an addition to minoxidil; what it adds to a hair count was not read in numbers.",
    grade="B",
    corrects="Not in the review's table; it is used where bicalutamide is.",
    cost_per_year=(50.0, 300.0),
)
