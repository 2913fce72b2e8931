"""Platelet-rich plasma, injected: growth factors of the patient's own platelets."""

from anagen.therapies.action import by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import warning
from anagen.therapies.kinetics import DEVICES, depots
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Form, RegimenSchedule, Therapy

ROUTES = ("intradermal", "microneedle", *DEVICES)
FORMULATIONS = {
    "double-spin": (),
    "double-spin-activated": ("prp.activated",),
    "single-spin": ("prp.single_spin",),
    "single-spin-activated": ("prp.single_spin", "prp.activated"),
}
"""How plasma was made. Which is better is not known: each factor is 1 on average, with a wide prior."""

PRP = Therapy(
    name="prp",
    title="platelet-rich plasma",
    routes=ROUTES,
    actions=by_effect("prp", direct("prp", "anagen_extension", "telogen_exit", "calibre_gain"), family="cell_products"),
    kinetics=depots("prp", ROUTES),
    formulations=dict.fromkeys(FORMULATIONS, 1.0),
    strengths=FORMULATIONS,
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    forms=dict.fromkeys(("microneedle", *DEVICES), Form(control="vehicle")),
    control="saline-injection",
    response="prp.response_cv",
    source=(
        "Shapiro 2020, PMID 32653577 (no difference between sides); pooled estimates +27.6 hairs/cm2 with I2 "
        "96 % and publication bias"
    ),
    grade="B",
    corrects=(
        "The review's source is about facial rejuvenation; +31 % at 12 weeks had no control and is an upper bound."
    ),
    cost_per_year=(600.0, 4000.0),
    evidence=(
        "13 small randomised trials, pooled +27.6 (14 to 41) hairs/cm2 with publication bias (Kieling 2024); the two "
        "best reported found +4 hairs/cm2 and nothing."
    ),
    harms=(
        sessions("prp_events.serious_adverse_event", 3, "serious_adverse_event", "serious adverse event", "serious"),
        sessions(
            "prp_events.anaphylaxis",
            3,
            "anaphylaxis",
            "anaphylaxis",
            "serious",
            local=False,
            scenario="prp-anaphylaxis",
        ),
    ),
    contraindications=(
        warning("prp-in-bleeding-disorder", "many injections in patients who bleed easily", "bleeding_disorder"),
    ),
    studied=Studied(
        "aga",
        ("female", "male"),
        (18.0, 60.0),
        "mild to moderate",
        source="Shapiro 2020, PMID 32653577; Gentile 2015",
    ),
    certainty=Certainty("low", ("inconsistency (I2 96 %)", "imprecision", "publication bias"), 13, 222),
)
