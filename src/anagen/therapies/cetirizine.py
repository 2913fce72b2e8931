"""Cetirizine 1 % on the scalp: less prostaglandin D2.

Prostaglandin D2 slows the growth of human follicles in culture, so that longer anagen and calibre go through the
network. That it holds resting follicles back was not shown; that lever goes beside the network.
"""

from anagen.therapies.action import Occupancy, actions, by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.kinetics import Inhibitor
from anagen.therapies.populations import Studied
from anagen.therapies.safety import weeks
from anagen.therapies.therapy import RegimenSchedule, Therapy

CETIRIZINE = Therapy(
    name="cetirizine",
    title="cetirizine",
    routes=("topical",),
    occupies=(Occupancy("PGD2_BLOCK", reference_occupancy="cetirizine.reference_occupancy"),),
    actions=by_effect(
        "cetirizine",
        (
            *actions("cetirizine", "anagen_extension", "calibre_gain", reference=True),
            *direct("cetirizine", "telogen_exit"),
        ),
    ),
    kinetics={"topical": Inhibitor("cetirizine_kinetics", "prostaglandin D2")},
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"lotion-1%": 10.0},
    default_schedule=RegimenSchedule(per_day=1.0),
    control="placebo",
    response="cetirizine.response_cv",
    source=(
        "Rossi 2018, doi:10.1080/09546634.2017.1341610; Hossein Mostafa 2021, J Pharm Pharm Sci 24:191; Bassiouny "
        "2023, doi:10.1007/s00403-022-02512-2 (no numbers in the abstracts)"
    ),
    evidence="Small trials without numbers that could be read; weaker than minoxidil 5 % in the one comparison.",
    grade="B",
    corrects=("The review says that it promotes prostaglandin E2; what is documented is that prostaglandin D2 falls."),
    cost_per_year=(150.0, 800.0),
    harms=(weeks("cetirizine_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),),
    studied=Studied(
        "aga",
        ("female", "male"),
        (18.0, 49.0),
        "Sinclair II to IV; men not told",
        source="Mostafa 2021; Rossi 2018; Bassiouny 2023",
    ),
    certainty=Certainty("very low", ("risk of bias", "indirectness (beside minoxidil)", "imprecision"), 2, 106),
)
