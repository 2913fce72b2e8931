"""What a therapy is: what is given, which inputs of the network it occupies and which levers follow, as data.

No therapy computes anything. The same two forms describe what a route does by itself (the needle, the laser), so that
a vesicle is never credited with the needle.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from anagen.core.renamed import present_name
from anagen.core.units import CANONICAL_UNITS
from anagen.therapies.action import LEVERS, Action, Occupancy
from anagen.therapies.certainty import Certainty
from anagen.therapies.contraindications import Contraindication
from anagen.therapies.kinetics import KineticsData
from anagen.therapies.populations import Studied
from anagen.therapies.safety import AdverseEvent

EvidenceGrade = Literal["A", "B", "C", "D", "none"]
EVIDENCE_GRADES: dict[EvidenceGrade, str] = {
    "A": "randomised trials or their meta-analysis",
    "B": "controlled, or several uncontrolled, studies in people",
    "C": "animals, organ culture or cells; people only without control",
    "D": "opinion or tradition; no source with a result",
    "none": "a control, which needs no evidence of an effect",
}
"""What is known of a therapy's effect on hair; not how well a parameter is known."""
COST_ASSUMED = "Assumption: usual prices, not collected; wide"


@dataclass(frozen=True, slots=True)
class RegimenSchedule:
    """Default timing in weeks: `per_day` doses from `start` on, or `sessions` every `every` weeks."""

    start: float = 0.0
    every: float | None = None
    sessions: int | None = None
    per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """What another name of a therapy is, in a sentence, and the formulation that it stands for, if for one."""

    what: str
    formulation: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How a therapy is given by one of its routes, where that is not how it is given by the first; None: the same.

    Fields are those of `Therapy`.
    """

    occupies: tuple[Occupancy, ...] | None = None
    actions: tuple[Action, ...] | None = None
    dose_unit: str | None = None
    default_dose: float | None = None
    per: tuple[str, ...] | None = None
    formulations: Mapping[str, float] | None = None
    default_schedule: RegimenSchedule | None = None
    control: str | None = None


@dataclass(frozen=True, slots=True)
class Therapy:
    """A treatment or a control as a study file names it.

    Attributes
    ----------
    name : str
        As study files name it.
    title : str
        In words.
    routes : tuple[str, ...]
        Routes by which it can be given, the default first.
    source : str
        Where the description comes from.
    evidence : str
        What is known of it, in a sentence.
    occupies : tuple[Occupancy, ...], default ()
        Inputs of the network that the active substance occupies.
    actions : tuple[Action, ...], default ()
        Levers moved by the active substance; empty for a control.
    kinetics : Mapping[str, KineticsData], default dict()
        Route -> what turns doses into exposure at the follicle, by data or by name.
    dose_unit : str, optional
        Unit of a dose, or None where a session is a session.
    default_dose : float, optional
        Dose where the study file is silent.
    per : tuple[str, ...], default ("session",)
        What a dose is per; the default first.
    formulations : Mapping[str, float], default dict()
        Name -> strength [mg per mL, or 1]; empty where there is one form.
    reference_product : str, optional
        Product of the vesicle library for which the levers are set, and to which the potency of the others is relative;
        None where no product can be chosen.
    default_schedule : RegimenSchedule, default RegimenSchedule()
        Timing where the study file is silent.
    control : str, optional
        Name of its own control therapy, or None for a control.
    response : str, optional
        Parameter name of the CV of response between patients, or None.
    batch : str, optional
        Parameter name of the CV of potency between batches, or None.
    activation : Mapping[str, tuple[str, str]], default dict()
        Route -> (population column, parameter name of the power) that scales exposure: a prodrug's enzyme.
    corrects : str, default ""
        What the review has wrong about it.
    moves_follicles : bool, default False
        True for transplantation, which acts by moving follicles and not through a lever.
    reads : tuple[str, ...], default ()
        Further parameters that it reads.
    grade : EvidenceGrade, default "none"
        How good that is, see EVIDENCE_GRADES.
    strengths : Mapping[str, tuple[str, ...]], default dict()
        Formulation -> names of parameters whose product scales exposure, where a form may act otherwise.
    forms : Mapping[str, Form], default dict()
        Route -> what differs there (`by` gives the therapy as it is given by a route).
    settings : Mapping[str, float | str], default dict()
        Settings of the route that are this therapy's own where the study file is silent, name -> value.
    aliases : Mapping[str, Alias], default dict()
        Other name, as people write it -> what that name is.
    refused : Mapping[str, str], default dict()
        Formulation that cannot be chosen -> why.
    cost_per_year : tuple[float, float], optional
        Least and greatest usual price of a year [EUR], or None.
    cost_source : str, default COST_ASSUMED
        Where that comes from.
    harms : tuple[AdverseEvent, ...], default ()
        Adverse events of the substance; empty where none is known beyond what giving it does.
    contraindications : tuple[Contraindication, ...], default ()
        To whom it must not be given, or not without thought.
    studied : Studied, optional
        In whom its evidence was gathered; None where nobody was studied, or for a control.
    certainty : Certainty, optional
        How much was measured of it and how certain its effect is; None for a control.

    Examples
    --------
    >>> from anagen.therapies import THERAPIES
    >>> THERAPIES["finasteride"].control
    'placebo'
    """

    name: str
    title: str
    routes: tuple[str, ...]
    source: str
    evidence: str
    occupies: tuple[Occupancy, ...] = ()
    actions: tuple[Action, ...] = ()
    kinetics: Mapping[str, KineticsData] = field(default_factory=dict[str, KineticsData])
    dose_unit: str | None = None
    default_dose: float | None = None
    per: tuple[str, ...] = ("session",)
    formulations: Mapping[str, float] = field(default_factory=dict[str, float])
    reference_product: str | None = None
    default_schedule: RegimenSchedule = RegimenSchedule()
    control: str | None = None
    response: str | None = None
    batch: str | None = None
    activation: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    corrects: str = ""
    hand_set: bool = True
    moves_follicles: bool = False
    reads: tuple[str, ...] = ()
    grade: EvidenceGrade = "none"
    strengths: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])
    settings: Mapping[str, float | str] = field(default_factory=dict[str, "float | str"])
    aliases: Mapping[str, Alias] = field(default_factory=dict[str, Alias])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    cost_per_year: tuple[float, float] | None = None
    cost_source: str = COST_ASSUMED
    harms: tuple[AdverseEvent, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    studied: Studied | None = None
    certainty: Certainty | None = None

    def __post_init__(self) -> None:
        """Refuses what no therapy can be; what it lacks beside other files is told by `anagen check`."""
        faults = tuple(_faults(self))
        if faults:
            raise ValueError(f"the therapy {self.name!r} cannot be used: {'; '.join(faults)}")

    @property
    def is_control(self) -> bool:
        """True for placebo, vehicle, sham, saline and no treatment: what has no control of its own."""
        return self.control is None

    @property
    def products(self) -> tuple[str, ...]:
        """Products that can be given: the reference, then the rest of the library; empty where none can be chosen."""
        from anagen.exosomes import library

        first = self.reference_product
        return () if first is None else (first, *(name for name in library() if name != first))

    def by(self, route: str) -> Therapy:
        """The therapy as it is given by a route.

        Examples
        --------
        >>> from anagen.therapies import THERAPIES
        >>> THERAPIES["minoxidil"].dose_unit, THERAPIES["minoxidil"].by("oral").dose_unit
        ('mL', 'mg')
        """
        form = self.forms.get(route)
        if form is None:
            return self
        form_values = {entry.name: getattr(form, entry.name) for entry in fields(form)}
        return replace(self, **{name: value for name, value in form_values.items() if value is not None})

    def by_every_route(self) -> tuple[Therapy, ...]:
        """The therapy as it is given by each of its routes."""
        return tuple(self.by(route) for route in self.routes)

    def has_data_in(self, condition: str) -> bool:
        """Whether trials that effects are set by or calibrated on were in a condition, by what the levers are.

        Parameters
        ----------
        condition : str
            Name of the condition, as study files give it.

        Returns
        -------
        bool
            In the condition in which it was studied; where that is not said, in alopecia areata only where it moves the
            immune attack and in androgenetic alopecia where it moves anything else. True for what moves no lever.
        """
        if self.studied is not None:
            return not self.actions or condition == self.studied.condition
        levers = {action.lever for action in self.actions}
        known = {"aa" if lever == "immune_attack" else "aga" for lever in levers}
        return not levers or condition in known

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that this therapy reads."""
        names = [name for action in self.actions for name in action.parameter_names()]
        names += [name for entry in self.occupies for name in entry.parameter_names()]
        names += [power for _, power in self.activation.values()]
        names += self.reads
        names += [name for factors in self.strengths.values() for name in factors]
        names += [value for value in self.settings.values() if isinstance(value, str)]
        names += [name for name in (self.response, self.batch) if name is not None]
        return tuple(dict.fromkeys(names))


