"""Treatments and controls a study can name, one file each, of this package and of installed ones."""

from functools import partial

from anagen.core import plugins
from anagen.core.registry import Registry
from anagen.therapies.action import LEVERS, Action, Lever, Occupancy, actions, by_effect
from anagen.therapies.therapy import EVIDENCE_GRADES, Alias, EvidenceGrade, Form, RegimenSchedule, Therapy

THERAPIES: Registry[Therapy] = Registry(
    "therapy", partial(plugins.entries_of, Therapy, plugins.THERAPIES, folder="anagen.therapies")
)

__all__ = [
    "EVIDENCE_GRADES",
    "LEVERS",
    "THERAPIES",
    "Action",
    "Alias",
    "EvidenceGrade",
    "Form",
    "Lever",
    "Occupancy",
    "RegimenSchedule",
    "Therapy",
    "actions",
    "by_effect",
]
