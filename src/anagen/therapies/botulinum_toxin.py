"""Botulinum toxin injected into the scalp. Whether it does anything is unknown; its levers are 0 on average."""

from anagen.therapies.action import by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import warning
from anagen.therapies.kinetics import Depot
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, RegimenSchedule, Therapy

BOTULINUM_TOXIN = Therapy(
    name="botulinum-toxin",
    title="botulinum toxin",
    aliases={
        "Botox": Alias("a brand of botulinum toxin"),
    },
    routes=("intradermal",),
    actions=by_effect("botulinum_toxin", direct("botulinum_toxin", "anagen_extension", "telogen_exit", "calibre_gain")),
    kinetics={"intradermal": Depot("botulinum_toxin")},
    dose_unit="U",
    default_dose=150.0,
    default_schedule=RegimenSchedule(every=24.0, sessions=2),
    control="saline-injection",
    response="botulinum_toxin.response_cv",
    source="Systematic review of 5 studies, doi:10.1159/000518574 (165 men, no control group); Freund 2010",
    evidence="165 men in five studies without a control group: +18 to +21 % in those injected into muscle.",
    grade="C",
    corrects=(
        "The review's chain (vasodilation 'by clearing DHT' 'by blocking acetylcholine') is garbled; that a relaxed "
        "muscle lets more blood in and DHT out, and that TGF-beta 1 falls, are hypotheses."
    ),
    cost_per_year=(600.0, 3000.0),
    harms=(
        sessions(
            "botulinum_toxin_events.serious_adverse_event",
            1,
            "serious_adverse_event",
            "serious adverse event",
            "serious",
        ),
        sessions("botulinum_toxin_events.headache", 1, "headache", "headache", "systemic", local=False),
        sessions("botulinum_toxin_events.brow_heaviness", 1, "brow_heaviness", "heavy brow", "hormonal"),
    ),
    contraindications=(
        warning("botulinum-toxin-in-neuromuscular-disease", "the toxin weakens muscles", "neuromuscular_disease"),
    ),
    studied=Studied(
        "aga",
        ("male",),
        (19.0, 57.0),
        "Norwood II to IV",
        zones=("vertex", "frontal"),
        source="Freund 2010; Singh 2017; Shon 2020",
    ),
    certainty=Certainty("very low", ("no control", "inconsistency"), 0, 0),
)
