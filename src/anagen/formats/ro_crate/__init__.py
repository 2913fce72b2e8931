"""RO-Crate: a result folder with what every file in it is, its hash and what made it, for archives and other people."""

from __future__ import annotations

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT", "NAME"]
NAME = "ro-crate-metadata.json"


def is_crate(sample: Sample) -> bool:
    """Whether a folder holds the metadata of a crate, or a file is such metadata.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    if sample.path.is_dir():
        return NAME in sample.names
    return sample.path.name == NAME or (sample.head.lstrip().startswith(b"{") and b"w3id.org/ro/crate/" in sample.head)


FORMAT = Format(
    name="ro-crate",
    title="a research object (RO-Crate)",
    home=__name__,
    recognises=is_crate,
    expected=f"expected a folder with a file {NAME}",
    folder=True,
    takes="run",
)
