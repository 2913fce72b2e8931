"""Placebo: an inert tablet, or the vehicle of a topical drug, depending on the route."""

from anagen.therapies.therapy import RegimenSchedule, Therapy

PLACEBO = Therapy(
    name="placebo",
    title="placebo",
    routes=("oral", "topical"),
    per=("day", "application"),
    default_schedule=RegimenSchedule(per_day=1.0),
    source=(
        "Oral placebo -10 to +5, topical vehicle +3.9 to +9.4 hairs/cm2: Van Neste 2000; Olsen 2002, "
        "doi:10.1067/mjd.2002.124088; Lucky 2004"
    ),
    evidence=(
        "A tablet does not change counts; a vehicle arm reads higher than an untreated one, as a measurement term."
    ),
)
