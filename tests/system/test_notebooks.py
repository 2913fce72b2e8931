"""Notebooks, run from outside: Jupyter's kernel by nbclient, marimo by its own export."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat", reason="nbclient and nbformat are in the extra `dev`")
nbclient = pytest.importorskip("nbclient", reason="nbclient and nbformat are in the extra `dev`")
pytest.importorskip("ipykernel", reason="ipykernel is in the extra `dev`")

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "notebooks" / "first_steps.py"
TRIAL = 'r = anagen.run("exosome-vs-saline", patients=4, draws=0)'
WAITING = """
with Progress() as progress:
    progress.stage("simulating")
    progress.advance(1, 3)
    time.sleep(2.5)
    progress.advance(2, 3)
    progress.advance(3, 3)
"""
JUPYTER = (
    "import sys, time, anagen\nfrom anagen.core.progress import Progress\n'ipywidgets' in sys.modules",
    f"{TRIAL}\nr",
    "r.plot()",
    "import matplotlib.pyplot\nr.plot()",
    "figure = r.plot()",
    'anagen.Study.load("olsen-2002-minoxidil")',
    'anagen.product("adsc-native")',
    "r.picture(int(r.patients['patient'][0]), [0])",
    WAITING,
)
MARIMO = """
import marimo

app = marimo.App()


@app.cell
def _():
    import time

    import marimo as mo

    import anagen
    from anagen.core.progress import Progress

    told = []

    class Recorded(mo.status.progress_bar):
        def __enter__(self):
            bar = super().__enter__()
            update = bar.update
            bar.update = lambda *given, **named: (told.append((bar.total, named.get("title"))), update(*given, **named))
            return bar

    mo.status.progress_bar = Recorded
    return Progress, anagen, time, told


@app.cell
def _():
    from anagen.reports.style import new_figure

    new_figure(2.0, 2.0)
    return


@app.cell
def _(anagen):
    anagen.Study.load("olsen-2002-minoxidil")
    return


@app.cell
def _(Progress, time, told):
    with Progress() as progress:
        progress.stage("simulating")
        progress.advance(1, 3)
        time.sleep(2.1)
        progress.advance(2, 3)
    print(told)
    return


if __name__ == "__main__":
    app.run()
"""
CARD = '<div class="anagen-card">'


def notebook(*cells: str) -> Any:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def shown(cell: Any) -> list[dict[str, str]]:
    """What a cell put out, by MIME type; text of a stream under its name."""
    outputs = cell.get("outputs", [])
    assert not [each for each in outputs if each.output_type == "error"], outputs
    return [dict(each["data"]) if "data" in each else {each["name"]: each["text"]} for each in outputs]


def test_jupyter_shows_each_object_once_and_progress_without_widgets() -> None:
    book = notebook(*JUPYTER)
    nbclient.NotebookClient(book, timeout=300).execute()
    widgets, trial, figure, again, kept, study, product, picture, progress = (shown(cell) for cell in book.cells)
    assert widgets[-1]["text/plain"] == "False"
    assert [CARD in each["text/html"] for each in (trial[-1], study[0], product[0])] == [True] * 3
    assert trial[-1]["text/plain"].startswith("exosome − saline: expected")
    # once, whether or not pyplot has told the kernel how figures are shown
    for outputs in (figure, again, picture):
        assert [sorted(each) for each in outputs] == [["image/png", "text/plain"]]
    assert kept == []
    # the display was changed in place, and its last state stays
    [bar] = progress
    assert bar["text/plain"] == "simulating: 3 of 3"
    assert '<progress value="3" max="3"' in bar["text/html"]


def test_marimo_shows_each_object_and_its_own_progress_bar(tmp_path: Path) -> None:
    pytest.importorskip("marimo", reason="marimo is in the extra `dev`")
    app, out = tmp_path / "app.py", tmp_path / "app.ipynb"
    app.write_text(MARIMO, encoding="utf-8")
    command = [sys.executable, "-m", "marimo", "export", "ipynb", "--include-outputs", str(app), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    _, figure, study, progress = (shown(cell) for cell in nbformat.read(out, 4).cells)
    assert CARD in study[-1]["text/html"]
    assert [list(each) for each in figure] == [["image/png"]]
    assert "(3, 'simulating')" in progress[-1]["stdout"]


@pytest.mark.long
def test_the_example_is_a_notebook_and_a_script(tmp_path: Path) -> None:
    pytest.importorskip("marimo", reason="marimo is in the extra `dev`")
    out = tmp_path / "example.ipynb"
    command = [sys.executable, "-m", "marimo", "export", "ipynb", "--include-outputs", str(EXAMPLE), "-o", str(out)]
    for each in (command, [sys.executable, str(EXAMPLE)]):
        done = subprocess.run(each, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    _, study, result, figure, product = (shown(cell) for cell in nbformat.read(out, 4).cells)
    assert [CARD in outputs[-1]["text/html"] for outputs in (study, result, product)] == [True] * 3
    assert [list(each) for each in figure] == [["image/png"]]


@pytest.mark.long
def test_an_interrupted_kernel_keeps_what_is_done_and_goes_on(tmp_path: Path) -> None:
    work = tmp_path / "kept"
    call = f'anagen.run("exosome-vs-saline", patients=20, draws=300, work_dir={str(work)!r})'
    book = notebook("import anagen", call, call, "import threading\nthreading.active_count()")

    async def stopped() -> None:
        client = nbclient.NotebookClient(book, timeout=300, allow_errors=True)
        async with client.async_setup_kernel():
            await client.async_execute_cell(book.cells[0], 0)
            running = asyncio.ensure_future(client.async_execute_cell(book.cells[1], 1))
            began = time.monotonic()
            while time.monotonic() - began < 200.0 and not running.done():
                await asyncio.sleep(0.2)
                told = [each["data"]["text/plain"] for each in book.cells[1].outputs if "data" in each]
                if told and "simulating: " in told[0] and "simulating: 0 of" not in told[0]:
                    break
            await client.km.interrupt_kernel()
            await running
            await client.async_execute_cell(book.cells[2], 2)
            await client.async_execute_cell(book.cells[3], 3)

    asyncio.run(stopped())
    first, again = book.cells[1].outputs, book.cells[2].outputs
    assert [each.output_type for each in first] == ["display_data", "error"]
    assert first[0]["data"]["text/plain"].endswith(", stopped")
    assert first[1]["ename"] in ("Interrupted", "KeyboardInterrupt")
    done = int(first[0]["data"]["text/plain"].split(": ")[1].split(" of ")[0])
    assert done >= 1
    assert CARD in again[-1]["data"]["text/html"]
