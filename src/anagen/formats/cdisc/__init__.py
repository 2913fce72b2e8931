"""CDISC: a simulated trial as a statistician takes a real one, SDTM and ADaM in two containers, with define.xml."""

from __future__ import annotations

from anagen.formats.format import Format, Sample

__all__ = ["DEFINE", "FOLDERS", "FORMAT"]
DEFINE = "define.xml"
FOLDERS = ("sdtm", "adam")


def is_package(sample: Sample) -> bool:
    """Whether a folder holds datasets with a define.xml, its own or those of sdtm and adam; or a file is a define.xml.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    if sample.path.is_dir():
        places = (sample.path, *(sample.path / name for name in FOLDERS))
        return any((place / DEFINE).is_file() and is_package(Sample(place / DEFINE)) for place in places)
    return b"<ODM" in sample.head and b"http://www.cdisc.org/ns/def/v2" in sample.head


FORMAT = Format(
    name="cdisc",
    title="a CDISC package",
    home=__name__,
    recognises=is_package,
    expected="expected a folder of datasets with a define.xml, or one with the folders sdtm and adam",
    needs=("pyreadstat",),
    folder=True,
    takes="run",
    options=("replicate",),
)
