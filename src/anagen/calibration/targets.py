"""Targets: published values that inform parameters, each with its error, weight and spread between trials.

Values are means, shares of responders and, where they were printed, standard deviations of change between patients.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from anagen.calibration.weights import weight_of
from anagen.core.errors import InputError, Problem
from anagen.evidence.between import Between, between, prescriptions_of, sign_of, treated_arms
from anagen.evidence.comparison import not_compared
from anagen.evidence.uses import use_of
from anagen.parameters import ParameterSet
from anagen.runs.parameters import parameter_table
from anagen.signalling.network.priors import is_of_edge
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.study.shipped import find_study, shipped_studies
from anagen.trials.protocol import Protocol, protocol, study_parameters

Stage = Literal[1, 2]
NO_EFFECT = ("event_courses", "exosome_risk")
"""Groups of parameters, beside those ending in _events, that say how adverse events run and move no hair."""
HYPER = ("measurement.study_offset", "heterogeneity.")
"""Parameters of the spread between trials: they enter the likelihood, not the simulation."""
MEDIAN_TO_MEAN = math.sqrt(math.pi / 2.0)
"""Standard error of a median of normal values over that of their mean."""
IQR_TO_SD = 1.0 / 1.3489795
SPREAD_ROWS = 1000
"""What is added to the place of a value to name its standard deviation between patients."""
SPREAD_PATIENTS = 200
"""Patients per arm of the trial that says how much simulated patients differ."""
SPREAD_BETWEEN = 0.15
"""How far standard deviations of one measure lie apart between trials beyond sampling, relative (assumption, grade C:
eight arms of three trials of minoxidil printed 14.6 to 25.4 hairs/cm2; sampling explains 5 to 10 %)."""
WITH_SPREAD = ("change", "percent_change")


@dataclass(frozen=True, slots=True)
class Source:
    """A study with targets.

    Attributes
    ----------
    name : str
        As it is shipped.
    study : Study
        The file.
    sha256 : str
        Its hash.
    rows : tuple[int, ...]
        Places in `observed` of the values that inform parameters.
    reads : tuple[str, ...]
        Uncertain parameters that its expected values can depend on.
    spreads : tuple[int, ...], default ()
        Those of the rows whose standard deviation between patients was printed.
    """

    name: str
    study: Study
    sha256: str
    rows: tuple[int, ...]
    reads: tuple[str, ...]
    spreads: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One published value that informs parameters, or its standard deviation between patients.

    Parameters
    ----------
    study, row : str, int
        Where it stands; SPREAD_ROWS more for the standard deviation of a value.
    published : Observed
        The value.
    se, se_from : float, str
        Its standard error, and where that comes from.
    weight : float
        See `weights`.
    spread : Between
        Offset, spread of the gain and biases.
    sign : float
        -1 where a gain lowers the value.
    arm : str
        Whose gain it holds, shared by all its values; empty where nothing is gained.
    stage : {1, 2}
        1 where nobody is treated.
    therapies : frozenset of str
        What its arms are given.
    central : float
        Expected at central parameter values.
    """

    study: str
    row: int
    published: Observed
    se: float
    se_from: str
    weight: float
    spread: Between
    sign: float
    arm: str
    stage: Stage
    therapies: frozenset[str]
    central: float

    @property
    def is_spread(self) -> bool:
        """Whether it is the standard deviation of a value between patients."""
        return self.row >= SPREAD_ROWS

    @property
    def subject(self) -> str:
        """The arm, or the two arms of a contrast."""
        return self.published.subject

    @property
    def endpoint(self) -> str:
        """What was measured."""
        return self.published.endpoint

    @property
    def week(self) -> float:
        """When it was measured."""
        assert self.published.week is not None
        return float(self.published.week)

    @property
    def measure(self) -> str:
        """What was computed of it."""
        return f"sd of {self.published.measure}" if self.is_spread else self.published.measure

    @property
    def read(self) -> str:
        """Where the value was read."""
        return self.published.read

    @property
    def observed(self) -> float:
        """The value, or its standard deviation."""
        value = self.published.sd if self.is_spread else self.published.value
        assert value is not None
        return float(value)

    @property
    def label(self) -> str:
        """Study and value in a few words."""
        return f"{self.study}: {self.subject}, {self.endpoint}, week {self.week:g}, {self.measure}"


