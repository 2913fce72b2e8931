"""PEtab version 2: the network, an assay and the priors of what it may inform, for other programs to fit."""

from __future__ import annotations

import re

from anagen.formats.format import Format, Sample

__all__ = ["FORMAT", "PROBLEM"]
PROBLEM = "problem.yaml"
_SIGN = re.compile(
    rb"(?=.*?(?:^|[\r\n])format_version\s*:)(?=.*?(?:^|[\r\n])(?:problems|parameter_files?)\s*:)", re.DOTALL
)


def is_problem(sample: Sample) -> bool:
    """Whether a file is the YAML of a PEtab problem, or a folder holds one.

    Parameters
    ----------
    sample : Sample
        Of the file or folder.
    """
    if PROBLEM in sample.names and sample.path.is_dir():
        return is_problem(Sample(sample.path / PROBLEM))
    return _SIGN.match(sample.head) is not None


FORMAT = Format(
    name="petab",
    title="a PEtab problem",
    home=__name__,
    recognises=is_problem,
    expected="expected the YAML file of a PEtab problem, with format_version and parameter_files, or its folder",
    needs=("libsbml",),
    folder=True,
    options=("assay", "parameters"),
)
