"""The synopsis of a trial protocol after SPIRIT 2025: what the study file answers, and what is still open."""
