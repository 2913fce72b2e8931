"""Minoxidil: a prodrug sulfated in the scalp; shortens telogen and kenogen, lengthens anagen."""

from anagen.therapies.therapy import RegimenSchedule, Therapy, actions

MINOXIDIL = Therapy(
    name="minoxidil",
    title="minoxidil",
    routes=("topical",),
    actions=actions("minoxidil", "anagen_brake", "resting_clock", "calibre_boost"),
    half_life={"topical": "minoxidil.half_life_topical"},
    dose_unit="mL",
    default_dose=1.0,
    per=("application",),
    formulations={"solution-5%": 50.0, "solution-2%": 20.0},
    default_schedule=RegimenSchedule(per_day=2.0),
    control="placebo",
    response="minoxidil.response_cv",
    activation="sulfotransferase",
    source=(
        "Olsen 2002, doi:10.1067/mjd.2002.124088; Price 1999, doi:10.1016/S0190-9622(99)70006-X; Messenger & "
        "Rundegren 2004, Br J Dermatol 150:186"
    ),
    evidence=(
        "Randomised, double blind: +15 non-vellus hairs/cm2 against vehicle at 48 weeks (5 %); lost within "
        "24 weeks of stopping."
    ),
)
