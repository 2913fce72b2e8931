"""By mouth: blood, then the follicle; the kinetics belong to each drug."""

from anagen.delivery.route import Route

ORAL = Route(name="oral", title="by mouth", source="Kinetics by drug: docs/delivery.md")
