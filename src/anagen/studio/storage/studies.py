"""Studies that were saved: every save is a new row, so that nothing is ever written over."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from anagen.core.provenance import sha256_of_json
from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import studies
from anagen.studio.storage.words import is_identifier, line


@dataclass(frozen=True)
class SavedStudy:
    """A study as it was saved.

    Attributes
    ----------
    id : str
        Its identifier.
    title : str
        Its title.
    body : dict
        The keys of its study file.
    sha256 : str
        Hash of the body.
    parent : str or None
        Identifier of the study that it was made from.
    created : datetime
        When it was saved.
    owner : str or None
        Whose it is; None where the studio has no users.
    """

    id: str
    title: str
    body: dict[str, Any]
    sha256: str
    parent: str | None
    created: datetime
    owner: str | None


class Studies:
    """The table of studies.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def save(
        self, title: str, body: Mapping[str, Any], *, owner: str | None = None, parent: str | None = None
    ) -> SavedStudy:
        """Keep a study.

        Parameters
        ----------
        title : str
            Its title.
        body : Mapping of str to Any
            The keys of its study file.
        owner : str or None
            Name of the user.
        parent : str or None
            Identifier of the study that it was made from.

        Returns
        -------
        SavedStudy
            A new row.
        """
        row = {
            "id": secrets.token_hex(8),
            "title": line(title),
            "body": json.dumps(body),
            "sha256": sha256_of_json(body),
            "parent": parent,
            "created": time.time(),
            "owner": owner,
        }
        with self.database.writing() as connection:
            connection.execute(insert(studies).values(**row))
        found = self.get(row["id"], owner=owner)
        assert found is not None, "it was just written"
        return found

    def get(self, id: str, *, owner: str | None = None) -> SavedStudy | None:
        """A study by its identifier.

        Parameters
        ----------
        id : str
            Its identifier.
        owner : str or None
            Name of the user, who sees own studies only.

        Returns
        -------
        SavedStudy or None
            None where there is none, or it is somebody else's.
        """
        if not is_identifier(id):
            return None
        with self.database.reading() as connection:
            row = connection.execute(select(studies).where(studies.c.id == id)).one_or_none()
        return None if row is None or row.owner != owner else _saved(row)

    def list(self, *, owner: str | None = None, most: int = 100) -> Sequence[SavedStudy]:
        """Studies of a user, the latest first.

        Parameters
        ----------
        owner : str or None
            Name of the user.
        most : int
            How many at most.

        Returns
        -------
        Sequence of SavedStudy
            Each save of each study.
        """
        asked = select(studies).where(studies.c.owner == owner).order_by(studies.c.created.desc()).limit(most)
        with self.database.reading() as connection:
            return [_saved(row) for row in connection.execute(asked)]


def _saved(row: Row[Any]) -> SavedStudy:
    created = datetime.fromtimestamp(row.created, UTC)
    return SavedStudy(row.id, row.title, json.loads(row.body), row.sha256, row.parent, created, row.owner)
