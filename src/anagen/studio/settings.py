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
        Address of a database such as postgresql://user@host/name; None for SQLite in the folder.
    key : str or None
        Opens the studio once; None lets everybody in who reaches it, which tests of pages do.
    needs_users : bool
        Whether only users with a password are let in.
    workers : int
        Processes of one job.
    jobs_at_once : int
        Jobs that this machine works on at a time.
    most_waiting : int
        Jobs that may wait.
    longest_job : float
        Longest job that is taken, by its estimate [s].
    behind_proxy : bool
        Whether a proxy in front speaks TLS and passes the name of the host.
    host_names : tuple[str, ...]
        Names that a request may ask for, beside those of loopback.
    largest_body : int
        Longest body of a request [byte].
    pictures_a_second : float
        Pages and pictures that a session may ask for, in the long run [1/s].
    pictures_at_once : float
        Those that it may ask for in a burst.
    posts_a_minute : float
        Forms that a session may send [1/min].
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
    needs_users: bool = False
    workers: int = 1
    jobs_at_once: int = 1
    most_waiting: int = 20
    longest_job: float = 48 * 3600.0
    behind_proxy: bool = False
    host_names: tuple[str, ...] = field(default=())
    largest_body: int = MEGABYTE
    pictures_a_second: float = 20.0
    pictures_at_once: float = 300.0
    posts_a_minute: float = 60.0
    run_jobs: bool = True
    warm_up: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether somebody has to be known to be let in."""
        return self.key is not None or self.needs_users
