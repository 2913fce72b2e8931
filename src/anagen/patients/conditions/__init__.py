"""Conditions a study can name, one file each."""

from anagen.core.registry import Registry
from anagen.patients.condition import Condition
from anagen.patients.conditions.aga import AGA
from anagen.patients.conditions.alopecia_areata import ALOPECIA_AREATA
from anagen.patients.conditions.chemotherapy import CHEMOTHERAPY
from anagen.patients.conditions.healthy import HEALTHY
from anagen.patients.conditions.telogen_effluvium import TELOGEN_EFFLUVIUM

CONDITIONS: Registry[Condition] = Registry(
    "condition",
    {condition.name: condition for condition in (AGA, ALOPECIA_AREATA, CHEMOTHERAPY, HEALTHY, TELOGEN_EFFLUVIUM)},
)

__all__ = ["CONDITIONS"]
