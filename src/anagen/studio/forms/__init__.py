"""Controls of the pages: what a person may choose, and what the address or a form holds of it."""
