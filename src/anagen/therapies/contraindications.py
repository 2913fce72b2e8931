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
    "breast_feeding": "patients who breast-feed",
    "depression": "patients with depression or suicidal thoughts, now or in their history",
    "cardiovascular_risk": "patients with a high cardiovascular risk, or who smoke and are over 65 years",
    "malignancy": "patients with cancer, now or in their history",
    "blood_donors": "patients who donate blood",
    "scarring_alopecia": "patients with a scarring alopecia (lichen planopilaris, frontal fibrosing, central, lupus)",
    "traction_alopecia": "patients with traction alopecia",
    "tinea_capitis": "patients with tinea of the scalp",
    "syphilis": "patients with syphilitic alopecia",
    "thyroid_disease": "patients with a thyroid disease that is not controlled",
    "iron_deficiency": "patients with a low ferritin",
    "hyperandrogenism": "patients with polycystic ovaries or other signs of too much androgen",
}
"""What `population.exclusions` may name. An exclusion is a statement of eligibility: it changes no covariate."""
MIMICS = (
    "scarring_alopecia",
    "traction_alopecia",
    "tinea_capitis",
    "syphilis",
    "thyroid_disease",
    "iron_deficiency",
    "hyperandrogenism",
)
"""Exclusions of other causes of hair loss; nobody who is simulated has one, and no therapy asks for them."""


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
EMA_FINASTERIDE = (
    "European Medicines Agency, referral on finasteride- and dutasteride-containing medicinal products, 19 June 2025 "
    "(page read)"
)
DUTASTERIDE_LABEL = "Product information of dutasteride 0.5 mg, precautions (as quoted by mimsdev.com, rxlist.com)"
FINASTERIDE_LABEL = "Product information of finasteride 1 mg, precautions (read as quoted by mimsdev.com)"
JAK_LABEL = (
    "Boxed warning of the US labels of JAK inhibitors, which rests on tofacitinib in rheumatoid arthritis; patients "
    "with alopecia areata are younger (read in drugs.com/monograph/deuruxolitinib-phosphate.html)"
)
MINOXIDIL_LABEL = (
    "Pregnancy and breast-feeding warnings of minoxidil, as collected by drugs.com/pregnancy/minoxidil.html (read); "
    "other advisers hold use on the scalp compatible with breast-feeding (e-lactancia.org)"
)
FDA_EXOSOMES = "US Food and Drug Administration, Public Safety Notification on Exosome Products, 6 December 2019 (read)"


ADMITTED = f", and the population admits women under {MENOPAUSE:g} years"
"""What a contraindication in women who can become pregnant says of a study; of one person nothing is admitted."""


def harms_a_fetus(drug: str, routes: tuple[str, ...] = ()) -> Contraindication:
    """Of a drug that feminises a male fetus, in women who can become pregnant."""
    return Contraindication(
        f"{drug}-in-pregnancy-potential",
        When("female", MENOPAUSE, routes=routes),
        f"{drug} harms a male fetus{ADMITTED}",
        LABELS,
        unless="pregnancy_potential",
    )


def warning(
    name: str, message: str, unless: str | None, when: When | None = None, source: str = LABELS
) -> Contraindication:
    """What is told and refuses no study; told of everybody where no exclusion lifts it."""
    return Contraindication(name, when or When(), message, source, unless=unless, grade="warning")


def of_five_alpha_reductase_inhibitor(
    drug: str, mood: str, *, months: int, label: str, routes: tuple[str, ...] = ("oral",)
) -> tuple[Contraindication, ...]:
    """Those of an inhibitor of 5-alpha-reductase by mouth.

    Parameters
    ----------
    drug : str
        Name of the drug.
    mood : str
        What is said of mood and suicidal thoughts.
    months : int
        Months after the last dose before blood may be given.
    label : str
        Where the rest comes from.
    routes : tuple[str, ...], default ("oral",)
        Routes that bring it into the blood.
    """
    when = When(routes=routes)
    men = When("male", routes=routes)
    donors = f"do not donate blood on {drug} and for {months} month{'s' if months > 1 else ''} after it"
    return (
        warning(f"{drug}-and-mood", mood, "depression", when, EMA_FINASTERIDE),
        warning(
            f"{drug}-and-psa",
            f"{drug} lowers prostate-specific antigen by about half: double a reading before it is judged",
            None,
            men,
            label,
        ),
        warning(
            f"{drug}-in-blood-donors",
            f"{donors}, because the recipient may be pregnant",
            "blood_donors",
            when,
            label,
        ),
    )


def of_jak_inhibitor(drug: str) -> tuple[Contraindication, ...]:
    """Those of an inhibitor of Janus kinases."""
    infection = f"{drug} increases the risk of serious infection and of herpes zoster; look for tuberculosis first"
    vessels = f"class warning of JAK inhibitors for {drug}"
    return (
        warning(f"{drug}-in-infection", infection, "serious_infection", source=JAK_LABEL),
        warning(
            f"{drug}-in-thrombosis", f"{vessels}: venous and arterial thrombosis", "thromboembolism", None, JAK_LABEL
        ),
        warning(
            f"{drug}-in-cardiovascular-risk",
            f"{vessels}: major cardiovascular events and death, in patients over 50 years with a cardiovascular risk",
            "cardiovascular_risk",
            None,
            JAK_LABEL,
        ),
        warning(
            f"{drug}-in-malignancy",
            f"{vessels}: lymphoma, lung cancer and other cancers, in smokers above all",
            "malignancy",
            None,
            JAK_LABEL,
        ),
        warning(
            f"{drug}-in-pregnancy-potential",
            f"{drug} is not to be taken in pregnancy",
            "pregnancy_potential",
            CHILDBEARING,
        ),
    )


def of_growth_signals(therapy: str, what: str) -> tuple[Contraindication, ...]:
    """Of what carries growth signals of cells into the skin, for patients with cancer in their history."""
    return (
        warning(
            f"{therapy}-in-malignancy",
            f"{what} carry growth signals, and nobody has studied them in patients with cancer in their history",
            "malignancy",
            None,
            f"Assumption from what they carry; no report of a tumour after use on the scalp was found. {FDA_EXOSOMES}",
        ),
    )


def in_pregnancy_and_breast_feeding(drug: str, source: str) -> tuple[Contraindication, ...]:
    """Of a drug that is not recommended to pregnant women and to women who breast-feed."""
    return (
        warning(
            f"{drug}-in-pregnancy-potential",
            f"{drug} is not recommended in pregnancy, by mouth or on the scalp",
            "pregnancy_potential",
            CHILDBEARING,
            source,
        ),
        warning(
            f"{drug}-in-breast-feeding",
            f"{drug} passes into milk and is not recommended while breast-feeding",
            "breast_feeding",
            CHILDBEARING,
            source,
        ),
    )
