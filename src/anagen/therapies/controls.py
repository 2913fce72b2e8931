"""Which control differs from a therapy by its active substance alone, by the route in use."""

from __future__ import annotations

from anagen.therapies import THERAPIES, Therapy


def control_by(therapy: Therapy, route: str) -> tuple[Therapy, str]:
    """The control of a therapy that is given by a route, and the control's own route.

    The therapy's usual control where that is given by the route too; else the first control that is, one given in
    sessions before a daily one, because sessions make the same visits. Where the act is the treatment (needling), the
    control keeps a route of its own.

    Examples
    --------
    >>> control, by = control_by(THERAPIES["exosome"], "topical")
    >>> control.name, by
    ('vehicle', 'topical')
    >>> control, by = control_by(THERAPIES["microneedling"], "microneedle")
    >>> control.name, by
    ('sham-procedure', 'sham')
    """
    usual = THERAPIES[therapy.by(route).control or "none"]
    if route in usual.routes or not therapy.by(route).actions:
        return usual, route if route in usual.routes else usual.routes[0]
    others = [entry for entry in THERAPIES.values() if entry.is_control and route in entry.routes]
    in_sessions = [entry for entry in others if "session" in entry.per]
    return next(((entry, route) for entry in (*in_sessions, *others)), (usual, usual.routes[0]))
