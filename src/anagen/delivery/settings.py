"""Settings shared by routes that open the skin before something is laid on."""

from anagen.delivery.route import Setting

WOUND_SWITCH = Setting("wound", "1 where the wound's own signal acts, 0 where it is switched off", "1", 1.0, 0.0, 1.0)
CHANNEL_SWITCH = Setting(
    "channels", "1 where something passes the channels, 0 where they are switched off", "1", 1.0, 0.0, 1.0
)


def opened_skin(device: str) -> tuple[Setting, ...]:
    """Depth and density of the channels of a device, whether they are kept covered, for how long a current flows, how
    long after opening something is laid on; and two switches, because a wound and open channels are two mechanisms.

    Args:
        device: prefix of the device's parameters.
    """
    return (
        Setting("depth", "depth of the channels", "mm", f"{device}.depth", 0.05, 3.0),
        Setting("density", "channels per area", "1/cm2", f"{device}.density", 1.0, 2000.0),
        Setting("occluded", "1 where the skin is covered afterwards, 0 where not", "1", 0.0, 0.0, 1.0),
        Setting("iontophoresis", "time for which a current flows after each session", "min", 0.0, 0.0, 120.0),
        Setting("delay", "time from opening the skin to laying something on", "h", 0.0, 0.0, 168.0),
        WOUND_SWITCH,
        CHANNEL_SWITCH,
    )
