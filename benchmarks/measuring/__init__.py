"""What every benchmark measures with: CPU seconds beside wall seconds, peak memory, and the machine by name."""
