"""What a result was computed with: interpreter, libraries, processor, and packages that add entries."""

from __future__ import annotations

import platform
from functools import cache
from importlib import import_module, metadata
from typing import Any

from anagen.core.plugins import GROUPS, installed, origin_of

LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "pandas", "arro3-io", "matplotlib")
"""Libraries that move the last digits of a number, or the bytes of a file or picture; the last is not always there."""


@cache
def environment() -> dict[str, Any]:
    """Versions and processor, as a manifest records them; nothing that names the machine.

    Returns
    -------
    dict
        python, libraries, system, machine, processor, processor_features (those that NumPy found and uses), plugins.

    Examples
    --------
    >>> sorted(environment())
    ['libraries', 'machine', 'plugins', 'processor', 'processor_features', 'python', 'system']
    """
    import numpy as np

    # numba compiles the kernels for the processor that LLVM finds; its binding has no type information
    llvm: Any = import_module("llvmlite.binding")
    facts: Any = np.show_config(mode="dicts")
    extensions: dict[str, list[str]] = facts["SIMD Extensions"]
    features = sorted({*extensions.get("baseline", []), *extensions.get("found", [])})
    origins = {origin_of(point).text() for group in GROUPS for point in installed(group)}
    return {
        "python": platform.python_version(),
        "libraries": {name: version for name in LIBRARIES if (version := _version(name)) is not None},
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": llvm.get_host_cpu_name(),
        "processor_features": features,
        "plugins": sorted(origins),
    }


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None
