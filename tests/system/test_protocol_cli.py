"""`anagen protocol` from the outside: a folder with HTML and DOCX, one document, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from cli_calls import anagen


def test_a_protocol_is_written_as_html_and_docx(tmp_path: Path) -> None:
    done = anagen("protocol", "olsen-2002-minoxidil", "--out", "mine", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert {item["state"] for item in document["items"]} == {"answered", "in part", "open"}
    assert len(document["open_points"]) == sum(len(item["open"]) for item in document["items"])
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "items.csv",
        "manifest.json",
        "protocol.docx",
        "protocol.html",
        "protocol.json",
    ]
    again = anagen("protocol", "olsen-2002-minoxidil", "--out", "mine", cwd=tmp_path)
    assert again.returncode == 2
    assert "exists" in again.stderr


def test_power_and_a_folder_cannot_both_be_given(tmp_path: Path) -> None:
    done = anagen("protocol", "olsen-2002-minoxidil", "--power", "--from", "planned", cwd=tmp_path)
    assert done.returncode == 2
    assert "--power: works the numbers out, and a result is given as well" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_open_is_printed(tmp_path: Path) -> None:
    done = anagen("protocol", "exosome-vs-saline", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for words in ("Open points", "ethics", "Sponsor", "protocol.docx"):
        assert words in done.stdout
