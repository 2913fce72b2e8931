"""A patient with nothing at baseline has no percentage change: counted out in flow, effects, arms and words."""

from __future__ import annotations

import pytest

from anagen.runs.study import run_study
from anagen.runs.summary import summarise
from anagen.study import Study
from small_studies import PLACEBO, use

from small_studies import small_study  # isort: skip
