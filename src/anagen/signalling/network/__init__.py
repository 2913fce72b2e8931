"""The signalling network of the follicle: a table of nodes and edges, and its levels over time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from anagen.signalling.network.courses import Course
from anagen.signalling.network.elements import EVIDENCE_GRADES, Edge, Input, Node
from anagen.signalling.network.network import Network
from anagen.signalling.network.reading import load_network, network_from_file, read_network
from anagen.signalling.network.readouts import Readouts, readouts
from anagen.signalling.network.rest import basal_levels, resting_state

if TYPE_CHECKING:
    from anagen.signalling.network.solver import solve

__all__ = [
    "EVIDENCE_GRADES",
    "Course",
    "Edge",
    "Input",
    "Network",
    "Node",
    "Readouts",
    "basal_levels",
    "load_network",
    "network_from_file",
    "read_network",
    "readouts",
    "resting_state",
    "solve",
]


def __getattr__(name: str) -> Any:
    # loaded when asked for, so that a network is read without the compiler
    if name == "solve":
        return import_module("anagen.signalling.network.solver").solve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
