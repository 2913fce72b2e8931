"""Every number of the model: value, unit, prior, source, grade."""

from anagen.parameters.parameter import GRADES, Parameter
from anagen.parameters.sets import ParameterSet, load_parameters

__all__ = ["GRADES", "Parameter", "ParameterSet", "load_parameters"]
