"""Study file -> what the simulation needs: population, prescriptions, instrument. No draw is made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import ROUTES, Doses, Prescription, daily, kinetics_of, own_occupancies, sessions
from anagen.delivery.doses import joined, on_whole_days
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.exosomes import Product, library, load_product, product_parameters
from anagen.follicles import Reading
from anagen.parameters import Parameter, ParameterSet, load_parameters
from anagen.scalp import ENDPOINTS, METHODS, Endpoint, Method, detection_curve
from anagen.signalling.network import load_network
from anagen.signalling.network.priors import edge_parameters
from anagen.signalling.network.taught import taught_edges
from anagen.study import Study
from anagen.study.attachments import edited_network, product_of_text
from anagen.study.dosing import PER_AREA
from anagen.study.models import Population as PopulationFields
from anagen.study.treatment import Phase, TherapyUse
from anagen.study.values import Quantity
from anagen.therapies import THERAPIES
from anagen.therapies.populations import transfer_by_sex
from anagen.trials.expectation import expectation_names
from anagen.trials.rescue import Rescued, rescued
from anagen.trials.safety import Hazard, hazard_parameters, hazards_of_arms
from anagen.trials.unblinding import noticing

if TYPE_CHECKING:
    from anagen.signalling.network import Network

MAKING = ("manufacture.", "isolation.", "facility.")
"""Groups of product parameters that say how a product is made, not what it does."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A study ready to simulate.

    Attributes
    ----------
    arms : tuple[str, ...]
        Names in order.
    prescriptions : tuple[tuple[Prescription, ...], ...]
        What each arm is given.
    sizes : tuple[int, ...]
        Patients per arm.
    method : Method
        Instrument.
    endpoints : tuple[Endpoint, ...]
        What is measured, the primary first.
    weeks : FloatArray
        Visits; area [cm2].
    rescues : tuple[Rescued, ...]
        Second courses of arms with a rescue, in their order.
    """

    study: Study
    arms: tuple[str, ...]
    prescriptions: tuple[tuple[Prescription, ...], ...]
    sizes: tuple[int, ...]
    method: Method
    endpoints: tuple[Endpoint, ...]
    weeks: FloatArray
    area: float
    rescues: tuple[Rescued, ...] = ()

    @property
    def courses(self) -> tuple[tuple[Prescription, ...], ...]:
        """What can be given from the first visit to the last: the arms' own, then those of every rescue."""
        return (*self.prescriptions, *(rescue.prescriptions for rescue in self.rescues))

    @property
    def split_scalp(self) -> bool:
        """True where the arms are areas of the same patients."""
        return self.study.design.layout == "split_scalp"

    @property
    def crossover(self) -> bool:
        """True where the arms are periods of the same patients."""
        return self.study.design.layout == "crossover"

    @property
    def same_patients(self) -> bool:
        """True where every patient is given all arms."""
        return self.split_scalp or self.crossover

    @property
    def of_centres(self) -> bool:
        """True where whole centres are randomised."""
        return self.study.design.randomisation.method == "cluster"

    @property
    def second(self) -> float:
        """Week in which the second period of a crossover begins."""
        return float(self.weeks[-1]) + (self.study.design.washout or 0.0)

    @property
    def duration(self) -> float:
        """Weeks from baseline to the last visit."""
        return float(self.weeks[-1]) + (self.second if self.crossover else 0.0)

    @property
    def n_patients(self) -> int:
        """Patients to randomise."""
        return self.sizes[0] if self.same_patients else sum(self.sizes)

    @property
    def network(self) -> Network | None:
        """The signalling network as the study edits it; None for the shipped one, unedited."""
        mechanism = self.study.mechanism
        if mechanism is None:
            return None
        file = mechanism.network
        return edited_network(mechanism.without, file and file.text, file and file.file)

    @property
    def hazards(self) -> tuple[tuple[Hazard, ...], ...]:
        """Adverse events that can happen in each course, with the rare-event scenarios that the study asks for."""
        return self.hazards_after(())

    def hazards_after(self, further: Sequence[Sequence[Prescription]]) -> tuple[tuple[Hazard, ...], ...]:
        """The same, and behind them those of further courses, which bring no event that the study cannot have."""
        last, scenarios = float(self.weeks[-1]), self.study.safety.scenarios
        courses = (*self.courses, *further)
        switches = [prescriptions_of(event.therapies, last) for event in self.study.intercurrent if event.therapies]
        return hazards_of_arms((*courses, *switches), last_week=last, scenarios=scenarios)[: len(courses)]

    def reading(self, values: Mapping[str, float], weeks: FloatArray, area: float) -> Reading:
        """How visits are read under the given parameter values."""
        return Reading(
            visits=np.asarray(weeks, dtype=np.float64) * DAYS_PER_WEEK,
            area=area,
            thresholds=np.array([values["measurement.nonvellus_threshold"], values["measurement.terminal_threshold"]]),
            detection=detection_curve(self.method, values, self.study.population.ethnicity),
        )

    def parameter_names(self) -> frozenset[str]:
        """Names of the parameters that this study's arms and instrument read, beside those of every study."""
        names: set[str] = set(self.method.parameter_names()) | hazard_parameters(self.hazards)
        names.update(name for endpoint in self.endpoints for name in endpoint.parameter_names())
        felt = any(endpoint.name == "patient_score" for endpoint in self.endpoints)
        last, people = float(self.weeks[-1]), self.study.population
        switches = [prescriptions_of(event.therapies, last, people) for event in self.study.intercurrent]
        for arm in (*self.courses, *switches):
            names.update(expectation_names(arm) if felt else ())
            for prescription in arm:
                names.update(prescription.therapy.parameter_names())
                names.update(prescription.transfer.values())
                names.update(prescription.route.parameter_names())
                names.update(kinetics_parameters(prescription))
                if prescription.therapy.occupies or prescription.route.act is not None:
                    names.update(edges_of(self.study))
                if prescription.product is not None:
                    read = product_parameters(prescription.product, load_parameters("prior"))
                    names.update(name for name in read if not name.startswith(MAKING))
                    names.update(entry.half for entry in own_occupancies(prescription) if entry.half is not None)
        return frozenset(names)


