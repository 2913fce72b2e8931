"""Study file -> virtual trial: screening, randomisation, treatment, visits, measurement, dropout."""
