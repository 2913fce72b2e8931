"""What happens to one person, with a treatment and without."""
