"""Shampoo against oil and dirt: no effect on a hair count is known, and none is simulated."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import RegimenSchedule, Therapy

SHAMPOO = Therapy(
    name="shampoo",
    title="shampoo",
    routes=("topical",),
    per=("application",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    source="Liu 2024, doi:10.7150/ijms.88508, names it without a trial",
    evidence=("No controlled hair count was found. Simulated as inert: identical to its vehicle."),
    grade="D",
    corrects="The review lists it as a treatment without a result.",
    cost_per_year=(30.0, 250.0),
    harms=(weeks("shampoo_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),),
    certainty=Certainty("very low", ("nothing published",), 0, 0),
)
