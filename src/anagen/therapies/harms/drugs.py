"""Adverse events of drugs, over those of the vehicle or of a placebo."""

from __future__ import annotations

from anagen.therapies.harms.entry import MEN, ORAL, STOP, TOPICAL, WOMEN, weeks
from anagen.therapies.safety import AdverseEvent


def sexual(therapy: str, reference: float, other: float) -> tuple[AdverseEvent, ...]:
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


FINASTERIDE = (
    *sexual("finasteride", 52, 52),
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
)
DUTASTERIDE = (
    *sexual("dutasteride", 24, 29),
    weeks("dutasteride_events.dyspepsia", 29, "dyspepsia", "dyspepsia", "systemic", **ORAL),
    weeks("dutasteride_events.fatigue", 29, "fatigue", "fatigue", "systemic", **ORAL),
)
MINOXIDIL = (
    weeks("minoxidil_events.pruritus", 48, "pruritus", "itching", "skin_irritation", local=True, **TOPICAL),
    weeks("minoxidil_events.headache", 48, "headache", "headache", "systemic", **TOPICAL),
    weeks("minoxidil_events.hypertrichosis", 48, "hypertrichosis", "hypertrichosis", "hair_growth", **TOPICAL, **STOP),
    weeks(
        "minoxidil_events.hypertrichosis_oral", 26, "hypertrichosis", "hypertrichosis", "hair_growth", **ORAL, **STOP
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
)
BICALUTAMIDE = (
    weeks("bicalutamide_events.raised_transaminases", 26, "raised_transaminases", "raised transaminases", "laboratory"),
    weeks("bicalutamide_events.peripheral_oedema", 26, "peripheral_oedema", "swollen limbs", "systemic", **STOP),
    weeks(
        "bicalutamide_events.gastrointestinal_complaints",
        26,
        "gastrointestinal_complaints",
        "gastrointestinal complaints",
        "systemic",
    ),
    weeks("bicalutamide_events.gynaecomastia", 26, "gynaecomastia", "gynaecomastia", "hormonal", **MEN, **STOP),
)
SPIRONOLACTONE = (
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
)
BARICITINIB = (
    weeks("baricitinib_events.acne", 36, "acne", "acne", "skin_irritation"),
    weeks(
        "baricitinib_events.raised_creatine_kinase",
        36,
        "raised_creatine_kinase",
        "raised creatine kinase",
        "laboratory",
    ),
    weeks("baricitinib_events.raised_ldl", 36, "raised_ldl", "raised LDL cholesterol", "laboratory", **STOP),
    weeks(
        "baricitinib_events.upper_respiratory_infection",
        36,
        "upper_respiratory_infection",
        "upper respiratory infection",
        "infection",
    ),
    weeks("baricitinib_events.headache", 36, "headache", "headache", "systemic"),
    weeks("baricitinib_events.herpes_zoster", 36, "herpes_zoster", "herpes zoster", "infection"),
    weeks("baricitinib_events.serious_infection", 36, "serious_infection", "serious infection", "serious"),
)
RITLECITINIB = (
    weeks("ritlecitinib_events.headache", 24, "headache", "headache", "systemic"),
    weeks("ritlecitinib_events.diarrhoea", 24, "diarrhoea", "diarrhoea", "systemic"),
    weeks("ritlecitinib_events.acne", 24, "acne", "acne", "skin_irritation"),
    weeks("ritlecitinib_events.rash", 24, "rash", "rash", "skin_irritation"),
    weeks("ritlecitinib_events.urticaria", 24, "urticaria", "urticaria", "skin_irritation"),
    weeks("ritlecitinib_events.serious_infection", 24, "serious_infection", "serious infection", "serious"),
)
CETIRIZINE = (weeks("cetirizine_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),)
CLASCOTERONE = (weeks("clascoterone_events.pruritus", 26, "pruritus", "itching", "skin_irritation", local=True),)
