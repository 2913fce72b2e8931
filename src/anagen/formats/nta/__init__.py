"""Counts of particles by tracking (ZetaView, NanoSight) and by nano-flow cytometry: exports of instruments, read."""

from anagen.core.foreign import kind_of
from anagen.formats.format import Format, Sample
from anagen.formats.nta.count import Count, Measured
from anagen.formats.nta.nanoflow import SIGN
from anagen.formats.nta.reading import EXPECTED, read_count

__all__ = ["FORMAT", "Count", "Measured", "read_count"]


def is_count(sample: Sample) -> bool:
    """Whether a file has the sign of an export of one of the instruments.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    wide = sample.head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = sample.head.decode("utf-16" if wide else "cp1252", errors="replace")
    kind, first = kind_of(text.encode()) or "", text.partition("\n")[0]
    if kind.startswith("an export of particle tracking"):
        return True
    table = (not kind or kind.startswith("a table")) and ("," in first or "\t" in first)
    return table and SIGN.search(first) is not None


FORMAT = Format(
    name="nta",
    title="a count of particles",
    home=__name__,
    recognises=is_count,
    expected=EXPECTED,
)
