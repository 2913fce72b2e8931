"""Platelet lysate, injected: growth factors of platelets that were broken before, without cells."""

from anagen.therapies.action import by_effect, direct
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_growth_signals, warning
from anagen.therapies.kinetics import DEVICES, depots
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy

ROUTES = ("intradermal", "microneedle", *DEVICES)

PLATELET_LYSATE = Therapy(
    name="platelet-lysate",
    title="platelet lysate",
    aliases={
        "PL": Alias("platelet lysate"),
    },
    routes=ROUTES,
    actions=by_effect(
        "platelet_lysate",
        direct("platelet_lysate", "anagen_extension", "telogen_exit", "calibre_gain"),
        family="cell_products",
    ),
    kinetics=depots("platelet_lysate", ROUTES),
    dose_unit="mL",
    default_dose=4.0,
    default_schedule=RegimenSchedule(every=4.0, sessions=3),
    forms=dict.fromkeys(("microneedle", *DEVICES), Form(control="vehicle")),
    control="saline-injection",
    response="platelet_lysate.response_cv",
    source="No controlled trial with a hair count was found; the prior is that of conditioned medium",
    evidence="Nothing controlled is known. Centred on 0, wide.",
    grade="D",
    corrects="Not in the review's table.",
    cost_per_year=(600.0, 4000.0),
    harms=(
        sessions(
            "platelet_lysate_events.adverse_reaction",
            3,
            "adverse_reaction",
            "adverse reaction to the product",
            "skin_irritation",
        ),
    ),
    contraindications=(
        *of_growth_signals("platelet-lysate", "lysates of platelets"),
        warning(
            "platelet-lysate-in-bleeding-disorder", "many injections in patients who bleed easily", "bleeding_disorder"
        ),
    ),
    certainty=Certainty("very low", ("nothing published",), 0, 0),
)
