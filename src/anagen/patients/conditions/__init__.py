"""Conditions a study can name, one file each, of this package and of installed ones."""

from functools import partial

from anagen.core import plugins
from anagen.core.registry import Registry
from anagen.patients.condition import Condition

CONDITIONS: Registry[Condition] = Registry(
    "condition", partial(plugins.entries_of, Condition, plugins.CONDITIONS, folder="anagen.patients.conditions")
)

__all__ = ["CONDITIONS"]
