"""Published values beside predictions."""
