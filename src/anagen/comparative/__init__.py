"""The same patients under one treatment after another and under their combinations."""
