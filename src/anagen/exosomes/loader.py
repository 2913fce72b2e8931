"""From a product file to a product: read, check everything, report every problem with its place."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from anagen.core import plugins
from anagen.core.errors import InputError, Problem
from anagen.core.plugins import Origin
from anagen.core.reading import ErrorReader, is_mapping
from anagen.core.registry import Registry
from anagen.core.tables import model_of_toml, toml_lines
from anagen.core.texts import read_text, toml_data
from anagen.exosomes.cargo import INPUT_NAME, MIRNA_NAME
from anagen.exosomes.fields import PRODUCT_NAME, VALUES_MEANT
from anagen.exosomes.product import Product
from anagen.exosomes.source_cells import SOURCE_CELLS
from anagen.exosomes.systems import PRODUCTION_SYSTEMS

PATTERN = "*.toml"
_ERRORS = ErrorReader(
    Product,
    forms={
        PRODUCT_NAME: "lower-case letters, digits and hyphens, e.g. 'adsc-native'",
        MIRNA_NAME: "the name of a microRNA, e.g. 'miR-122-5p' or 'hsa-miR-122-5p'",
        INPUT_NAME: "the input of a network that vesicles occupy, e.g. 'VESICLE_MIR218'",
    },
    synonyms=VALUES_MEANT,
)


@dataclass(frozen=True, slots=True)
class ProductFile:
    """Which file says what a product is, so that a certificate is of one version of it.

    Attributes
    ----------
    name : str
        As the user names it; that of the product where it is one of the library.
    sha256 : str
        Hash of what the file holds.
    changed : date or None
        When it was last changed (UTC); None for the library, whose files are as old as their installation.
    """

    name: str
    sha256: str
    changed: date | None

    def told(self, product: str) -> str:
        """The file and the name of the product in it; the name alone where they are one."""
        return product if self.name == product else f"{self.name} ({product})"


def product_file(product: str) -> ProductFile:
    """The file of a product that `load_product` reads.

    Parameters
    ----------
    product : str
        A file, or a name of the library.

    Examples
    --------
    >>> product_file("adsc-native").name
    'adsc-native'
    """
    path = Path(product)
    own = path.is_file()
    raw = (path if own else library()[product]).read_bytes()
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date() if own else None
    return ProductFile(product, hashlib.sha256(raw).hexdigest(), changed)


def library() -> Registry[Path]:
    """Files of the products of this package and of installed ones, by name.

    Examples
    --------
    >>> "adsc-native" in library()
    True
    """
    return Registry("product", _files)


def _files() -> dict[str, tuple[Path, Origin]]:
    folders = {Path(__file__).resolve().parent / "library": plugins.shipped("anagen.exosomes.library")}
    folders |= plugins.folders([plugins.PRODUCTS])
    entries = [(path.stem, path, origin) for folder, origin in folders.items() for path in sorted(folder.glob(PATTERN))]
    return plugins.by_name(entries, plugins.PRODUCTS)


def load_product(product: str | os.PathLike[str]) -> Product:
    """A product given as a file or as the name of a shipped one; a file that exists comes first.

    Raises
    ------
    InputError
        Where it is neither, or with every problem found in the file.

    Examples
    --------
    >>> load_product("adsc-native").source_cell
    'adsc'
    """
    path = Path(product)
    if path.is_file():
        return parse_product(read_text(path, "product file", os.fspath(product)), os.fspath(product))
    shipped = library()
    name = os.fspath(product)
    if name in shipped:
        file = shipped[name].name
        return parse_product(read_text(shipped[name], "product file", file), file)
    message = "is a folder, not a product file" if path.is_dir() else "is neither a file nor a product of the library"
    raise InputError([Problem(name, None, None, "PRODUCT", message, shipped.names(), shipped.nearest(path.stem))])


def parse_product(text: str, file: str | None = None) -> Product:
    """Read and check the text of a product file.

    Parameters
    ----------
    text : str
        TOML.
    file : str, optional
        Name of the file in messages.

    Raises
    ------
    InputError
        With every problem found.
    """
    try:
        return model_of_toml(text, file, Product, _ERRORS)
    except InputError as error:
        problems = [*error.problems, *_of_the_meant_source(text, file, error)]
        raise InputError(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))) from None


def _of_the_meant_source(text: str, file: str | None, error: InputError) -> list[Problem]:
    """A production system that the source does not have, where the source is unknown but the likely one is told."""
    meant = next((problem.suggestion for problem in error.problems if problem.field == "source_cell"), None)
    if meant not in SOURCE_CELLS:
        return []
    preparation = toml_data(text, file).get("preparation")
    system = preparation.get("system") if is_mapping(preparation) else None
    if system not in PRODUCTION_SYSTEMS:
        return []
    refused = SOURCE_CELLS[str(meant)].refuses(str(system))
    if refused is None:
        return []
    line = toml_lines(text).get(("preparation", "system"))
    return [Problem(file, line, None, "preparation.system", refused)]
