"""What the pages keep, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.studio.storage.database import Database
from anagen.studio.storage.studies import Studies


@dataclass(frozen=True)
class Store:
    """What the pages keep, as `request.app.state.store`.

    Attributes
    ----------
    studies : Studies
        Saved studies.
    """

    studies: Studies


def store_of(database: Database) -> Store:
    """The store of a database.

    Parameters
    ----------
    database : Database
        Open and up to date.

    Returns
    -------
    Store
        For `request.app.state.store`.
    """
    return Store(Studies(database))
