"""Every number of the model: value, unit, prior, source, grade; joint draws from a posterior."""

from anagen.parameters.parameter import GRADES, Parameter
from anagen.parameters.posterior import Posterior, prior_sha256, read_posterior, write_posterior
from anagen.parameters.sets import ParameterSet
from anagen.parameters.sources import (
    OtherPriorsWarning,
    ParameterSource,
    Source,
    load_parameters,
    parameter_source,
    source_facts,
    standing,
)

__all__ = [
    "GRADES",
    "OtherPriorsWarning",
    "Parameter",
    "ParameterSet",
    "ParameterSource",
    "Posterior",
    "Source",
    "load_parameters",
    "parameter_source",
    "prior_sha256",
    "read_posterior",
    "source_facts",
    "standing",
    "write_posterior",
]
