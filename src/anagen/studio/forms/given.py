"""What is given, from the controls of a page to a study that gives it beside its own control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.therapies import THERAPIES
from anagen.therapies.controls import control_by

PATIENTS = 40
VISIT_EVERY = 8.0
AGE = {"mean": 40.0, "sd": 10.0, "min": 18.0, "max": 65.0}


@dataclass(frozen=True)
class Given:
    """One therapy as it is given; what is empty is as usual.

    Attributes
    ----------
    therapy : str
        Its name.
    route : str
        How.
    product : str
        Name of a product of the library.
    product_text : str
        Text of a product file, in place of a product of the library.
    dose : str
        Dose with its unit.
    every : float or None
        Weeks between sessions.
    sessions : int or None
        How many.
    """

    therapy: str
    route: str = ""
    product: str = ""
    product_text: str = ""
    dose: str = ""
    every: float | None = None
    sessions: int | None = None

    @property
    def by(self) -> str:
        """The route, the usual one where none is chosen."""
        return self.route or THERAPIES[self.therapy].routes[0]


def use_of(given: Given) -> dict[str, Any]:
    """The keys of a therapy in a study file.

    Parameters
    ----------
    given : Given
        What is given.

    Returns
    -------
    dict
        Keys that are as usual are left out, but the route.

    Examples
    --------
    >>> use_of(Given("exosome", product="uc-msc", sessions=3, every=2.0))["schedule"]
    {'every': 2.0, 'sessions': 3}
    """
    use: dict[str, Any] = {"therapy": given.therapy, "route": given.by}
    if given.product_text:
        use["product_file"] = {"file": "product.toml", "text": given.product_text}
    elif given.product:
        use["product"] = given.product
    if given.dose:
        use["dose"] = given.dose
    if given.every is not None or given.sessions is not None:
        usual = THERAPIES[given.therapy].by(given.by).default_schedule
        every = usual.every if given.every is None else given.every
        sessions = usual.sessions if given.sessions is None else given.sessions
        told = {"every": every, "sessions": sessions}
        use["schedule"] = {name: value for name, value in told.items() if value is not None}
    return use


def study_data(
    given: Sequence[Given],
    *,
    title: str,
    condition: str = "aga",
    sex: str = "male",
    weeks: float = 26.0,
    mechanism: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The keys of a study that gives it, beside an arm with the control of each therapy.

    Parameters
    ----------
    given : Sequence of Given
        Therapies of the treated arm.
    title : str
        Of the study.
    condition : str
        Condition, as study files name it.
    sex : str
        "male" or "female".
    weeks : float
        Last visit [week].
    mechanism : Mapping, optional
        The section of that name.

    Returns
    -------
    dict
        To be checked by `Study.from_dict`.

    Examples
    --------
    >>> [arm["name"] for arm in study_data([Given("finasteride")], title="x")["arms"]]
    ['treated', 'control']
    """
    controls = [control_by(THERAPIES[one.therapy].by(one.by), one.by) for one in given]
    beside = {
        (control.name, route): {"therapy": control.name, **({"route": route} if route in control.routes else {})}
        for control, route in controls
        if control.name != "none"
    }
    visits = [VISIT_EVERY * number for number in range(int(weeks // VISIT_EVERY) + 1)]
    return {
        "study": "from-the-studio",
        "title": title,
        "population": {
            "condition": condition,
            "sex": {sex: 1.0},
            "age": AGE,
            "ethnicity": {"caucasian": 1.0},
            "exclusions": _exclusions(given, sex, condition),
        },
        "arms": [
            {"name": "treated", "patients": PATIENTS, "therapies": [use_of(one) for one in given]},
            {"name": "control", "patients": PATIENTS, "control": True, "therapies": list(beside.values())},
        ],
        "measurement": {
            "zone": "vertex",
            "target_area": "1 cm^2",
            "method": "phototrichogram",
            "visits": [*(visit for visit in visits if visit < weeks), weeks],
        },
        "endpoints": {"primary": {"endpoint": "total_density", "week": weeks, "measure": "change"}},
        "design": {"blinding": "double", "dropout": 0.1},
        **({"mechanism": dict(mechanism)} if mechanism else {}),
    }


def _exclusions(given: Sequence[Given], sex: str, condition: str) -> list[str]:
    """Who is left out because the therapies must not be given to them."""
    return sorted(
        {
            entry.unless
            for one in given
            for entry in THERAPIES[one.therapy].contraindications
            if entry.unless is not None
            and entry.grade == "error"
            and entry.when.applies(sexes=(sex,), youngest=AGE["min"], condition=condition, route=one.by)
        }
    )
