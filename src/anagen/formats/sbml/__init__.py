"""Systems Biology Markup Language: the signalling network for other simulators."""

from anagen.formats.sbml.writer import sbml_of

__all__ = ["sbml_of"]
