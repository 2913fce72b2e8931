"""The studio: a local web application for people who write no files, and its API."""
