"""Release of a batch: specification with limits, results against them, certificate; comparability of two processes."""

from anagen.exosomes.release.certificate import Certificate, certificate_of
from anagen.exosomes.release.comparability import Comparability, compare_products
from anagen.exosomes.release.items import LISTS, SPECIFICATION, ReleaseItem
from anagen.exosomes.release.judge import VERDICTS, Judged, Verdict

__all__ = [
    "LISTS",
    "SPECIFICATION",
    "VERDICTS",
    "Certificate",
    "Comparability",
    "Judged",
    "ReleaseItem",
    "Verdict",
    "certificate_of",
    "compare_products",
]