def sources_of(parameters: ParameterSet, only: Iterable[str] | None = None) -> tuple[Source, ...]:
    """The shipped studies with published values that inform parameters, in the order of their names.

    Parameters
    ----------
    parameters : ParameterSet
        With their priors.
    only : Iterable[str], optional
        Names of studies to take; all where None.

    Returns
    -------
    tuple[Source, ...]
        Studies that have a value to calibrate against.

    Raises
    ------
    InputError
        Where a name is unknown.
    """
    names = shipped_studies() if only is None else [_known(name) for name in only]
    sources: list[Source] = []
    for name in names:
        study = Study.load(find_study(name))
        rows = tuple(
            index
            for index, row in enumerate(study.observed)
            if use_of(row, study).use == "calibrate" and not not_compared(row)
        )
        if rows:
            observed = study.observed
            spreads = tuple(row for row in rows if has_spread(observed[row]))
            reads = reads_of(study, parameters)
            sources.append(Source(name, study, study.sha256, rows, reads, spreads))
    return tuple(sources)


def has_spread(row: Observed) -> bool:
    """Whether the standard deviation of the change of an arm's patients was printed, with their number."""
    return not row.is_contrast and row.sd is not None and (row.n or 0) > 2 and row.measure in WITH_SPREAD


def reads_of(study: Study, parameters: ParameterSet) -> tuple[str, ...]:
    """Uncertain parameters that the expected values of a study can depend on."""
    table = parameter_table(study_parameters(study, parameters), protocol(study))
    used = table[table["used"].astype(bool) & (table["distribution"] != "fixed")]["name"]
    return tuple(name for name in used if not _moves_nothing(name) and not name.startswith(HYPER))


def therapies_of(row: Observed, plan: Protocol) -> frozenset[str]:
    """Therapies, without controls, of the arms of a published value."""
    prescribed = (each for prescriptions in prescriptions_of(row, plan) for each in prescriptions)
    return frozenset(each.therapy.name for each in prescribed if not each.therapy.is_control)


def patients_of(row: Observed, plan: Protocol) -> tuple[str, ...]:
    """Whose patients a value is about: the treated arms, or the arm where nobody is treated."""
    return treated_arms(row, plan) or row.arms


def targets_of(source: Source, survey: pd.DataFrame) -> list[Target]:
    """Targets of a study.

    Parameters
    ----------
    source : Source
        The study.
    survey : pd.DataFrame
        What its simulated patients say of each row: columns row, central (expected at central values), level (of the
        endpoint at baseline), error (standard error of a trial of the published size).

    Raises
    ------
    InputError
        Where a value has no standard error and its simulated patients do not differ.
    """
    plan = protocol(source.study)
    facts = {int(record["row"]): record for record in survey.to_dict(orient="records")}
    alike = Counter(patients_of(source.study.observed[row], plan) for row in source.rows)
    means = [
        _target(
            source,
            row,
            plan,
            alike[patients_of(source.study.observed[row], plan)],
            central=float(facts[row]["central"]),
            level=float(facts[row]["level"]),
            error=float(facts[row]["error"]),
        )
        for row in source.rows
    ]
    spreads = [_spread(source, row, plan, float(facts[SPREAD_ROWS + row]["central"])) for row in source.spreads]
    return means + spreads


def _target(
    source: Source, number: int, plan: Protocol, alike: int, *, central: float, level: float, error: float
) -> Target:
    row = source.study.observed[number]
    se, se_from = error_of(row, plan, error)
    if not (math.isfinite(se) and se > 0.0 and math.isfinite(central)):
        message = f"has a standard error of {se} and an expected value of {central}; print se, or sd and n"
        raise InputError([Problem(f"{source.name}.yaml", None, None, f"observed[{number}]", message)])
    spread = between(row, plan, max(level, 1.0))
    treated = treated_arms(row, plan)
    gains = spread.spread_of is not None or bool(spread.biases)
    return Target(
        study=source.name,
        row=number,
        published=row,
        se=se,
        se_from=se_from,
        weight=weight_of(row, source.study, alike),
        spread=spread,
        sign=sign_of(row, plan),
        arm=f"{source.name}: {' - '.join(treated)}" if gains and treated else "",
        stage=2 if treated and row.week != 0.0 else 1,
        therapies=therapies_of(row, plan),
        central=central,
    )


