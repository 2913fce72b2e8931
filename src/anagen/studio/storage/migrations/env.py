"""What Alembic runs: the steps that are missing, in the transaction it was given."""

from __future__ import annotations

from alembic import context

from anagen.studio.storage.tables import metadata


def run() -> None:
    """Run the steps that are missing."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


# anything else that imports this file only looks at it
if hasattr(context, "config"):
    run()
