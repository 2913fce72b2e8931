"""What every page of the studio has: a label for each control, headers in each table, no style in the markup."""

from __future__ import annotations

from html.parser import HTMLParser

CONTROLS = ("input", "select", "textarea")


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.controls: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.tables: list[int] = []
        self.styled: list[str] = []
        self.inside_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if "style" in held or tag == "style" or any(name.startswith("on") for name in held):
            self.styled.append(tag)
        if held.get("id"):
            self.ids.append(str(held["id"]))
        if tag == "label":
            self.labels.add(str(held.get("for")))
        if tag in CONTROLS and held.get("type") not in ("hidden", "submit"):
            self.controls.append(held)
        if tag == "table":
            self.tables.append(0)
        if tag == "th" and held.get("scope") == "col" and self.tables:
            self.tables[-1] += 1


def faults(page: str) -> list[str]:
    """Everything that a page lacks, in words; empty where it lacks nothing."""
    read = _Read()
    read.feed(page)
    found = [f"no label: {c.get('name')}" for c in read.controls if c.get("id") not in read.labels]
    found += [f"two of id {name}" for name in set(read.ids) if read.ids.count(name) > 1]
    found += ["a table without headers" for headers in read.tables if not headers]
    return found + [f"style or script in the markup of {tag}" for tag in read.styled]
