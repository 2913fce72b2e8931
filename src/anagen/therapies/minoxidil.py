"""Minoxidil: a prodrug sulfated in the scalp; shortens telogen and kenogen, lengthens anagen.

ERK, Akt and VEGF rise in papilla cells and reach anagen through the network. That telogen becomes short was seen
(Messenger & Rundegren 2004), but by no way with a source, so that the resting clock is moved beside the network.
"""

from anagen.therapies.therapy import Occupancy, RegimenSchedule, Therapy, actions, direct

MINOXIDIL = Therapy(
    name="minoxidil",
    title="minoxidil",
    routes=("topical",),
    occupies=(Occupancy("MINOXIDIL", "minoxidil.half_dose"),),
    actions=(*actions("minoxidil", "anagen_brake", "calibre_boost"), *direct("minoxidil", "resting_clock")),
    kinetics={"topical": "minoxidil-topical"},
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"solution-5%": 50.0, "solution-2%": 20.0},
    default_schedule=RegimenSchedule(per_day=2.0),
    control="placebo",
    response="minoxidil.response_cv",
    activation={"topical": ("sulfotransferase", "minoxidil_kinetics.topical_activation")},
    source=(
        "Olsen 2002, doi:10.1067/mjd.2002.124088; Price 1999, doi:10.1016/S0190-9622(99)70006-X; Messenger & "
        "Rundegren 2004, Br J Dermatol 150:186"
    ),
    evidence=(
        "Randomised, double blind: +15 non-vellus hairs/cm2 against vehicle at 48 weeks (5 %); lost within "
        "24 weeks of stopping."
    ),
)
