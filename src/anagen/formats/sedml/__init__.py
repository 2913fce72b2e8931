"""Simulation Experiment Description Markup Language: which model is simulated for how long, and what is told of it."""

from __future__ import annotations

import re

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT"]
_SIGN = re.compile(rb"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?sedML\b", re.DOTALL)


def is_sedml(sample: Sample) -> bool:
    """Whether a file begins as SED-ML does, or a folder holds one such file beside its model.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    return _SIGN.match(sample.head) is not None or ("simulation.sedml" in sample.names and not sample.head)


FORMAT = Format(
    name="sedml",
    title="a simulation experiment (SED-ML)",
    home=__name__,
    recognises=is_sedml,
    expected="expected SED-ML: XML whose first element is <sedML>",
    needs=("libsbml",),
    folder=True,
    options=("arm", "parameters"),
)
