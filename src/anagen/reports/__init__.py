"""Figures, tables and the self-contained HTML report of a result folder.

Nothing is imported here: drawing needs matplotlib, and a program that only prints help should not pay for it.
Use `anagen.reports.report.build_report` and `anagen.reports.report.write_report`.
"""
