"""How many patients a trial needs, what power it has with those there are, and which difference it can detect."""
