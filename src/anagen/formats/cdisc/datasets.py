"""All datasets of a trial, SDTM first, as ADaM is made from it."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.formats.cdisc.adam.adverse_events import adverse_events_analysis
from anagen.formats.cdisc.adam.efficacy import efficacy
from anagen.formats.cdisc.adam.subjects import subjects
from anagen.formats.cdisc.sdtm.demographics import demographics, disposition
from anagen.formats.cdisc.sdtm.design import trial_arms, trial_elements, trial_visits
from anagen.formats.cdisc.sdtm.events import adverse_events
from anagen.formats.cdisc.sdtm.exposure import exposure
from anagen.formats.cdisc.sdtm.findings import findings, measured, subject_visits
from anagen.formats.cdisc.sdtm.summary import trial_criteria, trial_summary
from anagen.formats.cdisc.trial import Trial
from anagen.formats.cdisc.variables import Made


@dataclass(frozen=True)
class Standard:
    """Datasets that follow one guide.

    Attributes
    ----------
    folder : str
        Where they lie.
    guide : str
        Its name as define.xml has it.
    version : str
        Of the guide.
    purpose : str
        "Tabulation" or "Analysis".
    datasets : tuple of Made
        In order; those without a row are left out.
    """

    folder: str
    guide: str
    version: str
    purpose: str
    datasets: tuple[Made, ...]


def datasets_of(trial: Trial) -> tuple[Standard, Standard]:
    """The datasets of a trial.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    tuple of Standard
        SDTM and ADaM.

    Raises
    ------
    InputError
        Where something of the trial cannot be said in them.
    """
    rows = measured(trial)
    given, harms = exposure(trial), adverse_events(trial)
    people = demographics(trial, None if given is None else given.dataset.table)
    design = (
        trial_arms(trial),
        trial_elements(trial),
        trial_visits(trial),
        trial_criteria(trial),
        trial_summary(trial),
    )
    sdtm = (*design, people, disposition(trial), given, harms, findings(trial, rows), subject_visits(trial, rows))
    adsl = subjects(trial, people.dataset.table)
    analysis = (
        adsl,
        efficacy(trial, rows, adsl.dataset.table),
        adverse_events_analysis(trial, None if harms is None else harms.dataset.table, adsl.dataset.table),
    )
    return (
        Standard("sdtm", "SDTMIG", "3.3", "Tabulation", tuple(each for each in sdtm if each is not None)),
        Standard("adam", "ADaMIG", "1.1", "Analysis", tuple(each for each in analysis if each is not None)),
    )
