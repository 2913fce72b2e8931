"""Tables of the studio's database, the same in SQLite and PostgreSQL.

Times are seconds since 1970 in UTC. What has a structure of its own (a specification, a study, a person) is JSON text,
so that its bytes and their hash stay as they were written. `migrations/` makes these tables; a test holds the two
together.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

ID, NAME = String(40), String(200)
NUMBERED = BigInteger().with_variant(Integer, "sqlite")
"""Numbers that the database counts up by itself; SQLite does so for plain integers only."""

metadata = MetaData()

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("title", NAME, nullable=False),
    Column("spec", Text, nullable=False),
    Column("spec_sha256", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("stage", NAME, nullable=False),
    Column("done", Float, nullable=False),
    Column("total", Float, nullable=False),
    Column("seconds_left", Float),
    Column("error", Text),
    Column("folder", ID, nullable=False),
    # the process that works on it: its machine, its number there, when it started, and how often the job was taken up
    Column("host", NAME),
    Column("pid", Integer),
    Column("pid_started", String(40)),
    Column("attempt", Integer, nullable=False),
    Column("beat", Float),
    Column("owner", NAME),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("stop_asked", Float),
    Column("finished", Float),
    Column("deleted", Float),
    Column("shared", Float),
)
Index("jobs_by_state", jobs.c.state, jobs.c.created)

events = Table(
    "events",
    metadata,
    Column("seq", NUMBERED, primary_key=True, autoincrement=True),
    Column("job", ID, nullable=False),
    Column("at", Float, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("events_by_job", events.c.job, events.c.seq)

studies = Table(
    "studies",
    metadata,
    Column("id", ID, primary_key=True),
    Column("title", NAME, nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("parent", ID),
    Column("created", Float, nullable=False),
    Column("owner", NAME),
)

users = Table(
    "users",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("password", Text, nullable=False),
    Column("created", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # the hash of what the cookie holds: who reads the database opens no session with it
    Column("sha256", String(64), primary_key=True),
    Column("owner", NAME),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    # hashes as well; each opens one session
    Column("sha256", String(64), primary_key=True),
    Column("created", Float, nullable=False),
    Column("used", Float),
)
