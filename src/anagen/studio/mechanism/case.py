"""What is asked for on the page, as a study; followed once and kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.parameters import ParameterSet, load_parameters
from anagen.patients import CONDITIONS
from anagen.signalling.carrying import carried_shares
from anagen.signalling.network import Network
from anagen.signalling.response import Drive
from anagen.studio.forms.given import Given, study_data
from anagen.studio.mechanism.own_edges import FILE, OwnEdge, network_text
from anagen.study import Study
from anagen.study.attachments import edited_network
from anagen.therapies import Lever

if TYPE_CHECKING:
    from anagen.signalling.tracing import Trace

SEED, CENTRAL, DRAWS = 1, 0, 24


@dataclass(frozen=True)
class Case:
    """What is asked for, all of which decides what is followed.

    Attributes
    ----------
    given : tuple[Given, ...]
        What is given; nothing where empty.
    condition : str
        As study files name it.
    sex : str
        "male" or "female".
    weeks : float
        How long it is followed.
    without : tuple[str, ...]
        Edges, nodes or inputs that are silenced.
    own : tuple[OwnEdge, ...]
        Edges that were added.
    """

    given: tuple[Given, ...] = ()
    condition: str = "aga"
    sex: str = "male"
    weeks: float = 26.0
    without: tuple[str, ...] = ()
    own: tuple[OwnEdge, ...] = ()

    def data(self) -> dict[str, Any]:
        """The keys of a study that gives it, with the edited network.

        Returns
        -------
        dict
            To be checked by `Study.from_dict`.
        """
        text = network_text(self.own)
        mechanism: dict[str, Any] = {"without": list(self.without)} if self.without else {}
        if text:
            mechanism["network"] = {"file": FILE, "text": text}
        title = " and ".join(one.therapy for one in self.given) or "nothing"
        return study_data(
            self.given, title=f"Mechanism of {title}", condition=self.condition, sex=self.sex, weeks=self.weeks,
            mechanism=mechanism,
        )  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """What does not depend on which edges are silenced.

    Attributes
    ----------
    drive : Drive
        What is given does to the inputs.
    values : Mapping[str, float]
        Parameter values.
    network : Network
        With edges of the reader's own, nothing silenced, at these values.
    condition : str
        Of the network.
    """

    drive: Drive
    values: Mapping[str, float]
    network: Network
    condition: str


@dataclass(frozen=True)
class Followed:
    """A case, followed.

    Attributes
    ----------
    prepared : Prepared
        What does not depend on the switches.
    traced : Trace
        Levels and levers over time.
    shares : Mapping[str, Mapping[Lever, float]]
        Edge -> lever -> share that is lost without the edge.
    silenced : frozenset[str]
        Edges that are switched off.
    """

    prepared: Prepared
    traced: Trace
    shares: Mapping[str, Mapping[Lever, float]]
    silenced: frozenset[str]


@lru_cache(maxsize=48)
def followed(case: Case) -> Followed:
    """Follow a case.

    Parameters
    ----------
    case : Case
        What is asked for.

    Returns
    -------
    Followed
        Levels, levers, shares.

    Raises
    ------
    InputError
        Where what is asked for cannot be given, with the field of the study.
    """
    from anagen.signalling.tracing import trace_of

    prepared = prepared_for(replace(case, without=()))
    edited = prepared.network.without(*case.without)
    traced = trace_of(prepared.drive, prepared.values, condition=prepared.condition, network=edited, sex=case.sex)
    still = {edge.name for edge in edited.edges if edge.weight > 0.0}
    silenced = frozenset(e.name for e in prepared.network.edges if e.weight > 0.0 and e.name not in still)
    return Followed(prepared, traced, carried_shares(traced, prepared.values), silenced)


def prepared_for(case: Case) -> Prepared:
    """What is given, read as a study is, and what it does to the inputs of the network.

    Parameters
    ----------
    case : Case
        With nothing silenced.

    Returns
    -------
    Prepared
        To be followed.

    Raises
    ------
    InputError
        With every problem of the study.
    """
    return _prepared(case, CENTRAL)


@lru_cache(maxsize=16)
def _read(case: Case) -> tuple[tuple[Prescription, ...], ParameterSet]:
    """What is given, as a study says it, and the parameters that it needs."""
    from anagen.trials.protocol import protocol, study_parameters

    study = Study.from_dict(case.data())
    return protocol(study).prescriptions[0], study_parameters(study, load_parameters())


@lru_cache(maxsize=4 * (DRAWS + 1))
def _prepared(case: Case, draw: int) -> Prepared:
    from anagen.signalling.changes import network_at
    from anagen.signalling.tracing import planned_drive

    prescriptions, parameters = _read(case)
    values = parameters.draw(SEED, draw)
    text = network_text(case.own)
    network = network_at(values, edited_network((), text, FILE)) if text else network_at(values)
    drive = planned_drive(prescriptions, values, end=case.weeks * DAYS_PER_WEEK)
    return Prepared(drive, values, network, CONDITIONS[case.condition].network)


@lru_cache(maxsize=16)
def bands_of(case: Case) -> dict[Lever, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Between which effects on each lever 90 % of parameter draws lie on each day.

    Parameters
    ----------
    case : Case
        What is asked for.

    Returns
    -------
    dict
        Lever -> lower and upper effect.

    Raises
    ------
    InputError
        See `followed`.
    """
    from anagen.signalling.tracing import effect_band, trace_of

    traces: list[Trace] = []
    for draw in range(1, DRAWS + 1):
        prepared = _prepared(replace(case, without=()), draw)
        edited = prepared.network.without(*case.without)
        traces.append(
            trace_of(prepared.drive, prepared.values, condition=prepared.condition, network=edited, sex=case.sex)
        )
    found: dict[Lever, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    for lever in (*traces[0].through, *traces[0].beside):
        low, high = effect_band(traces, lever)
        found[lever] = tuple(low.tolist()), tuple(high.tolist())
    return found
