"""Product: composed or uploaded, checked once, and shown."""