def _spread(source: Source, number: int, plan: Protocol, central: float) -> Target:
    """Target of the standard deviation of a value between patients.

        SE^2 = sd^2 / (2 (n - 1)) + central^2 / (2 (m - 1)) + (SPREAD_BETWEEN sd)^2

    of n published and m simulated patients. It holds neither offset nor gain.
    """
    row = source.study.observed[number]
    assert row.sd is not None and row.n is not None
    sampled = row.sd**2 / (2.0 * (row.n - 1)) + central**2 / (2.0 * (SPREAD_PATIENTS - 1))
    return Target(
        study=source.name,
        row=SPREAD_ROWS + number,
        published=row,
        se=math.sqrt(sampled + (SPREAD_BETWEEN * row.sd) ** 2),
        se_from="sd and n",
        weight=weight_of(row, source.study, len(source.spreads)),
        spread=Between(0.0, "none", 0.0, None),
        sign=1.0,
        arm="",
        stage=2 if treated_arms(row, plan) else 1,
        therapies=therapies_of(row, plan),
        central=central,
    )


def error_of(row: Observed, plan: Protocol, simulated: float) -> tuple[float, str]:
    """Standard error of a published value and where it comes from.

    As printed (se, sd and n, or interval); of a share from its binomial variance; of a median from the width of the
    middle half; else as `simulated` patients differ in a trial of the published size.
    """
    printed = row.standard_error
    if math.isfinite(printed) and printed > 0.0:
        return (printed * MEDIAN_TO_MEAN, "printed, of a median") if row.is_median else (printed, "printed")
    patients = size_of(row, plan)
    if row.is_responders and not row.is_contrast:
        # a share of 0 or 1 has no variance by itself: one success and one failure are added (Agresti & Coull 1998)
        share = (row.value * patients + 1.0) / (patients + 2.0)
        return math.sqrt(share * (1.0 - share) / patients), "binomial"
    if row.iqr is not None:
        return row.iqr * IQR_TO_SD / math.sqrt(patients) * MEDIAN_TO_MEAN, "quartiles"
    return simulated * (MEDIAN_TO_MEAN if row.is_median else 1.0), "simulated patients"


def size_of(row: Observed, plan: Protocol) -> int:
    """Patients behind a value: as printed, else those of its arms in the study file."""
    if row.n is not None:
        return row.n
    sizes = [plan.sizes[plan.arms.index(arm)] for arm in row.arms]
    return sizes[0] if plan.same_patients else sum(sizes)


def chosen(targets: Sequence[Target], therapies: frozenset[str] | None) -> list[Target]:
    """Targets of untreated patients and, of the others, those whose arms are given one of the therapies.

    Raises
    ------
    InputError
        Where no target has one of them.
    """
    if therapies is None:
        return list(targets)
    offered = sorted(set().union(*(target.therapies for target in targets)))
    unknown = sorted(therapies - set(offered))
    if unknown:
        message = f"no published value that informs parameters is of {', '.join(unknown)}"
        raise InputError([Problem(None, None, None, "therapies", message, tuple(offered))])
    return [target for target in targets if target.stage == 1 or target.therapies & therapies]


def table_of(targets: Sequence[Target]) -> pd.DataFrame:
    """Targets as a table, without their spread."""
    columns = ("study", "row", "subject", "endpoint", "week", "measure", "read", "observed", "se", "se_from", "weight")
    table = pd.DataFrame([{name: getattr(target, name) for name in columns} for target in targets])
    return table.assign(stage=[target.stage for target in targets], central=[target.central for target in targets])


def _moves_nothing(name: str) -> bool:
    group = name.partition(".")[0]
    # effects are held at the usual dose whatever the weights of the network, so that trials can't inform these
    return group.endswith("_events") or group in NO_EFFECT or is_of_edge(name)


def _known(name: str) -> str:
    find_study(name)
    return name


def errors_of(targets: Sequence[Target]) -> np.ndarray:
    """Standard errors [target] as they count in the likelihood: widened by the weight."""
    return np.array([target.se / math.sqrt(target.weight) for target in targets])
