"""Machine code on disk is that of the present source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PIECE = '''from anagen.core.compiled import inlined


@inlined
def piece(x: float) -> float:
    """Part of a kernel."""
    return {factor} * x
'''
ENTRY = '''from anagen.core.compiled import compiled
from pieces import piece


@compiled
def entry(x: float) -> float:
    """A kernel."""
    return piece(x)


print(entry(1.0), entry._cache._cache_file._source_stamp)
'''


def run(folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "entry.py"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_changed_piece_is_compiled_again(tmp_path: Path) -> None:
    """Though the file of the entry point is the same byte for byte, as after an update of the package."""
    (tmp_path / "entry.py").write_text(ENTRY)
    (tmp_path / "pieces.py").write_text(PIECE.format(factor="2.0"))
    first, again = run(tmp_path), run(tmp_path)
    (tmp_path / "pieces.py").write_text(PIECE.format(factor="3.0"))
    changed = run(tmp_path)
    assert first == again and first[0] == "2.0"
    assert changed[0] == "3.0" and changed[1] != first[1]
