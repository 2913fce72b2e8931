"""Which edges listen to each input of a network: what occupies an input without any moves nothing."""

from __future__ import annotations

from anagen.signalling.network import Network, load_network
from anagen.signalling.network.coupling import input_of


def listening(network: Network | None = None) -> dict[str, tuple[str, ...]]:
    """Edges of positive weight that leave each input.

    Parameters
    ----------
    network : Network or None
        The network; the shipped one where None.

    Returns
    -------
    dict[str, tuple[str, ...]]
        Input -> edges by name, in the order of the network; empty where none has a weight.

    Examples
    --------
    >>> listening()["VESICLE_MIR122"]
    ('VESICLE_MIR122->MIR122',)
    """
    network = load_network() if network is None else network
    return {
        name: tuple(edge.name for edge in network.edges if edge.origin == name and edge.weight > 0.0)
        for name in network.input_names
    }


def added_inputs(network: Network) -> tuple[str, ...]:
    """Inputs that a network has beside those of the shipped one and those by which nodes follow a model.

    Parameters
    ----------
    network : Network
        The network of a study.
    """
    known = set(load_network().input_names)
    known |= set() if network.model is None else {input_of(link) for link in network.model.nodes}
    return tuple(name for name in network.input_names if name not in known)
