"""What the page Compare shows: treatments and patients asked for, what is known before a run, the ranking after it."""
