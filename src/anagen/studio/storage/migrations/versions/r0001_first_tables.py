"""The first tables: jobs and their events, studies, users, sessions and the keys that open them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    name, key = sa.String(200), sa.String(40)
    op.create_table(
        "jobs",
        sa.Column("id", key, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", name, nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("spec_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("stage", name, nullable=False),
        sa.Column("done", sa.Float, nullable=False),
        sa.Column("total", sa.Float, nullable=False),
        sa.Column("seconds_left", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("folder", key, nullable=False),
        sa.Column("host", name),
        sa.Column("pid", sa.Integer),
        sa.Column("pid_started", sa.String(40)),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("beat", sa.Float),
        sa.Column("owner", name),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("stop_asked", sa.Float),
        sa.Column("finished", sa.Float),
        sa.Column("deleted", sa.Float),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "created"])
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("job", key, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_job", "events", ["job", "seq"])
    op.create_table(
        "studies",
        sa.Column("id", key, primary_key=True),
        sa.Column("title", name, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("parent", key),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("owner", name),
    )
    op.create_table(
        "users",
        sa.Column("name", name, primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("owner", name),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("used", sa.Float),
    )
