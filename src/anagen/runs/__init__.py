"""A study from end to end: simulated in memory, or into a result folder that a stopped run goes on to."""
