"""By mouth: one compartment with first-order elimination, exposure as the dose per day that would sustain it."""

from anagen.delivery.kinetics import dose_rate
from anagen.delivery.route import Route

ORAL = Route(
    name="oral",
    title="by mouth",
    exposure=dose_rate,
    exposure_unit="{dose}/day",
    source="One-compartment kinetics; half-lives from labels (finasteride 6 h, dutasteride weeks)",
)
