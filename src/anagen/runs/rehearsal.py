"""What a run will meet, before it starts: whether criteria leave anybody, and whether the machine has room for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.errors import InputError, Problem
from anagen.parameters import Source, parameter_source
from anagen.study import Study
from anagen.study.values import Range
from anagen.trials.cost import Size, available_memory, size_of, too_large

PATIENTS = 100
"""Patients to admit: enough to tell one screening failure in ten from one in five."""
SEED = 1
REPLICATE = 2**32 - 5
"""Number of the pseudo-trial; no replicate of a study can have it."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What screening gave, at central parameter values.

    Attributes
    ----------
    screened : int
        Candidates.
    admitted : int
        Those who fulfil the criteria.
    excluded : Mapping[str, int]
        Reason -> candidates who failed it first.
    notes : tuple of str, default ()
        What the study states and the simulation does not meet, in sentences.
    """

    screened: int
    admitted: int
    excluded: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The result in a sentence or two.

        Examples
        --------
        >>> Rehearsal(125, 100, {"total hair density below 60 hairs/cm2": 25}).text()
        'Of 125 candidates 100 fulfil the criteria (80 %). Not admitted: total hair density below 60 hairs/cm2, 25.'
        """
        share = f"Of {self.screened} candidates {self.admitted} fulfil the criteria "
        share += f"({100.0 * self.admitted / self.screened:.0f} %)."
        reasons = "; ".join(f"{reason}, {number}" for reason, number in self.excluded.items())
        return " ".join([f"{share} Not admitted: {reasons}." if reasons else share, *self.notes])


def rehearse(study: Study, source: Source = "default") -> Rehearsal | None:
    """Screen patients as a run of the study would, at central parameter values.

    Parameters
    ----------
    study : Study
        A checked study.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    Rehearsal or None
        None where the study admits everybody, matches no baseline and has patients as bald as it says, so that nothing
        can fail.

    Raises
    ------
    InputError
        As a run does, where criteria admit hardly anybody or contradict the published baseline.
    """
    population = study.population
    if not (population.inclusion or population.baseline or population.severity):
        return None
    from anagen.trials.protocol import protocol, study_parameters
    from anagen.trials.young_loss import severity_notes

    values = study_parameters(study, parameter_source(source).load()).draw(SEED, 0)
    young = severity_notes(protocol(study), values, seed=SEED)
    ranges = any(isinstance(limits, Range) for limits in population.severity.values())
    if not (population.inclusion or population.baseline or ranges or young):
        return None
    from anagen.trials.screening import screen
    from anagen.trials.simulation import scene_of

    scene = scene_of(study, values, seed=SEED)
    admitted = screen(scene, n_patients=PATIENTS, replicate=REPLICATE, area=scene.protocol.area)
    return Rehearsal(admitted.screened[0], PATIENTS, admitted.excluded[0], (*scene.notes, *young))


def design_notes(study: Study, source: Source = "default") -> tuple[str, ...]:
    """What the first period of a crossover leaves behind, and what randomising centres costs, in sentences.

    Parameters
    ----------
    study : Study
        A checked study.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    tuple of str
        At central parameter values; empty of another design.
    """
    if study.design.layout != "crossover" and study.design.randomisation.method != "cluster":
        return ()
    from anagen.trials.design_notes import notes_on_design
    from anagen.trials.protocol import protocol, study_parameters

    values = study_parameters(study, parameter_source(source).load()).draw(SEED, 0)
    return notes_on_design(protocol(study), values, seed=SEED)


def room_for(study: Study, source: Source = "default", *, trials: int = 1, draws: int = 0) -> Size:
    """Size of a run, refused where it needs more memory than this machine has free.

    Parameters
    ----------
    study : Study
        A checked study.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.
    trials : int, default 1
        Replicates.
    draws : int, default 0
        Parameter draws beside the central values.

    Returns
    -------
    Size
        Of the run.

    Raises
    ------
    InputError
        Where there is no room for it.
    """
    values = parameter_source(source).load().draw(SEED, 0)
    size = size_of(study, values, trials=trials, draws=draws)
    fault = too_large(size, available_memory())
    if fault is not None:
        field = "arms.patients" if trials == 1 else "replicates"
        raise InputError([Problem(None, None, None, field, fault)])
    return size
