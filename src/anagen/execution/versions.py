"""What a process that works on tasks runs with, and where two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from anagen.core.environment import environment
from anagen.core.provenance import package_version
from anagen.execution.tasks import program_sha256

PROGRAM, SOURCES, PROCESSOR = "anagen", "sources of anagen", "processor"


@cache
def versions_here() -> dict[str, str]:
    """Versions that decide the bytes of a result: the program, its sources, Python and libraries; and the processor."""
    about = environment()
    libraries: Mapping[str, str] = about["libraries"]
    added: list[str] = about["plugins"]
    return {
        PROGRAM: package_version(),
        SOURCES: program_sha256()[:12],
        "Python": about["python"],
        **libraries,
        "packages that add to it": ", ".join(added) or "none",
        PROCESSOR: about["processor"],
    }


def differences(here: Mapping[str, str], there: Mapping[str, Any]) -> str:
    """What differs, in words; empty where the same results come out. The processor is no part of it.

    Examples
    --------
    >>> differences({"anagen": "1.0", "numpy": "2.4"}, {"anagen": "1.0", "numpy": "2.3"})
    'numpy 2.3 there, 2.4 here'
    """
    pairs = ((name, there.get(name, "none"), version) for name, version in here.items() if name != PROCESSOR)
    return "; ".join(f"{name} {other} there, {version} here" for name, other, version in pairs if other != version)
