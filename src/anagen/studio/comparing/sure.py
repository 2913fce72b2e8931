"""How sure the page Compare is before a run: what gains will rest on, and the evidence of every treatment."""

from __future__ import annotations

from anagen.comparative.facts import known_of
from anagen.parameters import load_parameters, standing
from anagen.studio.comparing.asked import Asked
from anagen.studio.page import Source
from anagen.therapies import EVIDENCE_GRADES
from anagen.trials.protocol import study_parameters


def sources_of(found: Asked) -> list[Source]:
    """Sources of what the page shows.

    Parameters
    ----------
    found : Asked
        What was asked for.

    Returns
    -------
    list of Source
        Parameters, prices, then each therapy that is given.
    """
    parameters = load_parameters()
    calibrated = len(parameters.calibrated)
    sources = [
        Source("Gains", "posterior" if calibrated else "prior", standing(calibrated, len(parameters) - calibrated)),
        Source("Adverse events", "prior", "rates of each therapy and route; docs/safety.md"),
        Source("Costs", "assumption", "usual prices; docs/compare.md"),
    ]
    if found.plan is None:
        return sources
    used = study_parameters(found.plan.study, parameters)
    given = [part.therapy for name in found.plan.treatments for part in found.plan.parts[name]]
    therapies = {therapy.name: therapy for therapy in given}
    return sources + [
        Source(therapy.title, f"{therapy.grade}: {EVIDENCE_GRADES[therapy.grade]}", known_of(therapy, used))
        for therapy in therapies.values()
    ]
