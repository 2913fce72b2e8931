"""The result folder: what a run leaves behind, with a fixed schema, written whole or not at all."""

from anagen.results.conforming import conform
from anagen.results.contents import ResultContents
from anagen.results.curves import CURVE_KIND, write_curve
from anagen.results.estimates import Estimates
from anagen.results.folder import free_folder, prepare_folder, write_results
from anagen.results.manifest import build_manifest, is_result_folder, read_manifest
from anagen.results.query import query
from anagen.results.reading import read_results
from anagen.results.rows import Rows
from anagen.results.schema import SCHEMA_VERSION, TABLES, Column, TableSchema

__all__ = [
    "CURVE_KIND",
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "Estimates",
    "ResultContents",
    "Rows",
    "TableSchema",
    "build_manifest",
    "conform",
    "free_folder",
    "is_result_folder",
    "prepare_folder",
    "query",
    "read_manifest",
    "read_results",
    "write_curve",
    "write_results",
]
