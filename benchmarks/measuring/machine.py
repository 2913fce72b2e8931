"""The machine that a page names, and the versions of what was compared."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

BUSY = 0.7
"""Load per core above which the machine is called busy."""


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system, Python, and how busy the machine is as this is called."""
    load = os.getloadavg()[0]
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(load, 1),
        "busy": load / (os.cpu_count() or 1) > BUSY,
    }


def sentence(machine: dict[str, Any]) -> str:
    """The machine in one or two sentences.

    Examples
    --------
    >>> sentence({"processor": "AMD EPYC", "cores": 2, "memory_gb": 8.0, "system": "Linux", "python": "3.11.7",
    ...           "load": 0.3, "busy": False})
    'Machine: AMD EPYC, 2 cores, 8 GB, Linux, Python 3.11.7; load 0.3 as it began.'
    """
    text = (
        f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']:g} GB, {machine['system']}, "
        f"Python {machine['python']}; load {machine['load']:g} as it began."
    )
    return text + (" Other programs were busy, so wall times say little." if machine["busy"] else "")


def processor() -> str:
    """Model name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def version(package: str | None, title: str | None = None) -> str:
    """Name and version of a package, or of the interpreter."""
    if package is None:
        return f"Python {platform.python_version()}"
    return f"{title or package} {importlib.metadata.version(package)}"
