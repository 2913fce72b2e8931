"""Anagen, an in-silico clinic for hair-loss therapies: virtual randomised trials from one study file.

A therapy is given, delivered to the follicle, signals there, moves the follicle's cycle, changes the scalp, in a
patient, in a trial, which is analysed and reported. The subpackages are these words.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """The version, looked up when it is first asked for, because reading package metadata slows every import."""
    if name == "__version__":
        from anagen.core.provenance import package_version

        return package_version()
    raise AttributeError(f"module 'anagen' has no attribute {name!r}")
