"""Libraries of formats, which carry no types and are there only with their extra."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def library(name: str) -> Any:
    """A library, loaded when it is first used.

    Parameters
    ----------
    name : str
        Of the module; `Format.require` has seen that it is there.

    Returns
    -------
    Any
        The module.

    Examples
    --------
    >>> library("math").floor(1.5)
    1
    """
    return import_module(name)
