"""People of the Clinic that were saved; every save is a new row."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import people
from anagen.studio.storage.words import is_identifier, line


@dataclass(frozen=True)
class SavedPerson:
    """A person as saved in the Clinic.

    Attributes
    ----------
    id : str
        Identifier.
    name : str
        As it was given.
    body : dict
        What the Clinic's page holds.
    created : datetime
        When it was saved.
    owner : str or None
        Whose it is; None where the studio has no users.
    """

    id: str
    name: str
    body: dict[str, Any]
    created: datetime
    owner: str | None


class People:
    """The table of people.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def save(self, name: str, body: Mapping[str, Any], *, owner: str | None = None) -> SavedPerson:
        """Keep a person.

        Parameters
        ----------
        name : str
            Any name.
        body : Mapping of str to Any
            What the Clinic's page holds.
        owner : str or None
            Name of the user.

        Returns
        -------
        SavedPerson
            A new row.
        """
        row = {
            "id": secrets.token_hex(8),
            "name": line(name),
            "body": json.dumps(body),
            "created": time.time(),
            "owner": owner,
        }
        with self.database.writing() as connection:
            connection.execute(insert(people).values(**row))
        found = self.get(row["id"], owner=owner)
        assert found is not None, "it was just written"
        return found

    def get(self, id: str, *, owner: str | None = None) -> SavedPerson | None:
        """A person by identifier.

        Parameters
        ----------
        id : str
            Identifier.
        owner : str or None
            Name of the user, who sees own people only.

        Returns
        -------
        SavedPerson or None
            None where there is none, or it is somebody else's.
        """
        if not is_identifier(id):
            return None
        with self.database.reading() as connection:
            row = connection.execute(select(people).where(people.c.id == id)).one_or_none()
        return None if row is None or row.owner != owner else _saved(row)

    def list(self, *, owner: str | None = None, most: int = 100) -> Sequence[SavedPerson]:
        """People of a user, the latest first.

        Parameters
        ----------
        owner : str or None
            Name of the user.
        most : int
            How many at most.

        Returns
        -------
        Sequence of SavedPerson
            Every save.
        """
        asked = select(people).where(people.c.owner == owner).order_by(people.c.created.desc()).limit(most)
        with self.database.reading() as connection:
            return [_saved(row) for row in connection.execute(asked)]


def _saved(row: Row[Any]) -> SavedPerson:
    created = datetime.fromtimestamp(row.created, UTC)
    return SavedPerson(row.id, row.name, json.loads(row.body), created, row.owner)
