"""Platelet-rich plasma, injected: growth factors of the patient's own platelets."""

from anagen.therapies.therapy import RegimenSchedule, Therapy, direct

PRP = Therapy(
    name="prp",
    title="platelet-rich plasma",
    routes=("intradermal",),
    actions=direct("prp", "anagen_brake", "resting_clock", "calibre_boost"),
    kinetics={"intradermal": "prp-depot"},
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    control="saline-injection",
    response="prp.response_cv",
    source=(
        "Shapiro 2020, PMID 32653577 (no difference between sides); pooled estimates +27.6 hairs/cm2 with I2 "
        "96 % and publication bias"
    ),
    evidence="Many small trials, mostly uncontrolled; the two best reported found +4 hairs/cm2 and nothing.",
)
