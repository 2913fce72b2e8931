"""Systems Biology Markup Language: the signalling network for other simulators, and models of others for ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from anagen.formats.format import Format, Sample

if TYPE_CHECKING:
    from anagen.formats.sbml.plain import sbml_of

__all__ = ["FORMAT", "sbml_of"]
_SIGN = re.compile(rb"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?sbml\b", re.DOTALL)


def is_sbml(sample: Sample) -> bool:
    """Whether a file begins as SBML does.

    Parameters
    ----------
    sample : Sample
        Of the file.
    """
    return _SIGN.match(sample.head) is not None


FORMAT = Format(
    name="sbml",
    title="an SBML model",
    home=__name__,
    recognises=is_sbml,
    expected="expected SBML: XML whose first element is <sbml>",
    needs=("libsbml",),
    options=("arm", "parameters", "table"),
)


def __getattr__(name: str) -> Any:
    # imported when asked for, so that a format is recognised without the network
    if name == "sbml_of":
        from anagen.formats.sbml.plain import sbml_of

        return sbml_of
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
