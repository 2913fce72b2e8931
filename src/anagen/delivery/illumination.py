"""Light on the scalp from a comb, helmet or lamp; expectation shifts counts as it does in sham-controlled trials."""

from anagen.delivery.route import Route, Setting

ILLUMINATION = Route(
    name="light",
    title="light on the scalp",
    reading="reading.light",
    settings=(Setting("wavelength", "wavelength of the light", "nm", "light.best_wavelength", 280.0, 1200.0),),
    source="Sham arms: Lanzafame 2014, PMC4265291; pooled, Meng 2020, doi:10.2351/1.5131551",
)
