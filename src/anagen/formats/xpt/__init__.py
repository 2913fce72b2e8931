"""SAS transport files, version 5 (XPT): one dataset each, as authorities take them."""

from __future__ import annotations

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT"]


def is_xpt(sample: Sample) -> bool:
    """Whether a file begins as a SAS transport file does, of version 5 or 8.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    return sample.head.startswith(b"HEADER RECORD*******LIB")


FORMAT = Format(
    name="xpt",
    title="a SAS transport file (XPT)",
    home=__name__,
    recognises=is_xpt,
    expected="expected a SAS transport file of version 5, which begins with HEADER RECORD*******LIBRARY",
    needs=("pyreadstat",),
)
