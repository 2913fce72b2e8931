"""Scalp cooling during chemotherapy: less blood and slower cells, so that less of the drug harms the growing bulb.

It lowers what chemotherapy does to growing hair and nothing else. Each session protects until the hair of that cycle
would have fallen; a cycle without a session is not protected.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import warning
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

SCALP_COOLING = Therapy(
    name="scalp-cooling",
    title="scalp cooling",
    aliases={
        "cold cap": Alias("a cap for scalp cooling"),
    },
    routes=("cooling",),
    actions=direct("scalp_cooling", "immune_attack"),
    kinetics={"cooling": Depot("scalp_cooling", elsewhere=("cooling",))},
    default_schedule=RegimenSchedule(every=3.0, sessions=4),
    control="none",
    response="scalp_cooling.response_cv",
    source=(
        "SCALP, Nangia 2017, doi:10.1001/jama.2016.20939 (142 women; summary read); Rugo 2017, "
        "doi:10.1001/jama.2016.21038 (106 women and 16 controls, not randomised); Bajpai 2019, "
        "doi:10.1016/j.breast.2019.12.004 (51 women)"
    ),
    evidence=(
        "Two randomised trials in women with breast cancer: less than half of the hair lost in 50.5 % against 0 (142 "
        "women) and in 56.3 % against 0 (51 women). The control is no cooling, and nobody can be blinded."
    ),
    grade="A",
    corrects="Not in the review's table.",
    cost_per_year=(1000.0, 3000.0),
    harms=(
        sessions("scalp_cooling_events.headache", 4, "headache", "headache", "systemic"),
        sessions("scalp_cooling_events.cold", 4, "feeling_cold", "feeling cold", "procedure_pain"),
    ),
    contraindications=(
        warning(
            "scalp-cooling-in-blood-cancer",
            "scalp cooling is not for cancers of the blood, whose cells may lie in the scalp, nor for patients whom "
            "cold harms (cold agglutinins, cryoglobulins)",
            None,
        ),
    ),
    studied=Studied(
        "chemotherapy",
        ("female",),
        (18.0, 80.0),
        "four to eight cycles with a taxane, an anthracycline or both, for breast cancer",
        source="SCALP, doi:10.1001/jama.2016.20939; the ages were not read",
    ),
    certainty=Certainty("moderate", ("risk of bias (cannot be blinded)",), 2, 193),
)
