"""The command line: one file per command, options declared once, how the terminal prints."""
