"""The Clinic: one person with a treatment and without, for a page and for programs."""
