"""The Python that pages show runs as it stands, page by page in one process; some pages have tests of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pages import PAGES, ROOT, blocks

HOW_TO = [f"docs/how-to/{page.name}" for page in (ROOT / "docs" / "how-to").glob("add-*")]
ELSEWHERE = {
    "README.md": "tests/unit/test_page_contents.py",
    "docs/api.md": "tests/system/test_api_page.py",
    "docs/clusters.md": "tests/unit/test_clusters_page.py",
    "docs/studio-api.md": "tests/system/test_studio_api.py",
    **dict.fromkeys(HOW_TO, "tests/system/test_how_to_pages.py"),
}
"""Page -> the test that runs it, or holds it to what there is."""
RUN = """
import contextlib, io, json, os, sys
for page, folder, text in json.loads(sys.argv[1]):
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, page, "exec"), {"__name__": "__main__"})
"""


def test_the_python_of_every_page_runs(tmp_path: Path) -> None:
    calls = []
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        found = [block for block in blocks(page) if block.language == "python" and not block.file]
        if not found or name in ELSEWHERE:
            continue
        folder = tmp_path / name.replace("/", "-")
        folder.mkdir()
        for block in blocks(page):
            if block.file:
                (folder / block.file).write_text(block.text, encoding="utf-8")
        calls.append((name, str(folder), "\n".join(block.text for block in found)))
    assert len(calls) >= 5
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(calls)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
