"""Bicalutamide by mouth: blocks the androgen receptor; for women only, and never studied alone."""

from anagen.therapies.therapy import Occupancy, RegimenSchedule, Therapy, actions

BICALUTAMIDE = Therapy(
    name="bicalutamide",
    title="bicalutamide",
    routes=("oral",),
    occupies=(Occupancy("AR_BLOCK"),),
    actions=actions("bicalutamide", "androgen_drive"),
    kinetics={"oral": "bicalutamide"},
    dose_unit="mg",
    default_dose=10.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="bicalutamide.response_cv",
    source="Ismail 2020, doi:10.1016/j.jaad.2020.03.034 (316 women, 97 % of them on minoxidil by mouth as well)",
    evidence=(
        "A retrospective series of women on several drugs at once; no hair count, and no effect of its own is known."
    ),
    grade="B",
    corrects="The review cites a safety series in women as if it showed efficacy; transaminases rose in 2.9 %.",
    cost_per_year=(100.0, 900.0),
)
