"""A model of somebody else as a part of the network: equations as text, read without running any of it as code."""

from anagen.signalling.imported.model import ImportedModel, LinkedInput, LinkedLever, LinkedNode, TimedChange

__all__ = ["ImportedModel", "LinkedInput", "LinkedLever", "LinkedNode", "TimedChange"]
