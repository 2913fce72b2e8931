"""What a run costs in processor time and memory, from the size of the study: for a word before it starts.

    seconds = BEGINNING + draws * (LOOK + arms * weeks * RESPONSE)
              + patients * (follicles * START + courses * (weeks * WEEK + visits * VISIT + follicles * FOLLICLE)
                            + maps * MAP)
    memory  = BASE + arms * (history + weeks) * LEVERS + rows of the table of visits * ROW
              + follicles of the patients in work * STATE

Patients are those of all trials and the reference patients of every parameter draw. In the first trial and under draws
every patient has a course under every arm, in further trials under the arm received; trials are put on the disk as they
are done, so that at most TRIALS_AT_ONCE are in memory. The constants were measured on one core of a 2020s server with
30 to 2,000 patients per arm, 2 and 4 arms, 24 and 52 weeks, 1 to 1,000 trials and 0 to 200 draws; the time on another
machine is a half to twice as much.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.patients import CONDITIONS
from anagen.patients.limits import mean_follicle_density
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.values import Range

EXPECTED_PATIENTS = 128
"""Patients who carry what is expected under the central values."""
DRAW_PATIENTS = 32
"""Patients who carry what is expected under one parameter draw; every draw has its own."""
BEGINNING = 3.0
"""Loading of what is compiled, tables and files [s]."""
LOOK, RESPONSE = 1.0e-2, 3.0e-4
"""A parameter draw, and the signalling network of one arm over a week under it [s]."""
START, WEEK, VISIT, FOLLICLE = 5.0e-7, 1.0e-6, 3.2e-6, 4.0e-7
"""A follicle until baseline; then levers of a patient over a week, a visit, and a follicle, each under one arm [s]."""
MAP = 8.0e-3
"""The scalp map of a patient with patches, each time it is followed [s]."""
BASE, LEVERS, ROW, STATE = 380.0e6, 0.35e6, 300.0, 250.0
"""The program, levers of the patients in work for an arm and week, a row of visits, a follicle [byte]."""
TRIALS_AT_ONCE = 40
FOLLICLES_AT_ONCE = 800_000
"""Most trials, and most follicles, that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is.

    Attributes
    ----------
    patients : int
        Of one trial, all arms together.
    arms : int
        Number of arms, and of their rescues: a rescue is a course of its own.
    follicles : float
        Mean number in the target area.
    weeks : float
        Until the last visit.
    visits : int
        Visits, the baseline included.
    endpoints : int
        What is measured at each.
    trials : int
        Replicates.
    draws : int
        Parameter draws beside the central values.
    maps : int
        How often the scalp map of a patient is followed: 0 without patches.
    history : float
        Weeks before baseline in which a disease is followed.
    """

    patients: int
    arms: int
    follicles: float
    weeks: float
    visits: int
    endpoints: int
    trials: int = 1
    draws: int = 0
    maps: int = 0
    history: float = 0.0


def size_of(study: Study, values: Mapping[str, float], *, trials: int, draws: int) -> Size:
    """Size of a run of a study.

    Parameters
    ----------
    study : Study
        What is run.
    values : Mapping[str, float]
        Central parameter values.
    trials : int
        Replicates.
    draws : int
        Parameter draws beside the central values.

    Returns
    -------
    Size
        Of the run.
    """
    population, measurement = study.population, study.measurement
    condition = CONDITIONS[population.condition]
    choices = (study.endpoints.primary, *study.endpoints.secondary, *study.observed)
    rescues = [arm.rescue for arm in study.arms if arm.rescue is not None]
    names = {
        *(rescue.endpoint for rescue in rescues),
        *(row.among.endpoint for row in study.observed if row.among is not None),
        *(choice.endpoint for choice in choices),
        *population.inclusion,
        *population.baseline,
    } & {*ENDPOINTS}
    maps = 0
    if condition.patches is not None:
        # once to see who has the stated severity, and once for what is read on the whole scalp
        maps = any(isinstance(limits, Range) for limits in population.severity.values())
        maps += any(ENDPOINTS[name].whole_scalp for name in names)
    # a spared area of the same size beside the target area
    beside = measurement.zone in condition.affected_zones and any(ENDPOINTS[name].spared_zones for name in names)
    sizes = [arm.patients for arm in study.arms]
    density = mean_follicle_density(population.ethnicity, measurement.zone, values)
    return Size(
        patients=sizes[0] if study.design.layout == "split_scalp" else sum(sizes),
        arms=len(sizes) + len(rescues),
        follicles=density * measurement.target_area.value * (2 if beside else 1),
        weeks=float(measurement.visits[-1]),
        visits=len(measurement.visits),
        endpoints=len(names),
        trials=trials,
        draws=draws,
        maps=maps,
        history=condition.history_days / DAYS_PER_WEEK,
    )


def estimated_seconds(size: Size) -> float:
    """Processor time of a run, without report and figures.

    Parameters
    ----------
    size : Size
        Of the run.

    Returns
    -------
    float
        [s]; divided by the number of cores for the time on the clock.

    Examples
    --------
    >>> million = Size(2_000_000, 2, 320.0, 24.0, 5, 4)
    >>> round(estimated_seconds(million) / 60.0)
    17
    """
    drawn = size.draws * seconds_of_draw(size) if size.draws else seconds_of_draw(size, EXPECTED_PATIENTS)
    first = seconds_of_trial(size, size.arms) if size.trials else 0.0
    return BEGINNING + drawn + first + max(size.trials - 1, 0) * seconds_of_trial(size)


def seconds_of_trial(size: Size, courses: int = 1) -> float:
    """Processor time of one trial [s], whose patients have so many courses each: one, or one under every arm."""
    return size.patients * _seconds_of_patient(size, courses)


def seconds_of_draw(size: Size, patients: int = DRAW_PATIENTS) -> float:
    """Processor time of one parameter draw [s], with so many reference patients."""
    return LOOK + size.arms * size.weeks * RESPONSE + patients * _seconds_of_patient(size, size.arms)


def _seconds_of_patient(size: Size, courses: int) -> float:
    course = size.weeks * WEEK + size.visits * VISIT + size.follicles * FOLLICLE
    return size.follicles * START + size.maps * MAP + courses * course


def estimated_memory(size: Size) -> float:
    """Greatest memory of a run.

    Parameters
    ----------
    size : Size
        Of the run.

    Returns
    -------
    float
        [byte].

    Examples
    --------
    >>> million = Size(2_000_000, 2, 320.0, 24.0, 5, 4)
    >>> round(estimated_memory(million) / 1e9)
    25
    """
    trials = min(size.trials, TRIALS_AT_ONCE)
    rows = (size.arms + trials - 1) * size.patients * size.visits * size.endpoints
    follicles = min(1.2 * trials * size.patients * size.follicles, FOLLICLES_AT_ONCE)
    return BASE + size.arms * (size.history + size.weeks) * LEVERS + rows * ROW + follicles * STATE


def cost_in_words(size: Size) -> str:
    """What a run needs, in a sentence.

    Parameters
    ----------
    size : Size
        Of the run.

    Returns
    -------
    str
        Processor time and memory with two digits.

    Examples
    --------
    >>> cost_in_words(Size(60, 2, 320.0, 24.0, 5, 4, trials=1, draws=20))
    'about 3.8 s of processor time and 0.4 GB of memory, without report (trials: 1, parameter draws: 20)'
    """
    seconds = estimated_seconds(size)
    time = (
        f"{seconds:.2g} s"
        if seconds < 99.5
        else f"{seconds:.0f} s"
        if seconds < 120.0
        else f"{seconds / 60.0:.0f} minutes"
    )
    amounts = f"about {time} of processor time and {estimated_memory(size) / 1e9:.2g} GB of memory, without report"
    return f"{amounts} (trials: {size.trials}, parameter draws: {size.draws})"


def available_memory() -> float:
    """Memory that this machine can still give [byte]."""
    told = Path("/proc/meminfo")
    if told.is_file():
        entries = dict(line.split(":", 1) for line in told.read_text(encoding="ascii").splitlines())
        return 1024.0 * float(entries["MemAvailable"].split()[0])
    return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def too_large(size: Size, available: float) -> str | None:
    """What is wrong with a run that needs more memory than there is; None where it has room.

    Parameters
    ----------
    size : Size
        Of the run.
    available : float
        Memory, from `available_memory` [byte].

    Returns
    -------
    str or None
        A message with both figures, and what would make the run smaller.

    Examples
    --------
    >>> million = Size(2_000_000, 2, 320.0, 24.0, 5, 4)
    >>> too_large(million, 16e9)[:69]
    'the run would need about 25 GB of memory and 17 minutes of processor '
    >>> too_large(million, 64e9) is None
    True
    """
    needed = estimated_memory(size)
    if needed <= available:
        return None
    return (
        f"the run would need about {needed / 1e9:.0f} GB of memory and {estimated_seconds(size) / 60.0:.0f} minutes of "
        f"processor time; this machine has {available / 1e9:.1f} GB free. Take fewer patients, replicates or visits: "
        "what the model expects does not depend on the number of patients"
    )
