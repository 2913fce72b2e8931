"""Excimer light of 308 nm on patches of alopecia areata: T cells die.

It lowers the immune attack and nothing else, so that it does nothing in androgenetic alopecia, where there is none.
"""

from anagen.therapies.action import direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import Contraindication, When, warning
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

EXCIMER = Therapy(
    name="excimer",
    title="excimer light",
    aliases={
        "excimer laser": Alias("a source of excimer light"),
    },
    routes=("light",),
    settings={"wavelength": 308.0},
    actions=direct("excimer", "immune_attack"),
    kinetics={"light": "ultraviolet-sessions"},
    dose_unit="J/cm^2",
    default_dose=0.3,
    default_schedule=RegimenSchedule(every=0.5, sessions=24),
    control="sham-light",
    response="excimer.response_cv",
    source=(
        "Systematic review of 9 studies, doi:10.1111/phpp.12596; Gupta & Carviel 2021, "
        "doi:10.1080/09546634.2019.1687819; Al Hamzawi 2019, doi:10.4103/ijt.ijt_74_19"
    ),
    evidence=(
        "Small controlled studies in alopecia areata: regrowth of 75 % or more in 50 % (31 to 69 %) of those "
        "treated (some studies count patients, some patches). None in androgenetic alopecia."
    ),
    grade="B",
    corrects=(
        "The review writes of a lamp of 290 to 320 nm; its source is about the 308 nm laser, one line, and finds no "
        "controlled trial of the lamp."
    ),
    cost_per_year=(600.0, 4000.0),
    harms=(
        sessions("light_events.excimer_erythema", 6, "erythema", "redness", "skin_after_procedure"),
        sessions("light_events.excimer_hyperpigmentation", 6, "hyperpigmentation", "hyperpigmentation", "skin_atrophy"),
        sessions("light_events.excimer_blistering", 6, "blistering", "blistering", "surgical"),
    ),
    contraindications=(
        Contraindication(
            "excimer-outside-alopecia-areata",
            When(conditions_other_than=("alopecia_areata", "aa")),
            "excimer light is for patches of alopecia areata; elsewhere ultraviolet does harm without a known benefit",
            "doi:10.1111/phpp.12596 (alopecia areata only)",
            acceptable=True,
        ),
        warning("excimer-in-photosensitivity", "ultraviolet harms light-sensitive skin", "photosensitivity"),
    ),
    studied=Studied(
        "aa",
        ("female", "male"),
        (12.0, 50.0),
        "patches, SALT 11 to 30",
        source="Al Hamzawi 2019, doi:10.4103/ijt.ijt_74_19",
    ),
    certainty=Certainty("low", ("risk of bias", "imprecision"), 5, 0),
)
