"""The study file: its models, loading, checking, JSON Schema and description in words."""

from anagen.study.describe import StudyDescription, describe
from anagen.study.overrides import Override, parse_set, without_edge
from anagen.study.schema import study_json_schema
from anagen.study.study import Study, StudyLike

__all__ = [
    "Override",
    "Study",
    "StudyDescription",
    "StudyLike",
    "describe",
    "parse_set",
    "study_json_schema",
    "without_edge",
]
