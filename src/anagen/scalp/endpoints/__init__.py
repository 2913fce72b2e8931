"""Endpoints a study can name: files grouped by what they look at, and those of installed packages."""

from functools import partial

from anagen.core import plugins
from anagen.core.registry import Registry
from anagen.scalp.endpoint import Endpoint

ENDPOINTS: Registry[Endpoint] = Registry(
    "endpoint", partial(plugins.entries_of, Endpoint, plugins.ENDPOINTS, folder="anagen.scalp.endpoints")
)

__all__ = ["ENDPOINTS"]
