"""How much a published value counts beside others."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from anagen.evidence.uses import without_control
from anagen.parameters import Parameter
from anagen.parameters.files import read_parameters
from anagen.study import Study
from anagen.study.observed import Observed

PREFIX = "weight"


@cache
def weights() -> dict[str, Parameter]:
    """The weights with their reasons, from weights.toml; names are "weight.<entry>".

    Examples
    --------
    >>> weights()["weight.secondary_source"].value
    0.7
    """
    return read_parameters((files("anagen.calibration") / "weights.toml").read_text(encoding="utf-8"), PREFIX)


def weight_of(row: Observed, study: Study, rows_of_arm: int) -> float:
    """Weight of a published value, by which its error variance is divided.

    Parameters
    ----------
    row : Observed
        The value.
    study : Study
        Its study.
    rows_of_arm : int
        How many values of the same arm or contrast inform parameters.

    Examples
    --------
    >>> from anagen.study.shipped import shipped_studies
    >>> from anagen.study import Study
    >>> study = Study.load(shipped_studies()["van-neste-2000-finasteride"])
    >>> weight_of(study.observed[0], study, 4)
    0.5
    """
    table = {name.removeprefix(f"{PREFIX}."): parameter.value for name, parameter in weights().items()}
    weight = table[row.read.replace(" ", "_")] * float(rows_of_arm) ** -table["rows_of_an_arm"]
    if without_control(row, study):
        weight *= table["uncontrolled"]
    if row.n == 1:
        weight *= table["one_patient"]
    return weight
