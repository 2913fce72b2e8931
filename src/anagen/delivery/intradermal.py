"""Injected into the scalp on a grid: a depot that reaches some of the follicles, and the needle's own wound signal."""

from anagen.delivery.route import Route, Setting, wounding

INTRADERMAL = Route(
    name="intradermal",
    title="injected into the scalp",
    act=wounding("injection-wound"),
    reading="reading.injection",
    settings=(
        Setting("spacing", "distance between injection points", "mm", "injection_grid.spacing", 2.0, 50.0),
        Setting("bleb_volume", "volume injected at each point", "mL", "injection_grid.bleb_volume", 0.005, 1.0),
        Setting("depth", "depth of the needle", "mm", "injection_grid.needle_depth", 0.5, 10.0),
    ),
    source="Saline arms: Shapiro 2020, PMID 32653577; Amini 2025, doi:10.3390/life15030500",
)
