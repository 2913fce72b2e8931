"""Ginseng by mouth: no effect on a hair count is known, and none is simulated."""

from anagen.therapies.certainty import Certainty
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import RegimenSchedule, Therapy

GINSENG = Therapy(
    name="ginseng",
    title="ginseng",
    routes=("oral",),
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    source="Liu 2024, doi:10.7150/ijms.88508, names it without a trial",
    evidence=("No controlled hair count was found. Simulated as inert: identical to placebo."),
    grade="D",
    corrects="The review lists it as a treatment without a result.",
    cost_per_year=(50.0, 400.0),
    harms=(
        weeks(
            "ginseng_events.gastrointestinal_complaints",
            24,
            "gastrointestinal_complaints",
            "gastrointestinal complaints",
            "systemic",
        ),
    ),
    certainty=Certainty("very low", ("nothing published",), 0, 0),
)
