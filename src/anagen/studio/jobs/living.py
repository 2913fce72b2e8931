"""Whether a process is alive, and is still the one that it was: numbers of processes are used again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def started_at(pid: int) -> str | None:
    """When a process started, as the system tells it.

    Parameters
    ----------
    pid : int
        Number of the process.

    Returns
    -------
    str or None
        The same text as long as the process lives; None where there is none, or it has ended and nobody asked how.

    Examples
    --------
    >>> import os
    >>> started_at(os.getpid()) == started_at(os.getpid()) != None
    True
    """
    if not sys.platform.startswith("linux"):
        told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return told.stdout.strip()[:40] or None
    try:
        # the name of the command, in brackets, may hold anything; what follows it does not
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, ticks = parts[0], parts[19]
    boot = BOOT.read_text(encoding="ascii")[:8] if BOOT.is_file() else ""
    return None if state in "ZX" else f"{boot}-{ticks}"


def is_alive(pid: int | None, started: str | None) -> bool:
    """Whether a process is alive and started when it is said to have started.

    Parameters
    ----------
    pid : int or None
        Number of the process.
    started : str or None
        From `started_at`.

    Returns
    -------
    bool
        False as well where nothing is known of it.

    Examples
    --------
    >>> import os
    >>> is_alive(os.getpid(), started_at(os.getpid())), is_alive(os.getpid(), "long ago")
    (True, False)
    """
    return pid is not None and started is not None and started_at(pid) == started
