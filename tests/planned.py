"""A small trial that is searched and written up in tests: quick to simulate, with prices and enrolment."""

from __future__ import annotations

from typing import Any

QUICK: dict[str, Any] = {
    "study": "quick",
    "title": "Minoxidil against vehicle",
    "population": {
        "condition": "aga",
        "sex": {"male": 1.0},
        "age": {"mean": 30, "sd": 6, "min": 20, "max": 45},
        "ethnicity": {"caucasian": 1.0},
    },
    "arms": [
        {"name": "minoxidil", "patients": 20, "therapies": [{"therapy": "minoxidil"}]},
        {
            "name": "vehicle",
            "patients": 20,
            "control": True,
            "therapies": [{"therapy": "placebo", "route": "topical", "schedule": {"per_day": 2}}],
        },
    ],
    "measurement": {"zone": "vertex", "target_area": "0.2 cm^2", "method": "phototrichogram", "visits": [0, 8, 16]},
    "endpoints": {"primary": {"endpoint": "nonvellus_density", "week": 16, "measure": "change"}},
    "design": {
        "blinding": "double",
        "dropout": 0.1,
        "enrolment": {"per_month": 5, "ramp": "2 months"},
        "cost": {"patient": "3000 EUR", "visit": "150 EUR", "screening": "200 EUR", "month": "1000 EUR"},
    },
}
"""Keys of its study file."""
