"""ADaM: what is analysed, one step from the tables of results."""
