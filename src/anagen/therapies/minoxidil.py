"""Minoxidil: a prodrug sulfated in the scalp; calls resting follicles back into anagen, lengthens anagen.

ERK, Akt and VEGF rise in papilla cells and reach anagen through the network. That telogen becomes short was seen
(Messenger & Rundegren 2004), but by no way with a source, so that telogen exit is moved beside the network.
"""

from anagen.therapies.action import Action, Occupancy, actions, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import (
    MINOXIDIL_LABEL,
    When,
    in_pregnancy_and_breast_feeding,
    warning,
)
from anagen.therapies.populations import Studied
from anagen.therapies.safety import ORAL, STOP, TOPICAL, weeks
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy

BY_MOUTH = (
    *actions("minoxidil", "anagen_extension", "calibre_gain", reference=True),
    Action("telogen_exit", "minoxidil.telogen_exit", "minoxidil.rise", "minoxidil.fall", "minoxidil.half_dose_oral"),
)
"""The greatest effects of the scalp, with the dose by mouth that gives half of them."""
OPENED = ("microneedle", "radiofrequency", "fractional-co2", "erbium-glass")
ON_OPENED_SKIN = Form(per=("session",), default_schedule=RegimenSchedule(every=1.0, sessions=12), control="vehicle")
"""One application right after the skin was opened; what is applied daily besides is another entry of the arm."""

MINOXIDIL = Therapy(
    name="minoxidil",
    title="minoxidil",
    aliases={
        "Regaine": Alias("a brand of minoxidil for the scalp"),
        "Rogaine": Alias("a brand of minoxidil for the scalp"),
    },
    routes=("topical", "oral", *OPENED),
    occupies=(Occupancy("MINOXIDIL", "minoxidil.half_dose", reference_occupancy="minoxidil.reference_occupancy"),),
    actions=(
        *actions("minoxidil", "anagen_extension", "calibre_gain", reference=True),
        *direct("minoxidil", "telogen_exit"),
    ),
    kinetics={"topical": "minoxidil-topical", "oral": "minoxidil-oral"} | dict.fromkeys(OPENED, "minoxidil-channels"),
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"solution-5%": 50.0, "solution-2%": 20.0, "foam-5%": 50.0, "foam-2%": 20.0},
    forms={
        "oral": Form(
            occupies=(
                Occupancy("MINOXIDIL", "minoxidil.half_dose_oral", reference_occupancy="minoxidil.reference_occupancy"),
            ),
            actions=BY_MOUTH,
            dose_unit="mg",
            default_dose=5.0,
            per=("day",),
            formulations={},
            default_schedule=RegimenSchedule(per_day=1.0),
        )
    }
    | dict.fromkeys(OPENED, ON_OPENED_SKIN),
    default_schedule=RegimenSchedule(per_day=2.0),
    control="placebo",
    response="minoxidil.response_cv",
    activation={"oral": ("sulfotransferase", "minoxidil_kinetics.oral_activation")}
    | dict.fromkeys(("topical", *OPENED), ("sulfotransferase", "minoxidil_kinetics.topical_activation")),
    source=(
        "Olsen 2002, doi:10.1067/mjd.2002.124088; Price 1999, doi:10.1016/S0190-9622(99)70006-X; Messenger & "
        "Rundegren 2004, Br J Dermatol 150:186; by mouth: Penha 2024, doi:10.1001/jamadermatol.2024.0284; Gupta 2022, "
        "doi:10.1001/jamadermatol.2021.5743"
    ),
    evidence=(
        "Randomised, double blind: +15 non-vellus hairs/cm2 against vehicle at 48 weeks (5 %); lost within "
        "24 weeks of stopping. 5 mg by mouth was no better than 5 % on the scalp in one randomised trial."
    ),
    grade="A",
    corrects=(
        "The review gives vasodilation and potassium channels as the mechanism; how it works is not fully known, and "
        "it is a prodrug: about 40 % of patients have much of the enzyme (sulfotransferase) that makes it act on the "
        "scalp. Response by the enzyme is no share of responders: many with little of it still gain some hairs."
    ),
    cost_per_year=(50.0, 400.0),
    harms=(
        weeks("minoxidil_events.pruritus", 48, "pruritus", "itching", "skin_irritation", local=True, **TOPICAL),
        weeks("minoxidil_events.headache", 48, "headache", "headache", "systemic", **TOPICAL),
        weeks(
            "minoxidil_events.hypertrichosis", 48, "hypertrichosis", "hypertrichosis", "hair_growth", **TOPICAL, **STOP
        ),
        weeks(
            "minoxidil_events.hypertrichosis_oral",
            26,
            "hypertrichosis",
            "hypertrichosis",
            "hair_growth",
            **ORAL,
            **STOP,
            dose_power="minoxidil_events.hypertrichosis_dose_power",
            reference_dose=1.7,
        ),
        weeks("minoxidil_events.lightheadedness", 26, "lightheadedness", "light-headedness", "systemic", **ORAL),
        weeks("minoxidil_events.fluid_retention", 26, "fluid_retention", "fluid retention", "systemic", **ORAL, **STOP),
        weeks("minoxidil_events.tachycardia", 26, "tachycardia", "tachycardia", "systemic", **ORAL),
        weeks("minoxidil_events.headache_oral", 26, "headache", "headache", "systemic", **ORAL),
        weeks(
            "minoxidil_events.periorbital_oedema",
            26,
            "periorbital_oedema",
            "swelling around the eyes",
            "systemic",
            **ORAL,
            **STOP,
        ),
        weeks("minoxidil_events.insomnia", 26, "insomnia", "insomnia", "systemic", **ORAL),
    ),
    contraindications=(
        warning(
            "oral-minoxidil-in-cardiac-disease",
            "oral minoxidil lowers blood pressure, raises heart rate and causes fluid retention",
            "cardiac_disease",
            When(routes=("oral",)),
        ),
        *in_pregnancy_and_breast_feeding("minoxidil", MINOXIDIL_LABEL),
    ),
    studied=Studied(
        "aga",
        ("female", "male"),
        (18.0, 59.0),
        "Norwood III vertex to VI; women with frontoparietal thinning",
        zones=("vertex", "frontal", "mid"),
        source="Olsen 2002; Olsen 2007; Lucky 2004, doi:10.1016/j.jaad.2003.06.014; Penha 2024",
    ),
    certainty=Certainty("moderate", ("risk of bias (paid by the makers)", "inconsistency"), 8, 1196),
)
