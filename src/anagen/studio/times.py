"""Times as people read them."""

from __future__ import annotations

from datetime import datetime


def day(moment: datetime) -> str:
    """A moment, on the clock of this machine.

    Parameters
    ----------
    moment : datetime
        With its zone.

    Returns
    -------
    str
        Such as "3 May 2031, 14:05".
    """
    here = moment.astimezone()
    return f"{here.day} {here:%B %Y, %H:%M}"


def lasting(seconds: float) -> str:
    """A time that something takes.

    Parameters
    ----------
    seconds : float
        The time.

    Returns
    -------
    str
        In the unit that suits it.

    Examples
    --------
    >>> lasting(12.2), lasting(150), lasting(9000), lasting(1)
    ('12 seconds', '3 minutes', '2.5 hours', '1 second')
    """
    if seconds < 59.5:
        number = max(1, round(seconds))
        return f"{number} second{'s' if number > 1 else ''}"
    if seconds < 5370:
        number = round(seconds / 60.0 + 1e-9)
        return f"{number} minute{'s' if number > 1 else ''}"
    return f"{seconds / 3600.0:.1f}".removesuffix(".0") + " hours"
