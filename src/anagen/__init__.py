"""Anagen, an in-silico clinic for hair-loss therapies: virtual randomised trials from one study file.

A therapy is given, delivered to the follicle, signals there, moves the follicle's cycle, changes the scalp, in a
patient, in a trial, which is analysed and reported. The subpackages are these words. What users need is named here
and loaded when it is first used.

Examples
--------
>>> import anagen
>>> anagen.run("exosome-vs-saline", patients=4, draws=0).arms["arm"].unique().tolist()
['exosome', 'saline']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.comparative.result import Ranking, compare
    from anagen.core.errors import InputError
    from anagen.core.result import Result
    from anagen.credibility.result import AssessmentResult, assess
    from anagen.evidence.published import PublishedResults, published
    from anagen.exosomes.result import VesicleProduct, product
    from anagen.explanation.result import ExplanationResult, explain
    from anagen.formats.result import check_file, export, import_file
    from anagen.parameters.result import ParameterTable, posterior, priors
    from anagen.planning.result import Power, power
    from anagen.planning.search.result import DesignSearch, design
    from anagen.planning.synopsis.result import ProtocolSynopsis, protocol
    from anagen.prognoses.person import Person
    from anagen.prognoses.result import Prognosis, prognosis
    from anagen.reports.therapy import TherapyGuide, therapy
    from anagen.runs.result import TrialResult, load, run
    from anagen.study import Study
    from anagen.sweeps.result import CurveResult, sweep
    from anagen.trichoscopy.result import ScalpReading, read_hairs
    from anagen.validation.result import ValidationResult, validate

    __version__: str

__all__ = [
    "AssessmentResult",
    "CurveResult",
    "DesignSearch",
    "ExplanationResult",
    "InputError",
    "ParameterTable",
    "Person",
    "Power",
    "Prognosis",
    "ProtocolSynopsis",
    "PublishedResults",
    "Ranking",
    "Result",
    "ScalpReading",
    "Study",
    "TherapyGuide",
    "TrialResult",
    "ValidationResult",
    "VesicleProduct",
    "__version__",
    "assess",
    "check_file",
    "compare",
    "design",
    "explain",
    "export",
    "import_file",
    "load",
    "posterior",
    "power",
    "priors",
    "product",
    "prognosis",
    "protocol",
    "published",
    "read_hairs",
    "run",
    "sweep",
    "therapy",
    "validate",
]

_HOMES = {
    "comparative.result": ("Ranking", "compare"),
    "core.errors": ("InputError",),
    "core.result": ("Result",),
    "credibility.result": ("AssessmentResult", "assess"),
    "evidence.published": ("PublishedResults", "published"),
    "exosomes.result": ("VesicleProduct", "product"),
    "explanation.result": ("ExplanationResult", "explain"),
    "formats.result": ("check_file", "export", "import_file"),
    "parameters.result": ("ParameterTable", "posterior", "priors"),
    "planning.result": ("Power", "power"),
    "planning.search.result": ("DesignSearch", "design"),
    "planning.synopsis.result": ("ProtocolSynopsis", "protocol"),
    "prognoses.person": ("Person",),
    "prognoses.result": ("Prognosis", "prognosis"),
    "reports.therapy": ("TherapyGuide", "therapy"),
    "runs.result": ("TrialResult", "load", "run"),
    "study": ("Study",),
    "sweeps.result": ("CurveResult", "sweep"),
    "trichoscopy.result": ("ScalpReading", "read_hairs"),
    "validation.result": ("ValidationResult", "validate"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, loaded when it is first used, because the libraries behind it are heavy.

    Parameters
    ----------
    name : str
        An attribute that the module does not hold yet.

    Returns
    -------
    Any
        The version.
    """
    if name == "__version__":
        from anagen.core.provenance import package_version

        return package_version()
    if name in _HOME_OF:
        return getattr(import_module(f"anagen.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module 'anagen' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Every public name.

    Returns
    -------
    list of str
        In alphabetical order.
    """
    return sorted(__all__)
