"""Published values of another zone of the scalp than the one that a study measures.

A run simulates one zone. What a trial printed of a second one stands in the same file under `zone`; validation runs the
study once more for that zone, as STUDY@zone, with those values alone.
"""

from __future__ import annotations

from typing import Any

from anagen.study.observed import Observed
from anagen.study.study import Study

AT = "@"
"""Between the name of a study and the zone, in the tables of a validation."""
OF_HAIR = ("inclusion", "baseline")
"""What a file says of the hair of the measured zone, and of no other."""


def is_elsewhere(row: Observed, study: Study) -> bool:
    """Whether a published value is of another zone than the one that its study measures.

    Parameters
    ----------
    row : Observed
        The value.
    study : Study
        Its study.
    """
    return row.zone is not None and row.zone != study.measurement.zone


def other_zones(study: Study) -> tuple[str, ...]:
    """Zones beside the measured one of which a study holds published values, each once.

    Parameters
    ----------
    study : Study
        A checked study.
    """
    return tuple(dict.fromkeys(str(row.zone) for row in study.observed if is_elsewhere(row, study)))


def in_zone(study: Study, zone: str) -> Study:
    """The same trial measured in another zone, with the values that were published of it.

    Inclusion and a matched baseline are of the hair of the measured zone and are left out: patients are those of the
    condition and its severity.

    Parameters
    ----------
    study : Study
        A checked study.
    zone : str
        Another zone.

    Returns
    -------
    Study
        Checked again.

    Raises
    ------
    InputError
        Where the trial cannot be measured there.
    """
    data: dict[str, Any] = study.to_dict()
    rows = zip(study.observed, data["observed"], strict=True)
    data["observed"] = [dumped | {"zone": None} for row, dumped in rows if row.zone == zone]
    data["measurement"] = data["measurement"] | {"zone": zone}
    data["population"] = {key: value for key, value in data["population"].items() if key not in OF_HAIR}
    return Study.from_dict(data)


def zone_remarks(study: Study) -> tuple[str, ...]:
    """What to bear in mind of the zones of a study, one sentence per other zone.

    Parameters
    ----------
    study : Study
        A checked study.

    Returns
    -------
    tuple of str
        Sentences without a full stop.
    """
    population = study.population
    dropped = [key for key in OF_HAIR if getattr(population, key)]
    return tuple(
        f"values of the {zone} zone are predicted as {study.study}{AT}{zone}"
        + (
            f", without {' and '.join(dropped)}, which the file gives of the {study.measurement.zone} zone"
            if dropped
            else ""
        )
        for zone in other_zones(study)
    )
