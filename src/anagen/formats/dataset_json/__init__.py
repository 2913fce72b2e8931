"""Dataset-JSON of CDISC, version 1.1: one dataset each, as JSON or as lines of JSON."""

from __future__ import annotations

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT"]


def is_dataset_json(sample: Sample) -> bool:
    """Whether a file begins as a JSON object with the version of Dataset-JSON in it.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    head = sample.head.lstrip()
    return head.startswith(b"{") and b'"datasetJSONVersion"' in head


FORMAT = Format(
    name="dataset_json",
    title="a dataset in Dataset-JSON",
    home=__name__,
    recognises=is_dataset_json,
    expected="expected a JSON object with datasetJSONVersion 1.1, columns and rows",
)
