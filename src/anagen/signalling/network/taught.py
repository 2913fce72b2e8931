"""What assays taught of a network's weights, as a posterior keeps it: for which network, and whether it is this one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.parameters import Posterior
from anagen.parameters.posterior import OF_EDGES
from anagen.parameters.sources import ASSAYS
from anagen.signalling.network.elements import Edge
from anagen.signalling.network.network import Network
from anagen.signalling.network.priors import parameter_names_of

_FIELDS = ("weight", "ec50", "n")


def edge_record(edges: Iterable[Edge]) -> dict[str, dict[str, float]]:
    """The numbers of edges on which factors on their odds rest, by name, as a manifest keeps them.

    Parameters
    ----------
    edges : Iterable[Edge]
        Those of which an assay says something.

    Returns
    -------
    dict[str, dict[str, float]]
        Name -> weight, ec50 and n.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> edge_record([load_network().edge("AR->DKK1")])
    {'AR->DKK1': {'weight': 0.6, 'ec50': 0.5, 'n': 2.0}}
    """
    return {edge.name: {field: float(getattr(edge, field)) for field in _FIELDS} for edge in edges}


def taught_edges(posterior: Posterior | None, network: Network) -> tuple[str, ...]:
    """Parameters of a network's edges of which a posterior holds draws.

    Parameters
    ----------
    posterior : Posterior or None
        Joint draws.
    network : Network
        The network of a study.

    Returns
    -------
    tuple[str, ...]
        Names of parameters; none where no assay was fitted.

    Raises
    ------
    InputError
        Where an edge had other central values when the assay was fitted, with what to do.
    """
    held = () if posterior is None else tuple(name for name in posterior.names if name.startswith(OF_EDGES))
    if posterior is None or not held:
        return ()
    then: dict[str, Any] = posterior.manifest["diagnostics"].get(ASSAYS, {}).get("edges", {})
    found: list[str] = []
    problems: list[Problem] = []
    for edge in network.edges:
        own = [name for name in parameter_names_of(edge) if name in held]
        if not own or edge.weight == 0.0:
            continue
        now = edge_record([edge])[edge.name]
        if then.get(edge.name) != now:
            message = (
                f"was informed by an assay at {_text(then.get(edge.name))}, and has {_text(now)} in this study's "
                "network; fit the assay again with `anagen network fit --study`"
            )
            problems.append(Problem(posterior.file or None, None, None, edge.name, message))
        found += own
    if problems:
        raise InputError(problems)
    return tuple(found)


def _text(numbers: dict[str, float] | None) -> str:
    if numbers is None:
        return "numbers that are not told"
    return f"weight {numbers['weight']:g}, EC50 {numbers['ec50']:g}, n {numbers['n']:g}"
