"""What every room builds on: units, addressed random streams, registry, errors, provenance."""
