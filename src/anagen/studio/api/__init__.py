"""The view models of the pages as JSON, for programs."""
