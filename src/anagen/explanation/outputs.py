"""Which of several edges has the weakest evidence, and how actions beside the network are told to a reader."""

from __future__ import annotations

from collections.abc import Iterable

from anagen.signalling.network import EVIDENCE_GRADES, Edge

BESIDE = "beside the network"
"""Entry of an action for which no way through the network has a source."""
GRADES = tuple(EVIDENCE_GRADES)
"""Grades from the best to the weakest."""


def weakest(edges: Iterable[Edge]) -> Edge:
    """The edge with the weakest evidence; the first of several.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> weakest([network.edge("WNT->GSK3B"), network.edge("VESICLE_WNT->WNT")]).name
    'VESICLE_WNT->WNT'
    """
    return max(edges, key=lambda edge: GRADES.index(edge.grade))