def kinetics_parameters(prescription: Prescription) -> set[str]:
    """Names of the parameters that the kinetics of a therapy and of its route's act read."""
    therapy, route = prescription.therapy, prescription.route
    kinetics = [therapy.kinetics[route.name]] if therapy.actions else []
    kinetics += [route.act.kinetics] if route.act is not None else []
    prefixes = tuple(prefix for data in kinetics for prefix in kinetics_of(data).reads)
    entries = {name for name in load_parameters("prior") if prefixes and name.startswith(prefixes)}
    return entries | ({"network.catagen_weight"} if entries else set())


def study_parameters(study: Study, parameters: ParameterSet) -> ParameterSet:
    """The parameters of the model with the numbers of the study's vesicle products and of the edges of its network.

    Those of products are named "<product>.<field>"; for those of edges see `anagen.signalling.network.priors`. Draws
    are addressed by name, so that neither changes another draw. What a study says of a parameter wins over a posterior
    in every draw; the rows of the other calibrated parameters stay as they are, so that their correlation with the one
    replaced (conditional correlation) is ignored. Edges of which a posterior holds draws, because an assay was fitted,
    keep these.
    """
    entries: dict[str, Parameter] = {}
    for use in study.uses:
        if is_other(use):
            entries |= product_of(use).parameters() | reference_of(use).parameters()
    taught: tuple[str, ...] = ()
    if any(acts_through_network(use.therapy, use.route) for use in study.uses):
        entries |= edges_of(study)
        taught = taught_edges(parameters.posterior, _network_of(study))
    return parameters.with_entries(entries, informed=taught) if entries else parameters


def acts_through_network(therapy: str, route: str) -> bool:
    """Whether a therapy or the act of its route occupies an input of the signalling network.

    Parameters
    ----------
    therapy : str
        Name of the therapy.
    route : str
        Name of the route.

    Returns
    -------
    bool
        False for "none".

    Examples
    --------
    >>> [acts_through_network(*use) for use in (("vehicle", "microneedle"), ("placebo", "oral"))]
    [True, False]
    """
    if therapy not in THERAPIES:
        return False
    return bool(THERAPIES[therapy].by(route).occupies) or ROUTES[route].act is not None


def edges_of(study: Study) -> dict[str, Parameter]:
    """Weights and half-levels of the shipped network, which greatest effects refer to, and of the study's own edges."""
    return edge_parameters(load_network()) | edge_parameters(_network_of(study))


def _network_of(study: Study) -> Network:
    """The network of a study with nothing silenced."""
    file = None if study.mechanism is None else study.mechanism.network
    return load_network() if file is None else edited_network((), file.text, file.file)


