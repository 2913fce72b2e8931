"""Grafted into the scalp: follicles are moved and no substance is given; what is planted where is set here."""

from anagen.delivery.route import Route, Setting

GRAFT = Route(
    name="graft",
    title="grafted into the balding zone",
    settings=(
        Setting("recipient_area", "area planted", "cm^2", "graft.recipient_area", 0.1, 400.0),
        Setting(
            "shock_loss", "share of native growing hairs lost around the grafts", "1", "graft.shock_loss", 0.0, 0.9
        ),
    ),
    source="Donor dominance: Orentreich 1959, Ann N Y Acad Sci 83:463",
)
