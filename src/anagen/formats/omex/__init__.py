"""COMBINE archive (OMEX): a model, its simulation and what they are of, in one file that other programs run."""

from __future__ import annotations

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT"]


def is_archive(sample: Sample) -> bool:
    """Whether a file is a zip archive with the manifest of a COMBINE archive.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    return sample.head.startswith(b"PK") and "manifest.xml" in sample.names


FORMAT = Format(
    name="omex",
    title="a COMBINE archive",
    home=__name__,
    recognises=is_archive,
    expected="expected a zip archive with a manifest.xml in it",
    needs=("libsbml",),
    options=("arm", "parameters"),
)
