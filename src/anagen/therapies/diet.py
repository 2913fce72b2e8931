"""Diet and supplements in people who lack nothing: no effect on a hair count is known, and none is simulated."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.therapy import RegimenSchedule, Therapy

DIET = Therapy(
    name="diet",
    title="diet and supplements",
    routes=("oral",),
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    source="Liu 2024, doi:10.7150/ijms.88508, names it without a trial",
    evidence=(
        "No controlled hair count in people without a deficiency was found. Simulated as inert: identical to placebo."
    ),
    grade="D",
    corrects="The review lists it as a treatment without a result.",
    cost_per_year=(0.0, 600.0),
    certainty=Certainty("very low", ("nothing published",), 0, 0),
)
