"""Spironolactone by mouth: blocks the androgen receptor; for women."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import LABELS, Contraindication, When, harms_a_fetus, warning
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import MEN, STOP, WOMEN, weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

SPIRONOLACTONE = Therapy(
    name="spironolactone",
    title="spironolactone",
    aliases={
        "Aldactone": Alias("a brand of spironolactone"),
    },
    routes=("oral",),
    occupies=(Occupancy("AR_BLOCK"),),
    actions=actions("spironolactone", "androgen_drive"),
    kinetics={"oral": Inhibitor("spironolactone_kinetics", "androgen receptor")},
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
    grade="C",
    corrects="Not in the review's table; it is used where bicalutamide is.",
    cost_per_year=(50.0, 300.0),
    harms=(
        weeks("spironolactone_events.dizziness", 52, "dizziness", "dizziness", "systemic"),
        weeks("spironolactone_events.nausea", 52, "nausea", "nausea", "systemic"),
        weeks("spironolactone_events.breast_tenderness", 52, "breast_tenderness", "breast tenderness", "hormonal"),
        weeks("spironolactone_events.hyperkalaemia", 52, "hyperkalaemia", "hyperkalaemia", "laboratory"),
        weeks("spironolactone_events.urticaria", 52, "urticaria", "urticaria", "skin_irritation"),
        weeks(
            "spironolactone_events.menstrual_irregularity",
            52,
            "menstrual_irregularity",
            "irregular periods",
            "hormonal",
            **WOMEN,
            **STOP,
        ),
        weeks("spironolactone_events.gynaecomastia", 52, "gynaecomastia", "gynaecomastia", "hormonal", **MEN, **STOP),
    ),
    contraindications=(
        Contraindication(
            "spironolactone-in-men",
            When("male"),
            "spironolactone is not given to men for hair loss: it feminises",
            LABELS,
            acceptable=True,
        ),
        harms_a_fetus("spironolactone"),
        warning("spironolactone-in-kidney-disease", "spironolactone raises potassium", "kidney_disease"),
    ),
    studied=Studied(
        "aga",
        ("female",),
        (18.0, 80.0),
        "Sinclair II to III",
        source="Sinclair 2018, Int J Dermatol 57:104; Liang 2022",
    ),
    certainty=Certainty("low", ("risk of bias", "indirectness (added to minoxidil)", "imprecision"), 2, 214),
)
