"""Settings shared by routes that open the skin before something is laid on."""

from anagen.delivery.route import Setting


def opened_skin(device: str) -> tuple[Setting, ...]:
    """Depth and density of the channels of a device, whether they are kept covered, and for how long a current flows.

    Args:
        device: prefix of the device's parameters.
    """
    return (
        Setting("depth", "depth of the channels", "mm", f"{device}.depth", 0.05, 3.0),
        Setting("density", "channels per area", "1/cm2", f"{device}.density", 1.0, 2000.0),
        Setting("occluded", "1 where the skin is covered afterwards, 0 where not", "1", 0.0, 0.0, 1.0),
        Setting("iontophoresis", "time for which a current flows after each session", "min", 0.0, 0.0, 120.0),
    )
