"""Finasteride: inhibits 5-alpha-reductase type II; less DHT, less androgen drive. A tablet, or a spray on the scalp."""

from anagen.therapies.action import Occupancy, actions
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import (
    EMA_FINASTERIDE,
    FINASTERIDE_LABEL,
    When,
    harms_a_fetus,
    of_five_alpha_reductase_inhibitor,
    warning,
)
from anagen.therapies.populations import ANTIANDROGEN_IN_WOMEN, Studied
from anagen.therapies.safety import MEN, ORAL, STOP, TOPICAL, AdverseEvent, weeks
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy


def sexual_events(therapy: str, reference: float, other: float) -> tuple[AdverseEvent, ...]:
    """Events of an inhibitor of 5-alpha-reductase by mouth: weeks of the first two, weeks of the other two."""
    prefix = f"{therapy}_events"
    return (
        weeks(f"{prefix}.decreased_libido", reference, "decreased_libido", "decreased libido", "sexual", **ORAL),
        weeks(
            f"{prefix}.erectile_dysfunction",
            reference,
            "erectile_dysfunction",
            "erectile dysfunction",
            "sexual",
            **ORAL,
            **MEN,
        ),
        weeks(
            f"{prefix}.ejaculation_disorder",
            other,
            "ejaculation_disorder",
            "ejaculation disorder",
            "sexual",
            **ORAL,
            **MEN,
        ),
        weeks(
            f"{prefix}.gynaecomastia",
            other,
            "gynaecomastia",
            "gynaecomastia",
            "hormonal",
            **ORAL,
            **MEN,
            **STOP,
        ),
    )


FINASTERIDE = Therapy(
    name="finasteride",
    title="finasteride",
    aliases={
        "Propecia": Alias("a brand of finasteride"),
    },
    routes=("oral", "topical"),
    occupies=(Occupancy("DHT_BLOCK", reference_occupancy="finasteride.reference_occupancy"),),
    actions=actions("finasteride", "androgen_drive", "telogen_exit", reference=True),
    kinetics={"oral": "finasteride-oral", "topical": "finasteride-topical"},
    dose_unit="mg",
    default_dose=1.0,
    per=("day",),
    default_schedule=RegimenSchedule(per_day=1.0),
    forms={
        "topical": Form(
            dose_unit="mL",
            default_dose=0.2,
            per=("application",),
            formulations={"spray-0.25%": 2.5},
        )
    },
    control="placebo",
    response="finasteride.response_cv",
    source=(
        "Van Neste 2000, Br J Dermatol 143:804; Drake 1999, J Am Acad Dermatol 41:550; Price 2002/2006, PMID 16781295; "
        "topical: Piraccini 2022, doi:10.1111/jdv.17738; Caserini 2014 (areas under the curve)"
    ),
    evidence=(
        "Randomised, double blind, to 5 years: +17 hairs/cm2 against placebo at 48 weeks; a spray of 0.25 % gained "
        "about as much as the tablet in 24 weeks."
    ),
    grade="A",
    corrects="The review's source for finasteride is about testosterone binding; the claim itself is true.",
    cost_per_year=(60.0, 700.0),
    harms=(
        *sexual_events("finasteride", 52, 52),
        weeks(
            "finasteride_events.decreased_libido_topical",
            52,
            "decreased_libido",
            "decreased libido",
            "sexual",
            **TOPICAL,
        ),
        weeks(
            "finasteride_events.erectile_dysfunction_topical",
            52,
            "erectile_dysfunction",
            "erectile dysfunction",
            "sexual",
            **TOPICAL,
            **MEN,
        ),
        weeks(
            "finasteride_events.persistent_sexual_dysfunction",
            52,
            "persistent_sexual_dysfunction",
            "sexual complaints that persist after stopping",
            "persistent",
            **MEN,
            resolution="never",
            scenario="post-finasteride",
        ),
    ),
    contraindications=(
        harms_a_fetus("finasteride"),
        *of_five_alpha_reductase_inhibitor(
            "finasteride",
            "finasteride tablets can cause depressed mood and suicidal thoughts, how often is not known: ask about "
            "mood before and during treatment, and stop it where mood changes; sexual complaints may add to it",
            months=1,
            label=FINASTERIDE_LABEL,
        ),
        warning(
            "finasteride-spray-and-mood",
            "no evidence was found that finasteride spray causes suicidal thoughts, but some of it reaches the blood",
            "depression",
            When(routes=("topical",)),
            EMA_FINASTERIDE,
        ),
    ),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 41.0),
        "Norwood II vertex to V",
        zones=("vertex",),
        source=(
            "Kaufman 1998, doi:10.1016/S0190-9622(98)70007-6; Van Neste 2000; Piraccini 2022, doi:10.1111/jdv.17738"
        ),
        elsewhere=(
            "In 137 women after the menopause 1 mg did not differ from placebo in one year (Price 2000, J Am "
            "Acad Dermatol 43:768)"
        ),
        other_sex=ANTIANDROGEN_IN_WOMEN,
    ),
    certainty=Certainty("moderate", ("risk of bias (paid by the maker, many left)",), 9, 3049),
)
