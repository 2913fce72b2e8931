"""Sessions of browsers and programs, and the keys that open them; the database holds hashes alone."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from anagen.core.provenance import sha256_of_bytes
from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import keys, sessions

DAY = 86_400.0
SESSION_LASTS, KEY_LASTS = 30 * DAY, DAY
IS_REMEMBERED = 10.0
"""How long a session that another process ended may still be let in [s]."""
MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Session:
    """An open session.

    Attributes
    ----------
    owner : str or None
        Name of the user; None where the studio has no users.
    expires : float
        When it ends [s since 1970].
    """

    owner: str | None
    expires: float


class Sessions:
    """The tables of sessions and keys.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: dict[str, tuple[Session, float]] = {}

    def new_key(self, key: str | None = None) -> str:
        """Make a key that opens one session.

        Parameters
        ----------
        key : str or None
            The key itself, where it was made already.

        Returns
        -------
        str
            The key, which is nowhere else.
        """
        key = key or secrets.token_urlsafe(24)
        with self.database.writing(alone=True) as connection:
            connection.execute(delete(keys).where(keys.c.created < time.time() - KEY_LASTS))
            if connection.execute(select(keys.c.used).where(keys.c.sha256 == _hash(key))).one_or_none() is None:
                connection.execute(insert(keys).values(sha256=_hash(key), created=time.time()))
        return key

    def use_key(self, key: str) -> str | None:
        """Open a session with a key, which then opens no other one.

        Parameters
        ----------
        key : str
            As it came.

        Returns
        -------
        str or None
            What the cookie is to hold; None where the key opens nothing.
        """
        now = time.time()
        known = (keys.c.sha256 == _hash(key), keys.c.used.is_(None), keys.c.created > now - KEY_LASTS)
        with self.database.reading() as connection:
            if connection.execute(select(keys.c.sha256).where(*known)).one_or_none() is None:
                return None
        with self.database.writing() as connection:
            used = connection.execute(update(keys).where(*known).values(used=now).returning(keys.c.sha256))
            if used.scalar_one_or_none() is None:
                return None
        return self.open(None)

    def open(self, owner: str | None) -> str:
        """Open a session.

        Parameters
        ----------
        owner : str or None
            Name of the user.

        Returns
        -------
        str
            What the cookie is to hold, which is nowhere else.
        """
        token, now = secrets.token_urlsafe(32), time.time()
        row = {"sha256": _hash(token), "owner": owner, "created": now, "expires": now + SESSION_LASTS}
        with self.database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires < now))
            connection.execute(insert(sessions).values(**row))
        return token

    def remembered(self, token: str) -> Session | None:
        """The session of a cookie, without asking the database.

        Parameters
        ----------
        token : str
            What the cookie holds.

        Returns
        -------
        Session or None
            None where it was not found within the last seconds.
        """
        session, until = self._known.get(token, (None, 0.0))
        return session if session is not None and time.time() < min(until, session.expires) else None

    def find(self, token: str) -> Session | None:
        """The session of a cookie.

        Parameters
        ----------
        token : str
            What the cookie holds.

        Returns
        -------
        Session or None
            None where it has ended or never was.
        """
        asked = select(sessions.c.owner, sessions.c.expires).where(
            sessions.c.sha256 == _hash(token), sessions.c.expires > time.time()
        )
        with self.database.reading() as connection:
            row = connection.execute(asked).one_or_none()
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        if row is None:
            self._known.pop(token, None)
            return None
        found = Session(row.owner, row.expires)
        self._known[token] = (found, time.time() + IS_REMEMBERED)
        return found

    def close(self, token: str) -> None:
        """End a session.

        Parameters
        ----------
        token : str
            What the cookie holds.
        """
        self._known.pop(token, None)
        with self.database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.sha256 == _hash(token)))


def _hash(secret: str) -> str:
    # secrets of ours are long and random: there is nothing to guess, so that a plain hash is enough
    return sha256_of_bytes(secret.encode())
