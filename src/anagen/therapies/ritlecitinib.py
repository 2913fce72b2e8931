"""Ritlecitinib by mouth: binds JAK 3 for good; for severe alopecia areata from the age of 12."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_jak_inhibitor
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

RITLECITINIB = Therapy(
    name="ritlecitinib",
    title="ritlecitinib",
    aliases={
        "Litfulo": Alias("a brand of ritlecitinib"),
    },
    routes=("oral",),
    occupies=(Occupancy("JAK_BLOCK", reference_occupancy="ritlecitinib.reference_occupancy"),),
    actions=actions("ritlecitinib", "immune_attack", reference=True),
    kinetics={"oral": Inhibitor("ritlecitinib_kinetics", "JAK3", slow=True)},
    dose_unit="mg",
    default_dose=50.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="ritlecitinib.response_cv",
    source="ALLEGRO-2b/3 (NCT03732807), long-term follow-up: King 2025, doi:10.1111/jdv.20547 (abstract)",
    evidence="A randomised dose-ranging trial in severe alopecia areata; responder rates were not available to us.",
    grade="A",
    corrects="Missing from the review, which offers exosomes for alopecia areata without a study.",
    cost_per_year=(9000.0, 20000.0),
    harms=(
        weeks("ritlecitinib_events.headache", 24, "headache", "headache", "systemic"),
        weeks("ritlecitinib_events.diarrhoea", 24, "diarrhoea", "diarrhoea", "systemic"),
        weeks("ritlecitinib_events.acne", 24, "acne", "acne", "skin_irritation"),
        weeks("ritlecitinib_events.rash", 24, "rash", "rash", "skin_irritation"),
        weeks("ritlecitinib_events.urticaria", 24, "urticaria", "urticaria", "skin_irritation"),
        weeks("ritlecitinib_events.herpes_zoster", 24, "herpes_zoster", "herpes zoster", "infection"),
        weeks("ritlecitinib_events.serious_infection", 24, "serious_infection", "serious infection", "serious"),
    ),
    contraindications=of_jak_inhibitor("ritlecitinib"),
    studied=Studied(
        "aa",
        ("female", "male"),
        (12.0, 73.0),
        "SALT of 50 and more",
        source="ALLEGRO-2b/3, NCT03732807",
    ),
    certainty=Certainty("moderate", ("indirectness (its shares of responders were not available to us)",), 1, 718),
)
