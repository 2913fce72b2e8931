"""Conditions a study can name, one file each."""

from anagen.core.registry import Registry
from anagen.patients.condition import Condition
from anagen.patients.conditions.aga import AGA
from anagen.patients.conditions.healthy import HEALTHY

CONDITIONS: Registry[Condition] = Registry("condition", {condition.name: condition for condition in (AGA, HEALTHY)})

__all__ = ["CONDITIONS"]
