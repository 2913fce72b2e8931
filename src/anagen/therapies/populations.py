"""In whom a therapy's evidence was gathered, and what that says of other patients.

Within that population the effect is the calibrated one. Outside it nobody measured it, and the levers are multiplied by
a factor of its own with a wide prior that holds zero: one for patients of the other sex, one for another disease.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from anagen.core.arrays import FloatArray

if TYPE_CHECKING:
    from anagen.therapies.therapy import Therapy

Sex = Literal["male", "female"]
OTHER_SEX, OTHER_CONDITION = "transfer.other_sex", "transfer.other_condition"
ANTIANDROGEN_IN_WOMEN = "transfer.antiandrogen_in_women"
PEOPLE: Mapping[str, str] = {"male": "men", "female": "women"}


@dataclass(frozen=True, slots=True)
class Studied:
    """Patients of the studies that a therapy's effects were set by.

    Attributes
    ----------
    condition : str
        Name of the hair disease, as study files give it.
    sexes : tuple[Sex, ...]
        Sexes studied.
    ages : tuple[float, float]
        Youngest and oldest [years].
    severity : str
        Grades, in words.
    zones : tuple[str, ...], default ()
        Zones of the scalp in which hair was counted; empty where the whole scalp was judged.
    routes : tuple[str, ...], default ()
        Routes studied; empty for every route of the therapy.
    source : str
        Of which studies these patients are.
    elsewhere : str, default ""
        What is known of patients outside, in a sentence.
    other_sex : str, default OTHER_SEX
        Parameter name of the factor on the levers in patients of a sex that was not studied.

    Raises
    ------
    ValueError
        Where no sex is named or the ages run backwards.

    Examples
    --------
    >>> Studied("aga", ("male",), (18.0, 41.0), "Norwood III to V", source="a trial").people
    'men of 18 to 41 years'
    """

    condition: str
    sexes: tuple[Sex, ...]
    ages: tuple[float, float]
    severity: str
    zones: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    source: str = ""
    elsewhere: str = ""
    other_sex: str = OTHER_SEX

    def __post_init__(self) -> None:
        """Refuses a population that is none."""
        if not self.sexes:
            raise ValueError("a population needs a sex")
        if not self.ages[0] <= self.ages[1]:
            raise ValueError(f"the ages {self.ages[0]:g} to {self.ages[1]:g} run backwards")

    @property
    def people(self) -> str:
        """Whom, by sex and age."""
        sexes = " and ".join(PEOPLE[sex] for sex in self.sexes)
        return f"{sexes} of {self.ages[0]:g} to {self.ages[1]:g} years"

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the factors outside."""
        return tuple(dict.fromkeys((self.other_sex, OTHER_CONDITION)))

    def factor_for(self, condition: str, sex: str) -> str | None:
        """Parameter name of the factor on the levers in patients of a disease and a sex; None within the population.

        Parameters
        ----------
        condition : str
            Name of the hair disease.
        sex : str
            "male" or "female".

        Examples
        --------
        >>> men = Studied("aga", ("male",), (18.0, 41.0), "", source="a trial")
        >>> men.factor_for("aga", "male"), men.factor_for("aga", "female"), men.factor_for("te", "male")
        (None, 'transfer.other_sex', 'transfer.other_condition')
        """
        if condition != self.condition:
            return OTHER_CONDITION
        return None if sex in self.sexes else self.other_sex


def transfer_by_sex(therapy: Therapy, condition: str, sexes: Sequence[str]) -> dict[str, str]:
    """Names of the factors that a therapy's levers take in a study, by sex; empty where all are like those studied.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    condition : str
        Hair disease of the study.
    sexes : Sequence[str]
        Sexes that it admits.

    Returns
    -------
    dict
        Sex -> name of a parameter, for sexes outside.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> transfer_by_sex(THERAPIES["finasteride"], "aga", ["male"])
    {}
    >>> transfer_by_sex(THERAPIES["finasteride"], "aga", ["male", "female"])
    {'female': 'transfer.antiandrogen_in_women'}
    """
    if therapy.studied is None or not therapy.actions:
        return {}
    names = {sex: therapy.studied.factor_for(condition, sex) for sex in sexes}
    return {sex: name for sex, name in names.items() if name is not None}


def transfer_of(by_sex: Mapping[str, str], sex: Sequence[str], values: Mapping[str, float]) -> FloatArray:
    """Factor on the effects of a therapy in each patient, as far as the patient is unlike those studied.

    Parameters
    ----------
    by_sex : Mapping[str, str]
        Sex -> name of its factor, from `transfer_by_sex`.
    sex : Sequence[str]
        Sex of each patient.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray, shape (n_patients,)
        1 for patients like those studied.

    Examples
    --------
    >>> transfer_of({"female": "x.y"}, ("male", "female"), {"x.y": 0.25}).tolist()
    [1.0, 0.25]
    """
    factors = {each: values[by_sex[each]] if each in by_sex else 1.0 for each in dict.fromkeys(sex)}
    return np.array([factors[each] for each in sex], dtype=np.float64)


def outside(
    therapy: Therapy, route: str, *, condition: str, sexes: Sequence[str], age: float | None, zone: str
) -> tuple[str, ...]:
    """How a study's patients differ from those in whom a therapy was studied, in words; empty where they do not.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    route : str
        How it is given.
    condition : str
        Hair disease of the study.
    sexes : Sequence[str]
        Sexes that it admits.
    age : float | None
        Mean age [years]; None where it is not known.
    zone : str
        Zone of the scalp that is measured.

    Returns
    -------
    tuple of str
        What the study is of ("women", "patients of 60 years on average").

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> outside(THERAPIES["finasteride"], "oral", condition="aga", sexes=["female"], age=58.0, zone="vertex")
    ('women', 'patients of 58 years on average')
    """
    studied = therapy.studied
    if studied is None:
        return ()
    if condition != studied.condition:
        return ("another hair disease",)
    youngest, oldest = studied.ages
    found = [PEOPLE[sex] for sex in sexes if sex not in studied.sexes]
    found += [] if age is None or youngest <= age <= oldest else [f"patients of {age:g} years on average"]
    found += [] if not studied.routes or route in studied.routes else ["another route"]
    found += [] if not studied.zones or zone in studied.zones else [f"the {zone} zone"]
    return tuple(found)
