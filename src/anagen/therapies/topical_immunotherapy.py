"""Topical immunotherapy: a contact allergen, painted on weekly, draws the immune attack away from the follicle.

No edge of the network leads from a contact eczema to interferon gamma with a source that was read, so that it acts
beside the network.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import CHILDBEARING, warning
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

TOPICAL_IMMUNOTHERAPY = Therapy(
    name="topical-immunotherapy",
    title="topical immunotherapy",
    aliases={
        "diphencyprone": Alias("the contact allergen that is used most"),
        "DPCP": Alias("diphenylcyclopropenone, that is diphencyprone"),
        "SADBE": Alias("squaric acid dibutyl ester, another contact allergen"),
    },
    routes=("topical",),
    actions=direct("topical_immunotherapy", "immune_attack"),
    kinetics={"topical": Depot("topical_immunotherapy", elsewhere=("topical",))},
    default_schedule=RegimenSchedule(every=1.0, sessions=24),
    control="vehicle",
    response="topical_immunotherapy.response_cv",
    source=(
        "Lee 2018, doi:10.1001/jamadermatol.2018.2312 (45 studies, 2,227 patients; abstract); review, "
        "doi:10.2147/DDDT.S297858; Happle 1983, doi:10.2340/00015555634952 (27 patients, one side treated)"
    ),
    evidence=(
        "45 studies, almost all without a control: complete regrowth in 42.6 % of patients with patches and 24.9 % "
        "with total loss; in 27 patients treated on one side, 23 grew hair on that side. The prior is wide."
    ),
    grade="B",
    corrects="Missing from the review, which offers exosomes for alopecia areata without a study.",
    cost_per_year=(300.0, 2500.0),
    harms=(
        sessions("topical_immunotherapy_events.eczema", 24, "severe_eczema", "severe or blistering eczema", "surgical"),
        sessions(
            "topical_immunotherapy_events.lymph_nodes", 24, "swollen_lymph_nodes", "swollen lymph nodes", "infection"
        ),
        sessions(
            "topical_immunotherapy_events.hyperpigmentation",
            24,
            "hyperpigmentation",
            "hyperpigmentation",
            "skin_atrophy",
        ),
    ),
    contraindications=(
        warning(
            "topical-immunotherapy-in-pregnancy-potential",
            "topical immunotherapy is not given in pregnancy: nothing is known of its safety",
            "pregnancy_potential",
            CHILDBEARING,
            "Review, doi:10.2147/DDDT.S297858 (that it says so is from memory)",
        ),
    ),
    studied=Studied(
        "aa",
        ("female", "male"),
        (10.0, 60.0),
        "patches to total loss",
        source="Lee 2018, doi:10.1001/jamadermatol.2018.2312; the ages are those of single studies",
    ),
    certainty=Certainty("very low", ("no control", "risk of bias", "inconsistency"), 1, 27),
)
