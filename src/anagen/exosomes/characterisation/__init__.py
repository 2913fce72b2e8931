"""Is a product described well enough to be believed? The MISEV checklist, purity, cargo and label of a product."""

from anagen.exosomes.characterisation.check import ProductCheck, check_product
from anagen.exosomes.characterisation.checklist import CHECKLIST, STATUSES, Checked, ChecklistItem

__all__ = ["CHECKLIST", "STATUSES", "Checked", "ChecklistItem", "ProductCheck", "check_product"]
