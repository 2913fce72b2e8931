"""What pages and API show of a run: how far it is, and the files of its result."""
