"""The Python that pages show runs as it stands, page by page in one process; some pages have tests of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from page_blocks import blocks_of
from pages import PAGES, name_of

ELSEWHERE = {
    "README.md": "tests/unit/test_page_contents.py",
    "docs/api.md": "tests/system/test_api_page.py",
    "docs/clusters.md": "tests/unit/test_clusters_page.py",
    "docs/review.md": "tests/system/test_pages.py",
    "docs/studio-api.md": "tests/system/test_studio_api.py",
}
"""Page -> the test that runs it, or holds it to what there is; as tests/system/test_pages.py does with tutorials."""
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
        name, shown = name_of(page), blocks_of(page.read_text(encoding="utf-8"))
        text = "\n".join(block.text for block in shown if block.language == "python" and block.file is None)
        if not text or name in ELSEWHERE or name.startswith("docs/tutorials/"):
            continue
        folder = tmp_path / name.replace("/", "-")
        folder.mkdir()
        for block in shown:
            if block.file is not None:
                (folder / block.file).write_text(block.text, encoding="utf-8")
        calls.append((name, str(folder), text))
    assert len(calls) >= 5
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(calls)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
