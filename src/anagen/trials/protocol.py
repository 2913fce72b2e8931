"""Study file -> what the simulation needs: population, prescriptions, instrument. No draw is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import KINETICS, ROUTES, Prescription, daily, sessions
from anagen.exosomes import library, load_product, product_parameters
from anagen.follicles import Reading
from anagen.parameters import ParameterSet, load_parameters
from anagen.patients import PopulationSpec, Spread
from anagen.scalp import ENDPOINTS, METHODS, Endpoint, Method, detection_curve
from anagen.therapies import THERAPIES
from anagen.trials.expectation import expectation_names
from anagen.trials.study.models import Arm, Study, TherapyUse

MAKING = ("manufacture.", "isolation.")
"""Groups of product parameters that say how a product is made, not what it does."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A study ready to simulate.

    arms: names in order; prescriptions: what each arm is given; sizes: patients per arm; method: instrument;
    endpoints: what is measured, the primary first; weeks: visits; area [cm2].
    """

    study: Study
    arms: tuple[str, ...]
    prescriptions: tuple[tuple[Prescription, ...], ...]
    sizes: tuple[int, ...]
    method: Method
    endpoints: tuple[Endpoint, ...]
    weeks: FloatArray
    area: float

    @property
    def split_scalp(self) -> bool:
        """True where the arms are areas of the same patients."""
        return self.study.design.layout == "split_scalp"

    @property
    def n_patients(self) -> int:
        """Patients to randomise."""
        return self.sizes[0] if self.split_scalp else sum(self.sizes)

    def reading(self, values: Mapping[str, float], weeks: FloatArray, area: float) -> Reading:
        """How visits are read under the given parameter values."""
        return Reading(
            visits=np.asarray(weeks, dtype=np.float64) * DAYS_PER_WEEK,
            area=area,
            thresholds=np.array([values["measurement.nonvellus_threshold"], values["measurement.terminal_threshold"]]),
            detection=detection_curve(self.method, values),
        )

    def parameter_names(self) -> frozenset[str]:
        """Names of the parameters that this study's arms and instrument read, beside those of every study."""
        names: set[str] = set(self.method.parameter_names())
        names.update(name for endpoint in self.endpoints for name in endpoint.parameter_names())
        felt = any(endpoint.name == "patient_score" for endpoint in self.endpoints)
        for arm in self.prescriptions:
            names.update(expectation_names(arm) if felt else ())
            for prescription in arm:
                names.update(prescription.therapy.parameter_names())
                names.update(prescription.route.parameter_names())
                names.update(kinetics_parameters(prescription))
                if prescription.product is not None:
                    read = product_parameters(prescription.product, load_parameters())
                    names.update(name for name in read if not name.startswith(MAKING))
        return frozenset(names)


def kinetics_parameters(prescription: Prescription) -> set[str]:
    """Names of the parameters that the kinetics of a therapy and of its route's act read."""
    therapy, route = prescription.therapy, prescription.route
    kinetics = [therapy.kinetics[route.name]] if therapy.actions else []
    kinetics += [route.act.kinetics] if route.act is not None else []
    prefixes = tuple(prefix for name in kinetics for prefix in KINETICS[name].reads)
    found = {name for name in load_parameters() if prefixes and name.startswith(prefixes)}
    return found | ({"network.catagen_weight"} if found else set())


def study_parameters(study: Study, parameters: ParameterSet) -> ParameterSet:
    """The parameters of the model with the numbers of the study's vesicle products, named "<product>.<field>".

    Draws are addressed by name, so that a product changes no other draw.
    """
    found = dict(parameters)
    for use in (use for arm in study.arms for use in arm.therapies):
        if is_other(use):
            for name in (str(use.product), THERAPIES[use.therapy].products[0]):
                found |= load_product(library()[name]).parameters()
    return ParameterSet(found)


def protocol(study: Study) -> Protocol:
    """Resolve the names of a study against the registries.

    Example:
        >>> from anagen.trials.study import load_study
        >>> protocol(load_study("studies/exosome-vs-saline.yaml").study).arms  # doctest: +SKIP
        ('exosome', 'saline')
    """
    chosen = [study.endpoints.primary, *study.endpoints.secondary]
    names = [choice.endpoint for choice in chosen] + list(study.population.inclusion) + list(study.population.baseline)
    names += [row.endpoint for row in study.observed if row.endpoint in ENDPOINTS]
    return Protocol(
        study=study,
        arms=tuple(arm.name for arm in study.arms),
        prescriptions=tuple(prescriptions_of(arm, study.measurement.visits[-1]) for arm in study.arms),
        sizes=tuple(arm.patients for arm in study.arms),
        method=METHODS[study.measurement.method],
        endpoints=tuple(ENDPOINTS[name] for name in dict.fromkeys(names)),
        weeks=np.asarray(study.measurement.visits, dtype=np.float64),
        area=study.measurement.target_area.value,
    )


def prescriptions_of(arm: Arm, last_week: float) -> tuple[Prescription, ...]:
    """What an arm is given until the last visit."""
    return tuple(prescription_of(use, last_week) for use in arm.therapies if use.therapy != "none")


def is_other(use: TherapyUse) -> bool:
    """True where the product is not the one for which the therapy's levers are set, so that its potency matters."""
    return use.product is not None and use.product != THERAPIES[use.therapy].products[0]


def prescription_of(use: TherapyUse, last_week: float) -> Prescription:
    """One therapy of an arm: dose times strength, and the days on which it is given."""
    therapy = THERAPIES[use.therapy]
    amount = 1.0
    if use.dose is not None:
        amount = use.dose.value * (therapy.formulations[use.formulation] if use.formulation is not None else 1.0)
    schedule = use.schedule
    if schedule.per_day is not None:
        until = last_week if schedule.until is None else min(schedule.until, last_week)
        regimen = daily(
            start=schedule.start, until=until, amount_per_day=amount * schedule.per_day, per_day=schedule.per_day
        )
    else:
        number = schedule.sessions if schedule.sessions is not None else 1
        regimen = sessions(start=schedule.start, every=schedule.every, number=number, amount=amount)
    adherence = use.adherence
    return Prescription(
        therapy=therapy,
        route=ROUTES[use.route],
        regimen=regimen,
        product=load_product(library()[str(use.product)]) if is_other(use) else None,
        reference=load_product(library()[therapy.products[0]]) if is_other(use) else None,
        adherence_mean=1.0 if adherence is None else adherence.mean,
        adherence_sd=0.0 if adherence is None else adherence.sd,
        formulation=use.formulation,
    )


def population_spec(study: Study) -> PopulationSpec:
    """The study's population as covariates are drawn from it."""
    population = study.population
    onset = population.years_since_onset
    severity = {
        scale: {grade: 1.0 for grade in grades}
        for scale, grades in population.severity.items()
        if isinstance(grades, tuple)
    }
    return PopulationSpec(
        condition=population.condition,
        sex=dict(population.sex),
        age=Spread(population.age.mean, population.age.sd, population.age.min, population.age.max),
        ethnicity=dict(population.ethnicity),
        severity=severity,
        years_since_onset=None if onset is None else Spread(onset.mean, onset.sd, onset.min, onset.max),
        zone=study.measurement.zone,
    )
