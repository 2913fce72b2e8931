"""Exosome products: from a source cell to potent particles in a dose, how well that is known, and what it costs."""

from anagen.exosomes.characterisation import ProductCheck, check_product
from anagen.exosomes.isolation import ISOLATION_METHODS, run_train
from anagen.exosomes.loader import library, load_product, parse_product
from anagen.exosomes.manufacture import Making, make_product
from anagen.exosomes.potency import PotentDose, Spread, potent_dose, potent_share, product_parameters, relative_potency
from anagen.exosomes.product import Product
from anagen.exosomes.source_cells import SOURCE_CELLS
from anagen.exosomes.storage import StorageStep, remaining_after
from anagen.exosomes.systems import PRODUCTION_SYSTEMS

__all__ = [
    "ISOLATION_METHODS",
    "PRODUCTION_SYSTEMS",
    "SOURCE_CELLS",
    "Making",
    "PotentDose",
    "Product",
    "ProductCheck",
    "Spread",
    "StorageStep",
    "check_product",
    "library",
    "load_product",
    "make_product",
    "parse_product",
    "potent_dose",
    "potent_share",
    "product_parameters",
    "relative_potency",
    "remaining_after",
    "run_train",
]
