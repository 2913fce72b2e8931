"""The study file: its models, loading, checking, JSON Schema and description in words."""

from anagen.study.describe import describe
from anagen.study.loader import (
    LoadedStudy,
    content_sha256,
    load_study,
    load_variants,
    parse_study,
    study_from_data,
    with_patients,
)
from anagen.study.models import Study
from anagen.study.overrides import Override, parse_set, without_edge
from anagen.study.schema import study_json_schema

__all__ = [
    "LoadedStudy",
    "Override",
    "Study",
    "content_sha256",
    "describe",
    "load_study",
    "load_variants",
    "parse_set",
    "parse_study",
    "study_from_data",
    "study_json_schema",
    "with_patients",
    "without_edge",
]
