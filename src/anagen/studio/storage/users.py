"""Users of a studio that others can reach: names, and passwords as argon2 hashes."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from anagen.core.errors import InputError, Problem
from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import sessions, users

if TYPE_CHECKING:
    from argon2 import PasswordHasher

NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
SHORTEST, LONGEST = 12, 200
"""Characters of a password."""


class Users:
    """The table of users.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, name: str, password: str) -> None:
        """Add a user, or give one a new password, which ends the sessions of the old one.

        Parameters
        ----------
        name : str
            Small letters, digits, dots, dashes and @.
        password : str
            At least SHORTEST characters.

        Raises
        ------
        InputError
            Where one of them cannot be used.
        """
        problems: list[Problem] = []
        if not NAME.fullmatch(name):
            words = f"{name!r} cannot be used; take 1 to 64 small letters, digits, dots, dashes, underscores or @"
            problems.append(Problem(None, None, None, "name", words))
        if not SHORTEST <= len(password) <= LONGEST:
            words = f"has {len(password)} characters; take {SHORTEST} to {LONGEST}"
            problems.append(Problem(None, None, None, "password", words))
        if problems:
            raise InputError(problems)
        hashed = _hasher().hash(password)
        with self.database.writing(alone=True) as connection:
            changed = update(users).where(users.c.name == name).values(password=hashed).returning(users.c.name)
            if connection.execute(changed).scalar_one_or_none() is None:
                connection.execute(insert(users).values(name=name, password=hashed, created=time.time()))
            connection.execute(delete(sessions).where(sessions.c.owner == name))

    def remove(self, name: str) -> None:
        """Remove a user and end the user's sessions; runs stay in the database.

        Parameters
        ----------
        name : str
            Of the user.

        Raises
        ------
        InputError
            Where there is none of that name.
        """
        with self.database.writing() as connection:
            found = connection.execute(delete(users).where(users.c.name == name).returning(users.c.name))
            if found.scalar_one_or_none() is None:
                raise InputError([Problem(None, None, None, "name", f"there is no user {name!r}", tuple(self.names()))])
            connection.execute(delete(sessions).where(sessions.c.owner == name))

    def names(self) -> Sequence[str]:
        """Names of all users.

        Returns
        -------
        Sequence of str
            In alphabetical order.
        """
        with self.database.reading() as connection:
            return list(connection.execute(select(users.c.name).order_by(users.c.name)).scalars())

    def knows(self, name: str, password: str) -> bool:
        """Whether a user has this password.

        Parameters
        ----------
        name : str
            Of the user.
        password : str
            As it was typed.

        Returns
        -------
        bool
            It takes as long to say so of a name that nobody has.
        """
        from argon2.exceptions import VerificationError

        kept = self._password_of(name) if NAME.fullmatch(name) else None
        try:
            return _hasher().verify(kept or _nobody(), password[: LONGEST + 1]) and kept is not None
        except VerificationError:
            return False

    def _password_of(self, name: str) -> str | None:
        with self.database.reading() as connection:
            return connection.execute(select(users.c.password).where(users.c.name == name)).scalar_one_or_none()


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Hash of what is nobody's password."""
    return _hasher().hash("nobody")
