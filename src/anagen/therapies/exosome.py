"""Exosomes (small extracellular vesicles), injected; levers are those of adipose stem cells, scaled by potency."""

from anagen.therapies.action import Occupancy, actions, by_effect
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import of_growth_signals
from anagen.therapies.populations import Studied
from anagen.therapies.safety import sessions
from anagen.therapies.therapy import Alias, Form, RegimenSchedule, Therapy

ROUTES = ("intradermal", "topical", "microneedle", "radiofrequency", "fractional-co2", "erbium-glass")

EXOSOME = Therapy(
    name="exosome",
    title="exosomes",
    aliases={
        "extracellular vesicles": Alias("the class of particles that exosomes belong to"),
        "EV": Alias("extracellular vesicles"),
    },
    routes=ROUTES,
    occupies=(
        # patients are told apart by the exposure that is named first, so by one that every product has
        Occupancy("VESICLE_UPTAKE", "exosome.half_dose", "depot", reference_occupancy="exosome.reference_occupancy"),
        Occupancy("VESICLE_WNT", "exosome.half_dose", "wnt", reference_occupancy="exosome.reference_occupancy"),
        Occupancy("VESICLE_MIR122", "exosome.half_copies", "inside:VESICLE_MIR122", reference=False),
    ),
    actions=by_effect(
        "exosome",
        actions("exosome", "anagen_extension", "telogen_exit", "calibre_gain", reference=True),
        family="cell_products",
    ),
    kinetics=dict.fromkeys(ROUTES, "vesicles"),
    dose_unit="particles",
    default_dose=1.0e10,
    per=("session", "cm^2"),
    reference_product="adsc-native",
    default_schedule=RegimenSchedule(every=2.0, sessions=6),
    forms=dict.fromkeys(ROUTES[1:], Form(control="vehicle")),
    control="saline-injection",
    response="exosome.response_cv",
    batch="exosome.batch_cv",
    source=(
        "Amini 2025, doi:10.3390/life15030500 (20 men); review of 11 studies, doi:10.2147/CCID.S543451; dose "
        "1e10 particles, NCT06930326"
    ),
    evidence=(
        "One small randomised trial of a product that also holds plant extracts; the rest has no control. "
        "The prior is wide."
    ),
    grade="B",
    cost_per_year=(2700.0, 13500.0),
    cost_source="Patient prices on clinics' pages, 3,000 to 15,000 USD a course, taken as one course a year",
    corrects="The review's +25 % at 3 months has no traceable source; superiority over PRP is not established.",
    harms=(
        sessions(
            "exosome_events.adverse_reaction",
            3,
            "adverse_reaction",
            "adverse reaction to the product",
            "skin_irritation",
        ),
        sessions(
            "exosome_events.granuloma",
            3,
            "granuloma",
            "delayed necrotising granuloma",
            "delayed_serious",
            scenario="unregulated-vesicles",
        ),
        sessions(
            "exosome_events.skin_necrosis",
            3,
            "skin_necrosis",
            "skin necrosis",
            "serious",
            scenario="unregulated-vesicles",
        ),
        sessions(
            "exosome_events.systemic_infection",
            3,
            "systemic_infection",
            "systemic infection",
            "serious",
            local=False,
            scenario="unregulated-vesicles",
        ),
    ),
    contraindications=of_growth_signals("exosome", "exosomes"),
    studied=Studied(
        "aga",
        ("male",),
        (18.0, 60.0),
        "Norwood II to III",
        source="Amini 2025, doi:10.3390/life15030500 (20 men); women are in series without a control only",
    ),
    certainty=Certainty(
        "very low",
        ("risk of bias", "indirectness (the product holds plant extracts)", "imprecision", "publication bias"),
        1,
        20,
    ),
)
