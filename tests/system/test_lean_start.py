"""Commands that answer at once import nothing that takes long to load, those that compute only what they use.

No test looks at a clock: benchmarks/ do.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import anagen

COMPILED_OR_LARGE = frozenset(
    {"matplotlib", "numba", "pandas", "scipy.special", "scipy.stats", "statsmodels", "duckdb", "pyarrow"}
)
"""Packages, each of which takes a tenth of a second of CPU or more to import."""
CLOSED_FORMS = frozenset({"statsmodels", "scoringrules", "scipy.stats", "scipy.optimize"})
"""Packages in whose place closed forms stand; half a second to three seconds of CPU each."""
ALL_HEAVY = COMPILED_OR_LARGE | {"numpy", "pint"}
LOADED = """
import sys
from anagen.cli.app import main
sys.argv = ["anagen", *sys.argv[1:]]
code = main()
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""
SOLVED = """
import sys
import numpy as np
from anagen.signalling.network import Course, basal_levels, load_network, solve
network = load_network()
dose = Course.from_doses("MINOXIDIL", [0.0, 1.0], 1.0, 0.75, 1.0, 1)
levels = solve(network, basal_levels(network, "aga")[None], [dose], np.array([0.0, 7.0]))
print(levels.tobytes().hex())
print(*sys.modules, file=sys.stderr)
"""
COMPILER = "numba.np.arraymath"
"""Imported by numba, with hundreds more, before it compiles anything."""


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (("--help",), ALL_HEAVY),
        (("--version",), ALL_HEAVY),
        (("run", "--help"), ALL_HEAVY),
        (("compare", "--help"), ALL_HEAVY),
        (("power", "--help"), ALL_HEAVY),
        (("design", "--help"), ALL_HEAVY | {"optuna"}),
        (("protocol", "--help"), ALL_HEAVY | {"docx"}),
        (("calibrate", "--help"), ALL_HEAVY),
        (("product", "sweep", "--help"), ALL_HEAVY),
        (("evidence", "--help"), ALL_HEAVY),
        (("size", "--help"), ALL_HEAVY),
        (("export", "--help"), ALL_HEAVY | {"libsbml", "libsedml"}),
        (("size", "--difference", "8", "--sd", "20"), COMPILED_OR_LARGE - {"scipy.special"}),
        (("studies",), COMPILED_OR_LARGE),
        (("check", "olsen-2002-minoxidil"), COMPILED_OR_LARGE),
        (("therapies",), COMPILED_OR_LARGE | {"pint"}),
        (("therapies", "minoxidil"), COMPILED_OR_LARGE),
        (("check", "exosome-vs-saline"), CLOSED_FORMS | {"matplotlib", "duckdb", "pint"}),
        (
            ("run", "exosome-vs-saline", "--patients", "4", "--draws", "0", "--no-report", "--out", "kept"),
            CLOSED_FORMS | {"matplotlib", "duckdb", "pint", "jinja2"},
        ),
        (
            ("run", "exosome-vs-saline", "--patients", "4", "--draws", "0", "--out", "reported"),
            CLOSED_FORMS | {"matplotlib.pyplot", "duckdb"},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_imports_nothing_heavy(arguments: tuple[str, ...], heavy: frozenset[str], tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert sorted(heavy & set(finished.stderr.split())) == []


def test_machine_code_is_loaded_without_the_compiler() -> None:
    """The first process compiles where nothing is kept on disk, the second finds what the first kept."""
    first, second = (
        subprocess.run([sys.executable, "-c", SOLVED], capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert second.stdout == first.stdout
    assert COMPILER not in second.stderr.split()


EXACT_TESTS = {
    "scipy.stats.binomtest",
    "scipy.stats.contingency.odds_ratio",
    "scipy.stats.fisher_exact",
    "scipy.stats.rankdata",
}


def test_no_part_of_the_package_imports_what_closed_forms_stand_in_place_of() -> None:
    """Commands that take minutes count as well: only scipy.optimize is used where something is optimised.

    Exact tests of tables and ranks that no command calls, offered in Python alone, are SciPy's own.
    """
    root = Path(anagen.__file__).parent
    imported = {
        f"{path.relative_to(root)} imports {name}"
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names_of(node)
        if name.startswith(tuple(CLOSED_FORMS - {"scipy.optimize"}))
        and not (path.parent.name == "statistics" and name in EXACT_TESTS)
    }
    assert sorted(imported) == []


def names_of(node: ast.AST) -> list[str]:
    """Modules that an import names, `from scipy import stats` as scipy.stats."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
