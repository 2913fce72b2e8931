"""Clascoterone on the scalp: blocks the androgen receptor where it is applied; investigational for hair."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import ANTIANDROGEN_IN_WOMEN, Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

CLASCOTERONE = Therapy(
    name="clascoterone",
    title="clascoterone",
    aliases={
        "Breezula": Alias("a brand of clascoterone for the scalp"),
    },
    routes=("topical",),
    occupies=(Occupancy("AR_BLOCK"),),
    actions=actions("clascoterone", "androgen_drive"),
    kinetics={"topical": Inhibitor("clascoterone_kinetics", "androgen receptor")},
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"solution-5%": 50.0, "solution-7.5%": 75.0},
    default_schedule=RegimenSchedule(per_day=2.0),
    control="placebo",
    response="clascoterone.response_cv",
    source=(
        "Topline of two phase 3 trials (NCT05910450, NCT05914805: ratios to vehicle only) and of a dose-ranging "
        "phase 2 trial of 404 men (sponsor, 2019: numbers not read)"
    ),
    evidence=(
        "Two phase 3 trials met their endpoint; only ratios to vehicle (5.39 and 1.68) were published, and a ratio "
        "says nothing where the vehicle changes by nearly nothing."
    ),
    grade="B",
    corrects=(
        "The review does not say that use in hair loss is investigational; '539 % better' is a ratio, not a count."
    ),
    cost_per_year=(600.0, 4000.0),
    harms=(weeks("clascoterone_events.pruritus", 26, "pruritus", "itching", "skin_irritation", local=True),),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 55.0),
        "Norwood III vertex to V",
        zones=("vertex",),
        source="NCT05910450 and NCT05914805; phase 2 of 2019",
        other_sex=ANTIANDROGEN_IN_WOMEN,
    ),
    certainty=Certainty("low", ("indirectness (only ratios to vehicle were published)", "publication bias"), 3, 404),
)
