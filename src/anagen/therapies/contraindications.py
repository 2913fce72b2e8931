"""When a therapy must not be given, or not without thought, as data that study files are checked against.

An error refuses the study file; a warning is told by `anagen check` and in the report. Both are lifted by an exclusion
under `population.exclusions`, an error also, where it says so, by its name under `safety.accepted`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

MENOPAUSE = 50.0
"""Age [years] from which pregnancy is no longer to be reckoned with; women may reach it earlier or later."""

EXCLUSIONS: Mapping[str, str] = {
    "pregnancy_potential": "patients who can become pregnant (or contraception is required)",
    "cardiac_disease": "patients with heart disease or uncontrolled blood pressure",
    "kidney_disease": "patients with impaired kidneys or a raised potassium",
    "liver_disease": "patients with liver disease",
    "serious_infection": "patients with a serious or chronic infection, tuberculosis among them",
    "thromboembolism": "patients with a thrombosis in their history or a high risk of one",
    "bleeding_disorder": "patients who bleed easily or take anticoagulants",
    "neuromuscular_disease": "patients with a neuromuscular disease",
    "photosensitivity": "patients whom light harms, by disease or drug",
    "keloids": "patients who form keloids",
}
"""What `population.exclusions` may name. An exclusion is a statement of eligibility: it changes no covariate."""


@dataclass(frozen=True, slots=True)
class When:
    """To whom a contraindication applies; what is empty applies to all.

    Attributes
    ----------
    sex : Literal["male", "female"], optional
        Sex admitted by the study.
    youngest_below : float, optional
        The study admits this sex below this age [years].
    routes : tuple[str, ...], default ()
        Routes of the therapy.
    conditions_other_than : tuple[str, ...], default ()
        Hair diseases for which it does not apply.
    """

    sex: Literal["male", "female"] | None = None
    youngest_below: float | None = None
    routes: tuple[str, ...] = ()
    conditions_other_than: tuple[str, ...] = ()

    def applies(
        self, *, sexes: Sequence[str], youngest: float | None, condition: str | None, route: str | None
    ) -> bool:
        """Whether it holds for a study's population and one use of the therapy.

        Parameters
        ----------
        sexes : Sequence[str]
            Sexes admitted.
        youngest : float | None
            Least age [years]; unknown counts as young.
        condition : str | None
            Condition of the population; None where it is not known.
        route : str | None
            Route of the therapy; None where it is not known.

        Examples
        --------
        >>> When("female", 50.0).applies(sexes=["male"], youngest=18.0, condition="aga", route="oral")
        False
        """
        if self.sex is not None and self.sex not in sexes:
            return False
        if self.youngest_below is not None and youngest is not None and youngest >= self.youngest_below:
            return False
        if self.routes and route not in self.routes:
            return False
        return not (self.conditions_other_than and condition in self.conditions_other_than)


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A therapy that must not, or not without thought, be given to somebody.

    Attributes
    ----------
    name : str
        As `safety.accepted` names it.
    when : When
        To whom it applies.
    message : str
        Why, in words.
    source : str
        Where it comes from.
    unless : str, optional
        Name of the exclusion that lifts it, or None.
    acceptable : bool, default False
        True where a study may depart from it on purpose by naming it under `safety.accepted`.
    grade : Literal["error", "warning"], default "error"
        "error" refuses the study file, "warning" is only told.
    """

    name: str
    when: When
    message: str
    source: str
    unless: str | None = None
    acceptable: bool = False
    grade: Literal["error", "warning"] = "error"

    def __post_init__(self) -> None:
        if self.unless is not None and self.unless not in EXCLUSIONS:
            raise ValueError(f"{self.name}: exclusion {self.unless!r} is not one of {', '.join(EXCLUSIONS)}")
        if self.grade == "error" and self.unless is None and not self.acceptable:
            raise ValueError(f"{self.name}: an error needs a remedy: an exclusion, or to be acceptable")


CHILDBEARING = When("female", MENOPAUSE)
LABELS = "Product information of the drug (class knowledge, from memory)"


def harms_a_fetus(drug: str, routes: tuple[str, ...] = ()) -> Contraindication:
    """Of a drug that feminises a male fetus, in women who can become pregnant."""
    return Contraindication(
        f"{drug}-in-pregnancy-potential",
        When("female", MENOPAUSE, routes=routes),
        f"{drug} harms a male fetus, and the population admits women under {MENOPAUSE:g} years",
        LABELS,
        unless="pregnancy_potential",
    )


def warning(name: str, message: str, unless: str, when: When | None = None) -> Contraindication:
    """What is told and refuses no study, from the product information."""
    return Contraindication(name, when or When(), message, LABELS, unless=unless, grade="warning")


def of_jak_inhibitor(drug: str) -> tuple[Contraindication, ...]:
    """Those of an inhibitor of Janus kinases."""
    return (
        warning(f"{drug}-in-infection", f"{drug} lowers the defence against infections", "serious_infection"),
        warning(f"{drug}-in-thrombosis", f"{drug} belongs to a class with more thromboses", "thromboembolism"),
        warning(
            f"{drug}-in-pregnancy-potential",
            f"{drug} is not to be taken in pregnancy",
            "pregnancy_potential",
            CHILDBEARING,
        ),
    )
