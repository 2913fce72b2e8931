"""What a studio is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8642
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Settings:
    """Where a studio keeps its things, where it listens, and what it lets in.

    Attributes
    ----------
    folder : Path
        Holds the database, the result folders and what was uploaded.
    host : str
        Address to listen on; other than loopback only with users and behind a proxy.
    port : int
        Port to listen on, 0 for any that is free.
    database : str or None
        Address of a database such as postgresql+pg8000://user@host/name; None for SQLite in the folder.
    key : str or None
        Opens the studio once; None lets everybody in who reaches it, which tests of pages do.
    workers : int
        Processes of one job.
    behind_proxy : bool
        Whether a proxy in front speaks TLS and passes the name of the host.
    host_names : tuple[str, ...]
        Names that a request may ask for, beside those of loopback.
    largest_body : int
        Longest body of a request [byte].
    run_jobs : bool
        Whether jobs are started; False leaves them in the queue.
    warm_up : bool
        Whether kernels are compiled in the background at the start.
    """

    folder: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    database: str | None = None
    key: str | None = None
    workers: int = 1
    behind_proxy: bool = False
    host_names: tuple[str, ...] = field(default=())
    largest_body: int = MEGABYTE
    run_jobs: bool = True
    warm_up: bool = True