def protocol(study: Study) -> Protocol:
    """Resolve the names of a study against the registries.

    Parameters
    ----------
    study : Study
        A study file, read and checked.

    Returns
    -------
    Protocol
        The study, ready to simulate.

    Raises
    ------
    InputError
        Where an arm has more therapies that differ in exposure between patients than can be followed.

    Examples
    --------
    >>> from anagen.study import Study
    >>> protocol(Study.load("studies/exosome-vs-saline.yaml")).arms  # doctest: +SKIP
    ('exosome', 'saline')
    """
    chosen = [study.endpoints.primary, *study.endpoints.secondary]
    names = [choice.endpoint for choice in chosen] + list(study.population.inclusion) + list(study.population.baseline)
    names += [row.endpoint for row in study.observed if row.endpoint in ENDPOINTS]
    names += [row.among.endpoint for row in study.observed if row.among is not None]
    names += [arm.rescue.endpoint for arm in study.arms if arm.rescue is not None]
    last = study.measurement.visits[-1]
    people = study.population
    prescriptions = tuple(
        noticing(prescriptions_of(arm.therapies, last, people), study.design.unblinding.get(arm.name))
        for arm in study.arms
    )
    return Protocol(
        study=study,
        arms=tuple(arm.name for arm in study.arms),
        prescriptions=prescriptions,
        sizes=tuple(arm.patients for arm in study.arms),
        method=METHODS[study.measurement.method],
        endpoints=tuple(ENDPOINTS[name] for name in dict.fromkeys(names)),
        weeks=np.asarray(study.measurement.visits, dtype=np.float64),
        area=study.measurement.target_area.value,
        rescues=tuple(
            rescued(number, own, arm.rescue, prescriptions_of(arm.rescue.therapies, last, people))
            for number, (arm, own) in enumerate(zip(study.arms, prescriptions, strict=True))
            if arm.rescue is not None
        ),
    )


def prescriptions_of(
    uses: Sequence[TherapyUse], last_week: float, people: PopulationFields | None = None
) -> tuple[Prescription, ...]:
    """What is given to some people until the last visit."""
    return tuple(prescription_of(use, last_week, people) for use in uses if use.therapy != "none")


def is_other(use: TherapyUse) -> bool:
    """True where the product is not the one for which the therapy's levers are set, so that its potency matters."""
    return use.product is not None and (
        use.product_file is not None or use.product != THERAPIES[use.therapy].products[0]
    )


def product_of(use: TherapyUse) -> Product:
    """The vesicle product that is given: of the file kept with the study, or of the library."""
    if use.product_file is not None:
        return product_of_text(use.product_file.text, use.product_file.file)
    return load_product(library()[str(use.product)])


def reference_of(use: TherapyUse) -> Product:
    """The product of the library for which the therapy's levers are set."""
    return load_product(library()[THERAPIES[use.therapy].products[0]])


def amount_of(use: TherapyUse, dose: Quantity | None = None) -> float:
    """Amount of one dose in the unit of the dose, as the model takes it; 1 where a session is a session.

    `dose` stands in place of the use's where a phase or a session has its own.

    Where a therapy is given by area the model's amounts are spread over REFERENCE_AREA A: a dose D per session on an
    area B is D A / B, and a dose D per cm2 is D A, whatever the area.
    """
    therapy = THERAPIES[use.therapy].by(use.route)
    dose = dose or use.dose
    amount = 1.0 if dose is None else dose.value
    if use.strength is not None:
        amount *= use.strength.value
    elif use.formulation is not None:
        amount *= therapy.formulations[use.formulation]
    if dose is None:
        return amount
    if use.per == PER_AREA:
        return amount * REFERENCE_AREA
    return amount if use.treated_area is None else amount * (REFERENCE_AREA / use.treated_area.value)


def prescription_of(use: TherapyUse, last_week: float, people: PopulationFields | None = None) -> Prescription:
    """One therapy of an arm: dose times strength, and the days on which it is given.

    Where the people are unlike those in whom the therapy was studied, its effects take a factor.
    """
    therapy = THERAPIES[use.therapy].by(use.route)
    adherence = use.adherence
    sexes = [] if people is None else [sex for sex, share in people.sex.items() if share > 0.0]
    return Prescription(
        therapy=therapy,
        route=ROUTES[use.route],
        doses=joined([doses_of(use, phase, last_week) for phase in use.schedule.parts], daily=use.taken),
        product=product_of(use) if is_other(use) else None,
        reference=reference_of(use) if is_other(use) else None,
        adherence_mean=1.0 if adherence is None else adherence.mean,
        adherence_sd=0.0 if adherence is None else adherence.sd,
        formulation=use.formulation,
        settings={name: quantity.value for name, quantity in use.settings.items()},
        transfer={} if people is None else transfer_by_sex(therapy, people.condition, sexes),
    )


def doses_of(use: TherapyUse, phase: Phase, last_week: float) -> Doses:
    """Doses of one phase, until the last visit where they are daily."""
    amount = amount_of(use, phase.dose)
    if phase.per_day is not None:
        until = last_week if phase.until is None else min(phase.until, last_week)
        return daily(start=phase.start, until=until, amount_per_day=amount * phase.per_day, per_day=phase.per_day)
    if phase.doses or phase.days:
        weeks = np.array(phase.session_weeks())
        amounts = [amount_of(use, dose) for dose in phase.doses or ()] or [amount] * len(weeks)
        return Doses(on_whole_days(weeks * DAYS_PER_WEEK), np.array(amounts, dtype=np.float64))
    number = phase.sessions if phase.sessions is not None else 1
    return sessions(start=phase.start, every=phase.every, number=number, amount=amount)
