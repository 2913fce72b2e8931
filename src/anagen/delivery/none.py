"""Nothing is given."""

from anagen.delivery.route import Route

NO_ROUTE = Route(name="none", title="nothing is given", source="Definition")
