"""Adverse events of products, devices, surgery and supplements, beside those of needle, channel or vehicle."""

from __future__ import annotations

from anagen.therapies.harms.entry import sessions, weeks

PRP = (
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
)
EXOSOME = (
    sessions(
        "exosome_events.adverse_reaction", 3, "adverse_reaction", "adverse reaction to the product", "skin_irritation"
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
        "exosome_events.skin_necrosis", 3, "skin_necrosis", "skin necrosis", "serious", scenario="unregulated-vesicles"
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
)
CONDITIONED_MEDIUM = (
    weeks(
        "conditioned_medium_events.adverse_reaction",
        16,
        "adverse_reaction",
        "adverse reaction to the product",
        "skin_irritation",
        local=True,
    ),
)
INTRALESIONAL_STEROID = (
    sessions("intralesional_steroid_events.skin_atrophy", 3, "skin_atrophy", "skin atrophy", "skin_atrophy"),
    sessions("intralesional_steroid_events.telangiectasia", 3, "telangiectasia", "telangiectasia", "skin_atrophy"),
)
BOTULINUM_TOXIN = (
    sessions(
        "botulinum_toxin_events.serious_adverse_event", 1, "serious_adverse_event", "serious adverse event", "serious"
    ),
    sessions("botulinum_toxin_events.headache", 1, "headache", "headache", "systemic", local=False),
    sessions("botulinum_toxin_events.brow_heaviness", 1, "brow_heaviness", "heavy brow", "hormonal"),
)
THREADS = (
    sessions("threads_events.pain_and_swelling", 1, "pain_and_swelling", "pain and swelling", "skin_after_procedure"),
    sessions("threads_events.infection", 1, "skin_infection", "infection of the skin", "infection"),
)
LLLT = (
    weeks("light_events.lllt_pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),
    weeks("light_events.lllt_headache", 24, "headache", "headache", "systemic"),
)
EXCIMER = (
    sessions("light_events.excimer_erythema", 6, "erythema", "redness", "skin_after_procedure"),
    sessions("light_events.excimer_hyperpigmentation", 6, "hyperpigmentation", "hyperpigmentation", "skin_atrophy"),
    sessions("light_events.excimer_blistering", 6, "blistering", "blistering", "surgical"),
)
HAIR_TRANSPLANTATION = (
    sessions("hair_transplantation_events.oedema", 1, "postoperative_oedema", "swelling after surgery", "surgical"),
    sessions(
        "hair_transplantation_events.sterile_folliculitis",
        1,
        "sterile_folliculitis",
        "sterile folliculitis",
        "infection",
    ),
    sessions(
        "hair_transplantation_events.bacterial_folliculitis",
        1,
        "bacterial_folliculitis",
        "bacterial folliculitis",
        "infection",
    ),
    sessions("hair_transplantation_events.numbness", 1, "numbness", "numbness", "skin_atrophy"),
    sessions(
        "hair_transplantation_events.wide_donor_scar",
        1,
        "wide_donor_scar",
        "wide donor scar",
        "scar",
        formulations=("fut",),
        resolution="never",
    ),
    sessions(
        "hair_transplantation_events.donor_hypopigmentation",
        1,
        "donor_hypopigmentation",
        "pale dots in the donor area",
        "scar",
        formulations=("fue",),
        resolution="never",
    ),
)

GINSENG = (
    weeks(
        "ginseng_events.gastrointestinal_complaints",
        24,
        "gastrointestinal_complaints",
        "gastrointestinal complaints",
        "systemic",
    ),
)
SHAMPOO = (weeks("shampoo_events.pruritus", 24, "pruritus", "itching", "skin_irritation", local=True),)
