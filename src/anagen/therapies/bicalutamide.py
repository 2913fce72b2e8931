"""Bicalutamide by mouth: blocks the androgen receptor; for women only, and never studied alone."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import Contraindication, When, harms_a_fetus, warning
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import MEN, STOP, weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

BICALUTAMIDE = Therapy(
    name="bicalutamide",
    title="bicalutamide",
    aliases={
        "Casodex": Alias("a brand of bicalutamide"),
    },
    routes=("oral",),
    occupies=(Occupancy("AR_BLOCK"),),
    actions=actions("bicalutamide", "androgen_drive"),
    kinetics={"oral": Inhibitor("bicalutamide_kinetics", "androgen receptor")},
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
    grade="C",
    corrects="The review cites a safety series in women as if it showed efficacy; transaminases rose in 2.9 %.",
    cost_per_year=(100.0, 900.0),
    harms=(
        weeks(
            "bicalutamide_events.raised_transaminases", 26, "raised_transaminases", "raised transaminases", "laboratory"
        ),
        weeks("bicalutamide_events.peripheral_oedema", 26, "peripheral_oedema", "swollen limbs", "systemic", **STOP),
        weeks(
            "bicalutamide_events.gastrointestinal_complaints",
            26,
            "gastrointestinal_complaints",
            "gastrointestinal complaints",
            "systemic",
        ),
        weeks("bicalutamide_events.gynaecomastia", 26, "gynaecomastia", "gynaecomastia", "hormonal", **MEN, **STOP),
    ),
    contraindications=(
        Contraindication(
            "bicalutamide-in-men",
            When("male"),
            "bicalutamide is not given to men for hair loss: it feminises, and safety is known from women only",
            "Ismail 2020, doi:10.1016/j.jaad.2020.03.034 (women only)",
            acceptable=True,
        ),
        harms_a_fetus("bicalutamide"),
        warning("bicalutamide-in-liver-disease", "bicalutamide can raise transaminases", "liver_disease"),
    ),
    studied=Studied(
        "aga",
        ("female",),
        (18.0, 80.0),
        "not told",
        source="Ismail 2020, doi:10.1016/j.jaad.2020.03.034",
    ),
    certainty=Certainty("very low", ("no control", "indirectness (several drugs at once)"), 0, 0),
)