def _faults(therapy: Therapy) -> Iterator[str]:
    """What is wrong with a therapy by itself, each with what to write."""
    if not (isinstance(therapy.name, str) and re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", therapy.name)):  # pyright: ignore[reportUnnecessaryIsInstance]
        yield 'its name is not made of lower-case letters, digits and hyphens; write name="latanoprost"'
    for field_name in ("routes", "per", "actions", "occupies", "harms", "contraindications", "reads"):
        if not isinstance(getattr(therapy, field_name), tuple):
            yield f"{field_name} is no tuple; write {field_name}=(..., )"
            return
    if not therapy.routes:
        yield 'it has no route; write routes=("topical",)'
    for field_name in ("title", "source", "evidence"):
        if not str(getattr(therapy, field_name)).strip():
            yield f"{field_name} is empty; say it in a sentence"
    if therapy.grade not in EVIDENCE_GRADES:
        yield f"grade {therapy.grade!r} is none; write one of {', '.join(EVIDENCE_GRADES)}"
    acts = therapy.actions or any(form.actions for form in therapy.forms.values())
    controls = [therapy.control, *(form.control for form in therapy.forms.values())]
    if acts and not any(controls):
        yield 'it acts and names no control; write control="placebo" or another control'
    for action in (*therapy.actions, *(action for form in therapy.forms.values() for action in form.actions or ())):
        if action.lever not in LEVERS:
            present = present_name(action.lever)
            now = f"it is called {present!r} now" if present else f"levers are {', '.join(LEVERS)}"
            yield f"{action.lever!r} is no lever; {now}"
    for form in (therapy, *therapy.forms.values()):
        if form.dose_unit is not None and form.dose_unit not in CANONICAL_UNITS:
            yield f"dose_unit {form.dose_unit!r} is not kept; write one of {', '.join(CANONICAL_UNITS)}"
        if form.default_dose is not None and not 0.0 <= form.default_dose < math.inf:
            yield f"default_dose {form.default_dose} is no dose; write a number of at least 0"
