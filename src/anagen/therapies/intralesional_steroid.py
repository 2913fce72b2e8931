"""Triamcinolone injected into patches of alopecia areata: lowers the immune attack where it lies.

No edge of the network leads from a steroid to interferon gamma with a source that was read, so that it acts beside it.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

INTRALESIONAL_STEROID = Therapy(
    name="intralesional-steroid",
    title="intralesional corticosteroid",
    aliases={
        "triamcinolone": Alias("the steroid that is injected most"),
        "steroid injected into patches": Alias("intralesional corticosteroid in plain words"),
    },
    routes=("intradermal",),
    actions=direct("intralesional_steroid", "immune_attack"),
    kinetics={"intradermal": Depot("intralesional_steroid")},
    dose_unit="mg",
    default_dose=10.0,
    default_schedule=RegimenSchedule(every=4.0, sessions=6),
    control="saline-injection",
    response="intralesional_steroid.response_cv",
    source=(
        "Trink 2013 (half-head, 45 patients; secondary source); meta-analysis against plasma, "
        "doi:10.3390/biomedicines10081829; randomised comparison of 100 patients (J Cardiovasc Dis Res, abstract)"
    ),
    evidence="Regrowth in 27 to 50 % of patients with patches, in comparisons with plasma; long used, little studied.",
    grade="B",
    corrects="Missing from the review, which offers exosomes for alopecia areata without a study.",
    cost_per_year=(200.0, 1500.0),
    harms=(
        sessions("intralesional_steroid_events.skin_atrophy", 3, "skin_atrophy", "skin atrophy", "skin_atrophy"),
        sessions("intralesional_steroid_events.telangiectasia", 3, "telangiectasia", "telangiectasia", "skin_atrophy"),
    ),
    studied=Studied(
        "aa",
        ("female", "male"),
        (20.0, 60.0),
        "patches",
        source="Trink 2013 (secondary source)",
    ),
    certainty=Certainty("low", ("risk of bias", "imprecision"), 2, 145),
)
